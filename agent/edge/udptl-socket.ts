import { createSocket, type Socket } from 'node:dgram';
import { FAX_PORTS } from '../plans/data-plane.ts';
import type { FaxFlow, FaxMedia } from '../ports/fax-wires.ts';
import type { Endpoint } from '../ports/voice-wire.ts';

/** RTP has even ports (RFC 3550 11); UDPTL takes what the call has. */
const STEP = 2;

/**
 * UDP ports of the box for calls of its fax lines, each for one call at a time. `fault` is told of a socket that fails;
 * its call goes on without media and ends as a silent one does.
 */
export function createUdptlSockets(fault: (error: Error) => void, ports = FAX_PORTS): FaxMedia {
  let next = 0;
  const places = Math.floor(ports.count / STEP);

  const openAt = (tries: number, ready: (flow: FaxFlow | undefined) => void): void => {
    if (tries >= places) return ready(undefined);
    const port = ports.first + STEP * (next % places);
    next += 1;
    const socket = createSocket('udp4');
    socket.once('error', () => {
      // Somebody has it, a call that runs or another process.
      socket.close();
      openAt(tries + 1, ready);
    });
    socket.once('listening', () => {
      socket.removeAllListeners('error');
      socket.on('error', fault);
      ready(flowOn(socket, port));
    });
    socket.bind({ port, exclusive: true });
  };
  return { open: (ready) => openAt(0, ready) };
}

function flowOn(socket: Socket, port: number): FaxFlow {
  let said: Endpoint | undefined;
  let learned: number | undefined;
  let open = true;
  let hear: (datagram: Uint8Array) => void = () => undefined;
  socket.on('message', (bytes, from) => {
    if (said === undefined || from.address !== said.address || from.port === 0) return;
    // The port that was said counts for more than one that was seen: RTP of before may still be on its way.
    if (from.port === said.port) learned = said.port;
    else learned ??= from.port;
    if (from.port === learned) hear(bytes);
  });
  return {
    port,
    lead(peer) {
      if (peer.address === said?.address && peer.port === said.port) return;
      said = peer;
      learned = undefined;
    },
    listen(next) {
      hear = next;
    },
    send(datagram) {
      if (!open || said === undefined || said.address === '0.0.0.0') return;
      // A network that can't be reached now loses the datagram, as it loses others.
      socket.send(datagram, learned ?? said.port, said.address, () => undefined);
    },
    close() {
      if (!open) return;
      open = false;
      socket.close();
    },
  };
}
