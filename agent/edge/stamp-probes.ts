import { createHmac } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { beatMac, CHALLENGE_BYTES, challengeOf, encodeHello, encodeWish, type Mac } from '../model/heartbeat.ts';
import { decodeReply, encodeSenderPacket, ntpTime } from '../model/stamp.ts';
import type { Clock } from '../ports/clock.ts';
import type { Probes } from '../ports/probes.ts';

type Reflector = { readonly address: string; readonly port: number };

/** Nothing was answered yet. */
const UNPROVEN = new Uint8Array(CHALLENGE_BYTES);

export type ProbeLink = { readonly name: string; readonly port: number; readonly number: number };

/** Who asks for heartbeats, and with what it proves that it may. */
export type Asker = {
  readonly device: string;
  readonly mac: Mac | undefined;
  /** Says hello with the cookie before each probe: to a concentrator on the way, which learns there where the box is. */
  readonly hello?: boolean;
};

/** The box's own half of what it shares with the far end: the secret that it also shows the broker. */
export const heartbeatMac = (secret: string): Mac =>
  beatMac(secret, (key, bytes) => createHmac('sha256', key).update(bytes).digest());

/**
 * Session-sender of STAMP (RFC 8762 4.2), one local port per link: the kernel leads each port over its own link. Beside a
 * probe the far end is asked for heartbeats; they never come up to here (agent/plans/living-links.ts).
 */
export function createStampProbes(
  links: readonly ProbeLink[],
  { reflector, asker }: { readonly reflector: Reflector; readonly asker: Asker },
  clock: Clock,
  fault: (error: Error) => void,
): Probes {
  const sockets = new Map<string, Socket>();
  const challenges = new Map<string, Uint8Array>();
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
          const challenge = challengeOf(bytes);
          if (challenge) challenges.set(name, challenge);
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
    send(link, sequence, beats) {
      const times = asked.get(link);
      if (times === undefined) return;
      times.set(sequence, clock.mono());
      times.delete(sequence - 1_000);
      const probe = encodeSenderPacket({ sequence, ...ntpTime(clock.wall() * 1_000) });
      const challenge = challenges.get(link) ?? UNPROVEN;
      const number = links.find(({ name }) => name === link)?.number ?? 0;
      const wish = beats && { ...beats, device: asker.device, link: number, challenge };
      const packet = wish && asker.mac ? encodeWish(probe, wish, asker.mac) : probe;
      if (asker.hello && asker.mac)
        sockets.get(link)?.send(encodeHello(number, asker.mac), reflector.port, reflector.address, () => undefined);
      // No route or no buffer is a lost probe, and silence says so.
      sockets.get(link)?.send(packet, reflector.port, reflector.address, () => undefined);
    },
    close() {
      for (const socket of sockets.values()) socket.close();
    },
  };
}
