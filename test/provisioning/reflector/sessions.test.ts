import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beatOf, type Session, takeEcho, takeWish } from '../../../provisioning/reflector/sessions.ts';

const bytes = (fill: number): Uint8Array => new Uint8Array(8).fill(fill);
const asked = (everyMs: number, timeoutMs: number, port = 8620, wishedAt = 1) => ({
  wish: { everyMs, timeoutMs, device: 'relais-0001', link: 1, challenge: bytes(1) },
  cookie: bytes(2),
  address: '198.51.100.2',
  port,
  wishedAt,
});
const fresh = (everyMs = 20, timeoutMs = 75): Session => takeWish(undefined, asked(everyMs, timeoutMs), bytes(3), 0);

/** Beats until then; what comes back is heard `delay` later. Answers each beat with its time. */
function play(start: Session, until: number, echoed: (at: number) => boolean, delay = 30) {
  let session = start;
  const beats: { readonly at: number; readonly heard: boolean; readonly hearing: string; readonly sequence: number }[] =
    [];
  const flying: { readonly at: number; readonly take: (one: Session, now: number) => Session }[] = [];
  for (;;) {
    const landing = flying[0];
    if (landing !== undefined && landing.at <= session.due) {
      flying.shift();
      session = landing.take(session, landing.at);
      continue;
    }
    const now = session.due;
    const due = now > until ? undefined : beatOf(session, now);
    if (due === undefined) return { session, beats };
    const [next, beat] = due;
    session = next;
    beats.push({ at: now, heard: beat.hearing === 'heard', hearing: beat.hearing, sequence: beat.sequence });
    if (echoed(now)) flying.push({ at: now + delay, take: (one, at) => takeEcho(one, beat, at) });
  }
}

describe('F-3: the far end beats on its own clock', () => {
  it('keeps the pace that was asked for, and says that it hears from the first echo on', () => {
    const { beats } = play(fresh(), 1_000, () => true);
    expect(beats.map(({ at }) => at)).toEqual(Array.from({ length: 51 }, (_, index) => index * 20));
    expect(beats.map(({ heard }) => heard)).toEqual([false, false, ...Array.from({ length: 49 }, () => true)]);
  });

  it('stops saying so when echoes stop, after the timeout and no sooner, however the cut falls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 2_000 }), fc.integer({ min: 1, max: 60 }), (cut, delay) => {
        const { beats } = play(fresh(), cut + 500, (at) => at < cut, delay);
        const last = beats.findLast(({ heard }) => heard)?.at ?? 0;
        expect(last).toBeGreaterThanOrEqual(cut - 20 + delay + 75 - 40);
        expect(last).toBeLessThanOrEqual(cut + delay + 75);
      }),
    );
  });

  it('beats an unheard link once a second, and at its pace again as soon as it is heard', () => {
    const { beats } = play(fresh(), 40_000, (at) => at < 1_000 || at > 30_000);
    const between = beats.filter(({ at }) => at > 12_000 && at < 30_000);
    expect(between.length).toBeLessThanOrEqual(19);
    expect(between.some(({ heard }) => heard)).toBe(false);
    const after = beats.filter(({ at }) => at > 32_000);
    expect(after.every(({ heard }) => heard)).toBe(true);
    expect(after.length).toBeGreaterThan(390);
  });

  it('says "lost" of a link that it has heard, and of one that it never heard only after ten seconds', () => {
    expect(play(fresh(), 2_000, (at) => at < 1_000).beats.at(-1)?.hearing).toBe('lost');
    const { beats } = play(fresh(), 20_000, () => false);
    expect(beats.findLast(({ hearing }) => hearing === 'unknown')?.at).toBe(10_000);
    expect(beats.at(-1)?.hearing).toBe('lost');
  });

  it('D-3: forgets who gives no sign for an hour: nobody is beaten for ever', () => {
    const { beats } = play(fresh(), 10_000_000, () => false);
    expect(beats.at(-1)?.at).toBeLessThanOrEqual(3_600_000);
    expect(beats.length).toBeLessThan(500 + 3_600);
  });

  it('D-3: takes no echo with a wrong proof, of the future, or long gone for a sign of life', () => {
    const { session } = play(fresh(), 4_000, () => false);
    const echo = { cookie: bytes(2), proof: bytes(3), link: 1, hearing: 'lost', everyMs: 20, timeoutMs: 75 } as const;
    const unmoved = [
      takeEcho(session, { ...echo, sequence: session.sequence - 1, proof: bytes(9) }, 4_000),
      takeEcho(session, { ...echo, sequence: session.sequence }, 4_000),
      takeEcho(session, { ...echo, sequence: 3 }, 4_000),
    ];
    expect(unmoved).toEqual([session, session, session]);
    expect(takeEcho(session, { ...echo, sequence: session.sequence - 1 }, 4_000)).not.toEqual(session);
  });

  it('tells a new pace at once, so that what the box believes is never older than the pace of before', () => {
    const { session } = play(fresh(1_000, 3_000), 2_500, () => true);
    const quick = takeWish(session, asked(20, 75, 8620, 2), bytes(4), 2_600);
    expect([quick.due, quick.wish.everyMs, quick.proof]).toEqual([2_600, 20, bytes(3)]);
    // Heard at the slow pace until that was due: the change itself is no failure.
    expect(beatOf(quick, 2_600)?.[1].hearing).toBe('heard');
  });

  it('D-3: follows a site to another address by a newer wish alone, and is listened to anew there', () => {
    const { session } = play(fresh(), 1_000, () => true);
    expect(takeWish(session, asked(20, 75, 9_999, 1), bytes(5), 1_000)).toBe(session);
    const moved = takeWish(session, asked(20, 75, 9_999, 2), bytes(5), 1_000);
    expect([moved.port, moved.proof, beatOf(moved, 1_000)?.[1].hearing]).toEqual([9_999, bytes(5), 'unknown']);
  });
});
