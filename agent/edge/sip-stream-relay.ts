import { connect, createServer, type Server, type Socket } from 'node:net';
import { isIpv6 } from '../model/ipv6-networks.ts';
import type { Endpoint, SipDatagram } from '../ports/voice-wire.ts';
import { splitStream } from '../sip/split-stream.ts';
import type { RelayServer } from './sip-relay.ts';

/** SIP over TCP through the box: a connection of a phone, and one of the box's own for it to the operator's server. */
export type SipStreamRelay = {
  open(listen: (message: SipDatagram) => void): void;
  /** Does this phone speak over a connection? */
  holds(phone: Endpoint): boolean;
  toPhone(phone: Endpoint, bytes: Uint8Array): void;
  toNetwork(phone: Endpoint, bytes: Uint8Array): void;
  /** Voice took another link: what was connected through the old one is cut, so that phones connect and register anew at once. */
  renew(): void;
  close(): void;
};

type Pair = { readonly phone: Socket; readonly network: Socket };

const MOST_CONNECTIONS = 1_024;
/** Of one address: an exchange may well have some; nobody needs more. */
const MOST_OF_ONE = 64;
const ONLY_IPV6 = { host: '::', ipv6Only: true } as const;
const CONNECT_PATIENCE = 10_000;

/**
 * The bytes of each side arrive at the other as they were. Whole messages go through whoever listens; a stream that
 * can't be cut into messages passes by itself, uncounted, and is told of once.
 */
export function createSipStreamRelay(servers: readonly RelayServer[], fault: (error: Error) => void): SipStreamRelay {
  const pairs = new Map<string, Pair>();
  const listeners: Server[] = [];
  let listen: (message: SipDatagram) => void = () => undefined;

  const cut = (key: string): void => {
    const pair = pairs.get(key);
    pairs.delete(key);
    pair?.phone.destroy();
    pair?.network.destroy();
  };

  function accept(server: RelayServer, socket: Socket): void {
    const phone = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const ofOne = [...pairs.values()].filter((pair) => pair.phone.remoteAddress === phone.address).length;
    if (phone.port === 0 || pairs.size >= MOST_CONNECTIONS || ofOne >= MOST_OF_ONE) {
      socket.destroy();
      return;
    }
    const key = keyOf(phone);
    const network = connect({ host: server.address, port: server.port, noDelay: true, keepAlive: true });
    network.setTimeout(CONNECT_PATIENCE, () => network.connecting && cut(key));
    cut(key);
    pairs.set(key, { phone: socket, network });
    const name = server.name;
    join(socket, network, (bytes) => listen({ from: 'phone', phone, server: name, bytes }));
    join(network, socket, (bytes) => listen({ from: 'network', phone, server: name, bytes }));
    for (const end of [socket, network]) {
      end.on('close', () => pairs.get(key)?.phone === socket && cut(key));
      // Its close says what there is to say: a phone that went away is no fault of the box.
      end.on('error', () => undefined);
    }
  }

  function join(source: Socket, target: Socket, hear: (message: Uint8Array) => void): void {
    let rest: Uint8Array = new Uint8Array();
    let raw = false;
    source.on('data', (chunk) => {
      if (raw) return pass(source, target, chunk);
      const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const split = splitStream(all);
      if (split === undefined) {
        raw = true;
        fault(new Error(`a stream of ${source.remoteAddress} holds no SIP that can be told apart; it passes unread`));
        return pass(source, target, all);
      }
      rest = split.rest;
      for (const { is, bytes } of split.parts) {
        if (is === 'message') hear(bytes);
        else pass(source, target, bytes);
      }
    });
  }

  return {
    open(listener) {
      listen = listener;
      for (const server of servers) {
        const accepting = createServer({ noDelay: true, keepAlive: true }, (socket) => accept(server, socket));
        accepting.on('error', fault);
        accepting.listen({ port: server.relayPort, ...(isIpv6(server.address) ? ONLY_IPV6 : { host: '0.0.0.0' }) });
        listeners.push(accepting);
      }
    },
    holds: (phone) => pairs.has(keyOf(phone)),
    toPhone(phone, bytes) {
      const pair = pairs.get(keyOf(phone));
      if (pair) pass(pair.network, pair.phone, bytes);
    },
    toNetwork(phone, bytes) {
      const pair = pairs.get(keyOf(phone));
      if (pair) pass(pair.phone, pair.network, bytes);
    },
    renew() {
      for (const key of [...pairs.keys()]) cut(key);
    },
    close() {
      for (const accepting of listeners) accepting.close();
      for (const key of [...pairs.keys()]) cut(key);
    },
  };
}

/** Whoever reads slowly slows down whoever writes: nothing piles up in the box. */
function pass(source: Socket, target: Socket, bytes: Uint8Array): void {
  if (target.destroyed || target.write(bytes)) return;
  source.pause();
  target.once('drain', () => source.resume());
}

const keyOf = ({ address, port }: Endpoint): string => `${address}:${port}`;
