import { createSocket, type Socket } from 'node:dgram';
import { decodeReply, encodeSenderPacket, ntpTime } from '../model/stamp.ts';
import type { Clock } from '../ports/clock.ts';
import type { Probes } from '../ports/probes.ts';

export type ProbeLink = { readonly name: string; readonly port: number };

/** Session-sender of STAMP (RFC 8762 4.2), one local port per link: the kernel leads each port over its own link. */
export function createStampProbes(
  links: readonly ProbeLink[],
  reflector: { readonly address: string; readonly port: number },
  clock: Clock,
  fault: (error: Error) => void,
): Probes {
  const sockets = new Map<string, Socket>();
  /** When each question of a link was sent; answered or forgotten after 1,000 more. */
  const asked = new Map<string, Map<number, number>>();

  return {
    open(listen) {
      for (const { name, port } of links) {
        const socket = createSocket('udp4');
        const times = new Map<number, number>();
        socket.on('error', fault);
        socket.on('message', (bytes, from) => {
          const reply = from.address === reflector.address ? decodeReply(bytes) : undefined;
          const sentAt = reply && times.get(reply.senderSequence);
          if (reply === undefined || sentAt === undefined) return;
          times.delete(reply.senderSequence);
          listen({
            link: name,
            sequence: reply.senderSequence,
            rttMicros: Math.round((clock.mono() - sentAt) * 1_000),
          });
        });
        socket.bind(port);
        sockets.set(name, socket);
        asked.set(name, times);
      }
    },
    send(link, sequence) {
      const times = asked.get(link);
      if (times === undefined) return;
      times.set(sequence, clock.mono());
      times.delete(sequence - 1_000);
      const packet = encodeSenderPacket({ sequence, ...ntpTime(clock.wall() * 1_000) });
      // No route or no buffer is a lost probe, and silence says so.
      sockets.get(link)?.send(packet, reflector.port, reflector.address, () => undefined);
    },
    close() {
      for (const socket of sockets.values()) socket.close();
    },
  };
}
