import { createHmac, randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import {
  beatMac,
  CHALLENGE_BYTES,
  cookieOf,
  decodeBeat,
  decodeWish,
  encodeBeat,
  hexOf,
  type Mac,
  withChallenge,
} from '../../agent/model/heartbeat.ts';
import { beatOf, farewellOf, type Session, takeEcho, takeWish } from './sessions.ts';

/** The secret of a device that is known, or undefined. */
export type SecretOf = (device: string) => string | undefined;

type Place = { readonly address: string; readonly port: number };

/** `done` is called when the packet is gone, or will never go. */
export type Send = (bytes: Uint8Array, to: Place, done?: () => void) => void;

export interface Beats {
  /** A packet that came to the reflector: an echo of a beat is taken, everything else is not. */
  echoed(packet: Uint8Array): boolean;
  /** A probe that came with a wish: what to answer in place of the plain reply. */
  asked(packet: Uint8Array, from: Place, reply: Uint8Array): Uint8Array | undefined;
  /** Says farewell, so that nothing moves for a short absence. */
  close(): Promise<void>;
}

/** A proof of address is good for as long as the hour that it was made in, and the next. */
const CHALLENGE_MS = 3_600_000;
/** Unanswered wishes cost nothing; sessions do, and a site has four links. */
const MOST_SESSIONS = 50_000;

/**
 * Heartbeats on the far end's own clock (F-3), for sites that ask for them beside an authenticated probe. Nobody gets a
 * beat who has not answered from the address that it goes to: this is no amplifier.
 */
export function createBeats(secretOf: SecretOf, send: Send): Beats {
  const sessions = new Map<string, Session>();
  const timers = new Map<string, NodeJS.Timeout>();
  const macOf = rememberMacs(secretOf);
  const own = randomBytes(32);
  const challenge = ({ address, port }: Place, device: string, hour: number): Uint8Array =>
    createHmac('sha256', own).update(`${address} ${port} ${device} ${hour}`).digest().subarray(0, CHALLENGE_BYTES);

  const beat = (key: string): void => {
    timers.delete(key);
    const session = sessions.get(key);
    const due = session && beatOf(session, performance.now());
    if (due === undefined) {
      sessions.delete(key);
      return;
    }
    const [next, bytes] = due;
    sessions.set(key, next);
    send(encodeBeat(bytes), next);
    wait(key, next);
  };
  const wait = (key: string, { due }: Session): void => {
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(beat, Math.max(0, due - performance.now()), key).unref());
  };

  return {
    echoed(packet) {
      const echo = decodeBeat(packet);
      const key = echo && hexOf(echo.cookie);
      const session = key === undefined ? undefined : sessions.get(key);
      if (echo && key !== undefined && session) sessions.set(key, takeEcho(session, echo, performance.now()));
      return echo !== undefined;
    },
    asked(packet, from, reply) {
      const wish = decodeWish(packet, macOf);
      const mac = wish && macOf(wish.device);
      if (wish === undefined || mac === undefined) return undefined;
      const hour = Math.floor(performance.now() / CHALLENGE_MS);
      const good = [hour, hour - 1].some((one) => hexOf(challenge(from, wish.device, one)) === hexOf(wish.challenge));
      if (!good) return withChallenge(reply, challenge(from, wish.device, hour));
      const cookie = cookieOf(wish.link, mac);
      const key = hexOf(cookie);
      const before = sessions.get(key);
      if (before === undefined && sessions.size >= MOST_SESSIONS) return undefined;
      const { address, port } = from;
      const asked = { wish, cookie, address, port, wishedAt: timeOf(packet) };
      const next = takeWish(before, asked, randomBytes(8), performance.now());
      sessions.set(key, next);
      if (before?.due !== next.due || !timers.has(key)) wait(key, next);
      return withChallenge(reply, wish.challenge);
    },
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      const farewells = [...sessions.values()].map(
        (session) =>
          new Promise<void>((done) => {
            const farewell = farewellOf(session, performance.now());
            if (farewell) send(encodeBeat(farewell), session, done);
            else done();
          }),
      );
      sessions.clear();
      await Promise.all(farewells);
    },
  };
}

/** The sender's own time of a probe (RFC 8762 4.2.1): seconds since 1900, in whole and 2⁻³². */
function timeOf(packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  return view.getUint32(4) + view.getUint32(8) / 2 ** 32;
}

/** Secrets are read again after a while, so that a new device is known and a lost one is not. */
const KNOWN_FOR_MS = 60_000;

function rememberMacs(secretOf: SecretOf): (device: string) => Mac | undefined {
  const known = new Map<string, { readonly mac: Mac | undefined; readonly until: number }>();
  return (device) => {
    const now = performance.now();
    const remembered = known.get(device);
    if (remembered !== undefined && remembered.until > now) return remembered.mac;
    const secret = secretOf(device);
    const mac: Mac | undefined = secret === undefined ? undefined : beatMac(secret, hmac);
    // What strangers call themselves is not worth remembering.
    if (mac !== undefined) known.set(device, { mac, until: now + KNOWN_FOR_MS });
    else known.delete(device);
    return mac;
  };
}

const hmac = (key: Uint8Array, bytes: Uint8Array): Uint8Array => createHmac('sha256', key).update(bytes).digest();
