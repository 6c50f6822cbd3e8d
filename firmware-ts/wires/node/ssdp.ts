import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import nodeSsdp, { type Client, type SsdpHeaders } from 'node-ssdp';
import { Fault } from '../../../agent/model/fault.ts';
import { type Millis, millis } from '../../../agent/model/units.ts';
import type { Ssdp, SsdpResponse } from '../ssdp.ts';

/** UPnP DA 1.1, 1.3.2: a search is sent more than once, because UDP loses. */
const REPEAT_AFTER = millis(200);
/** UPnP DA 1.1, 1.3.2: multicast is not meant to leave the LAN; 2 is the default. */
const TIME_TO_LIVE = 2;

/** SSDP on the LAN of one address of this box. */
export function ssdpOn(address: string): Ssdp {
  return {
    async search(target, patience) {
      const found = new Map<string, SsdpResponse>();
      const socket = createSocket({ type: 'udp4' });
      const client = clientOn(socket, address);
      client.on('response', (headers, status, from) => {
        const response = readResponse(headers, status, from.address);
        if (response !== undefined) found.set(JSON.stringify(response), response);
      });
      try {
        await started(client, socket, address);
        await ask(client, target, patience);
      } finally {
        client.stop();
      }
      return [...found.values()];
    },
  };
}

async function ask(client: Client, target: string, patience: Millis): Promise<void> {
  client.search(target);
  const repeat = Math.min(REPEAT_AFTER, patience);
  await pause(repeat);
  client.search(target);
  await pause(patience - repeat);
}

/**
 * D-3: left alone, node-ssdp opens a socket on every address and multicast leaves by the default route, which is the
 * WAN. So it is given the one socket, and binds it to the LAN address: Linux sends the multicast of a bound socket by
 * the interface that has the address.
 */
function clientOn(socket: Socket, address: string): Client {
  const client = new nodeSsdp.Client({ explicitSocketBind: true, ssdpTtl: TIME_TO_LIVE });
  return Object.assign(client, { sockets: { [address]: socket } });
}

function started(client: Client, socket: Socket, address: string): Promise<void> {
  // node-ssdp only logs a socket that cannot be bound, and then never answers.
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(new Fault('network.unavailable', { address }, { cause: error }));
    socket.once('error', refuse);
    client.start().then(resolve, refuse);
  });
}

function readResponse(headers: SsdpHeaders, status: number, address: string): SsdpResponse | undefined {
  const { ST: target, USN: usn, LOCATION: location } = headers;
  if (status !== 200 || target === undefined || usn === undefined || location === undefined) return undefined;
  return { target, usn, location, address };
}
