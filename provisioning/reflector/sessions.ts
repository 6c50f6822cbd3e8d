import { type Beat, FAREWELL, type Hearing, hexOf, type Wish } from '../../agent/model/heartbeat.ts';

/*
 *                  wish that answers its challenge
 *   (nobody) ────────────────────────────────────────▶ beating ──┐ each `everyMs`: a beat; heard while echoes come in time
 *            ◀────────────────────────────────────────           ◀┘
 *               no echo and no wish for an hour
 *
 * Unheard for ten seconds, a link is beaten once a second until it is heard again: the kernel of the box answers by
 * itself, so a link comes back with no help of an agent.
 */
export type Session = {
  readonly wish: Wish;
  readonly cookie: Uint8Array;
  readonly proof: Uint8Array;
  readonly address: string;
  readonly port: number;
  readonly sequence: number;
  /** The time of the wish as its sender wrote it: a site does not move with an older one. */
  readonly wishedAt: number;
  /** Monotonic ms. */
  readonly due: number;
  readonly heardUntil: number;
  readonly lastSign: number;
};

/** Of a link that is not heard. */
const RARE = { afterMs: 10_000, everyMs: 1_000 } as const;
const FORGOTTEN_AFTER_MS = 3_600_000;
/** Nobody gets beats faster than this, whatever is wished. */
const FASTEST_MS = 10;

type Asked = Pick<Session, 'wish' | 'cookie' | 'address' | 'port' | 'wishedAt'>;

/** A wish whose sender has proved its address. `proof` is fresh chance, used when the session is new or has moved. */
export function takeWish(before: Session | undefined, asked: Asked, proof: Uint8Array, now: number): Session {
  if (before === undefined)
    return { ...asked, proof, sequence: 0, due: now, heardUntil: Number.NEGATIVE_INFINITY, lastSign: now };
  const moved = before.address !== asked.address || before.port !== asked.port;
  // A replay must not lead the beats away; in its place, a clock that was set back must not end them.
  if (moved && asked.wishedAt <= before.wishedAt) return before;
  // Told at once when the pace changes: what the box believes for how long is written on the beat itself.
  const changed = moved || paceOf(before) !== paceOf(asked);
  return {
    ...before,
    ...asked,
    lastSign: now,
    due: changed ? now : before.due,
    ...(moved && { proof, heardUntil: Number.NEGATIVE_INFINITY }),
  };
}

const paceOf = ({ wish }: Pick<Session, 'wish'>): string => `${wish.everyMs}/${wish.timeoutMs}`;

/** What came back of a beat counts if it is one of the last that were sent; late echoes prove nothing of now. */
export function takeEcho(session: Session, echo: Beat, now: number): Session {
  const young =
    session.sequence - echo.sequence <= Math.ceil(echo.timeoutMs / Math.max(echo.everyMs, FASTEST_MS)) + 100;
  if (hexOf(echo.proof) !== hexOf(session.proof) || echo.sequence >= session.sequence || !young) return session;
  // The echo of a farewell comes too late for anybody.
  if (echo.timeoutMs === FAREWELL.timeout) return session;
  return { ...session, lastSign: now, heardUntil: Math.max(session.heardUntil, now + echo.timeoutMs) };
}

/** The beat that is due, and when the next one is; undefined for a session that is over. */
export function beatOf(session: Session, now: number): readonly [Session, Beat] | undefined {
  const { wish, cookie, proof, sequence } = session;
  const silence = now - session.lastSign;
  if (wish.everyMs === 0 || silence > FORGOTTEN_AFTER_MS) return undefined;
  const every = Math.max(silence > RARE.afterMs ? RARE.everyMs : 0, wish.everyMs, FASTEST_MS);
  const { everyMs, timeoutMs, link } = wish;
  const beat = { cookie, proof, sequence, link, everyMs, timeoutMs, hearing: hearingOf(session, now) };
  // A clock that was held up does not make up for lost beats.
  const due = session.due + every > now ? session.due + every : now + every;
  return [{ ...session, sequence: sequence + 1, due }, beat];
}

/** A far end that stops says so on links that it hears: the box believes them a while, and nothing moves for a restart. */
export function farewellOf(session: Session, now: number): Beat | undefined {
  const [, beat] = beatOf(session, now) ?? [];
  return beat?.hearing === 'heard' ? { ...beat, timeoutMs: FAREWELL.timeout } : undefined;
}

function hearingOf({ heardUntil, lastSign }: Session, now: number): Hearing {
  if (now <= heardUntil) return 'heard';
  const begins = heardUntil === Number.NEGATIVE_INFINITY && now - lastSign <= RARE.afterMs;
  return begins ? 'unknown' : 'lost';
}
