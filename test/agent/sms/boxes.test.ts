import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, type Millis, millis, minutes, seconds } from '../../../agent/model/units.ts';
import {
  EMPTY_INBOX,
  type Inbox,
  type InboxEffect,
  isNearlyFull,
  READ_EVERY,
  stepInbox,
} from '../../../agent/sms/inbox.ts';
import { hexOf } from '../../../agent/sms/octets.ts';
import {
  EMPTY_OUTBOX,
  type Outbox,
  type OutboxEffect,
  type OutboxEvent,
  stepOutbox,
} from '../../../agent/sms/outbox.ts';
import { afterSending, type Pace, waitOf } from '../../../agent/sms/pace.ts';
import type { StatusReport } from '../../../agent/sms/read-pdu.ts';
import { segmentsOf } from '../../../agent/sms/segments.ts';
import { writeServiceTime } from '../../../agent/sms/service-time.ts';
import { writeUserText } from '../../../agent/sms/user-text.ts';

/** What a network would deliver of a text, part by part. */
function delivered(text: string, reference: number, wide = false): readonly string[] {
  const { coding, texts } = segmentsOf(text, wide);
  const stamp = writeServiceTime({ at: millis(1_750_000_000_000), zoneMinutes: 120 });
  return texts.map((segment, at) => {
    const part = texts.length === 1 ? undefined : { reference, wide, total: texts.length, number: at + 1 };
    const first = part === undefined ? 0x04 : 0x44;
    const scheme = coding === 'ucs2' ? 8 : 0;
    return hexOf([
      0,
      first,
      11,
      0x91,
      0x33,
      0x16,
      0x32,
      0x54,
      0x76,
      0xf8,
      0,
      scheme,
      ...stamp,
      ...writeUserText(segment, coding, part),
    ]);
  });
}

function readAll(pdus: readonly string[], start: Inbox = EMPTY_INBOX, now: Millis = millis(0)) {
  let state = start;
  const effects: InboxEffect[] = [];
  pdus.forEach((pdu, index) => {
    const [after, more] = stepInbox(state, { on: 'stored-read', index, pdu, now });
    state = after;
    effects.push(...more);
  });
  const told = effects.flatMap((effect) => (effect.do === 'tell' ? [effect.message] : []));
  return { state, effects, told, texts: told.map(({ text }) => text) };
}

describe('S-11: the inbox keeps the storage clear', () => {
  it('tells a text once, however its parts come, and erases every place', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '€', 'é', 'ж', '😀'), minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(
        text,
        fc.nat({ max: 65_535 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (sent, reference, wide, chance) => {
          const parts = delivered(sent, wide ? reference : reference % 256, wide);
          const doubled = [...parts, ...parts].toSorted(() => ((chance.next().value ?? 0) % 2) - 0.5);
          const { texts, effects, state } = readAll(doubled);
          expect(texts).toEqual([sent]);
          expect(effects.filter((effect) => effect.do === 'erase')).toHaveLength(doubled.length);
          expect(state.assemblies).toEqual([]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('tells before it erases, and tells nothing twice after a power cut in between', () => {
    const [pdu = ''] = delivered('bonjour', 0);
    const first = readAll([pdu]);
    expect(first.effects.map((effect) => effect.do)).toEqual(['tell', 'erase']);
    expect(readAll([pdu], first.state).effects).toEqual([{ do: 'erase', index: 0 }]);
  });

  it('tells what came of a message after a day, with what is missing', () => {
    const [one = '', , three = ''] = delivered('x'.repeat(400), 9);
    const { state } = readAll([three, one]);
    expect(stepInbox(state, { on: 'time-passed', now: millis(hours(24) - 1) })[1]).toEqual([]);
    const [after, effects] = stepInbox(state, { on: 'time-passed', now: hours(24) });
    expect(effects).toMatchObject([{ do: 'tell', message: { missing: [2], text: 'x'.repeat(153 + 94) } }]);
    expect(after.assemblies).toEqual([]);
  });

  it('keeps apart two messages whose reference is the same', () => {
    const [oldOne = ''] = delivered('a'.repeat(200), 3);
    const fresh = delivered('b'.repeat(200), 3);
    const { told } = readAll([oldOne, ...fresh]);
    expect(told.map(({ text, missing }) => [text, missing])).toEqual([
      ['a'.repeat(153), [2]],
      ['b'.repeat(200), []],
    ]);
  });

  it('takes in what it cannot read, and erases it', () => {
    const { told, effects } = readAll(['FFFF', '0011000B913316325476F80000AA01E1'.replace('0011', '0011')]);
    expect(told).toMatchObject([{ raw: 'FFFF' }]);
    expect(effects.filter((effect) => effect.do === 'erase')).toHaveLength(2);
  });

  it('holds no more half messages than a box can, and loses none of them', () => {
    const pdus = Array.from({ length: 200 }, (_, reference) => delivered('c'.repeat(200), reference)[0] ?? '');
    const { state, told } = readAll(pdus);
    expect(state.assemblies).toHaveLength(64);
    expect(told).toHaveLength(136);
  });

  it('is read within 14 days without an announcement, and at once when places run out', () => {
    expect(READ_EVERY).toBeLessThan(hours(14 * 24));
    expect(isNearlyFull({ used: 7, total: 10 })).toBe(false);
    expect(isNearlyFull({ used: 8, total: 10 })).toBe(true);
    expect(isNearlyFull({ used: 0, total: 0 })).toBe(true);
  });
});

describe('S-11: the pace of sending', () => {
  it('is one a second and ten a minute, and no slower than that', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8_000 }), { minLength: 30, maxLength: 60 }), (gaps) => {
        let [now, pace]: [Millis, Pace] = [millis(0), []];
        const sent: number[] = [];
        for (const gap of gaps) {
          now = millis(now + gap);
          const wait = waitOf(pace, now);
          if (wait > 0) {
            const tooSoon = (at: number) =>
              sent.some((one) => at - one < 1_000) || sent.filter((one) => at - one < 60_000).length >= 10;
            expect(tooSoon(now + wait - 1)).toBe(true);
            expect(tooSoon(now + wait)).toBe(false);
            now = millis(now + wait);
          }
          sent.push(now);
          pace = afterSending(pace, now);
        }
        sent.forEach((at, i) => {
          expect(at - (sent[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1_000);
          expect(at - (sent[i - 10] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(60_000);
        });
      }),
    );
  });
});

const NOW = { now: millis(0) };
function play(events: readonly OutboxEvent[], start: Outbox = EMPTY_OUTBOX) {
  let state = start;
  const effects: OutboxEffect[] = [];
  for (const event of events) {
    const [after, more] = stepOutbox(state, event);
    state = after;
    effects.push(...more);
  }
  return { state, effects };
}
const asked = (id: string, pdus: readonly string[], to = '+33612345678'): OutboxEvent => ({
  on: 'message-asked',
  id,
  to,
  pdus,
  ...NOW,
});
const report = (reference: number, fate: StatusReport['fate'], digits = '+33612345678'): OutboxEvent => ({
  on: 'report-read',
  report: { is: 'report', reference, to: { is: 'number', digits }, done: undefined, fate, status: 0 },
  ...NOW,
});

describe('S-11: the outbox', () => {
  it('hands over one part at a time, at the pace, and says when all were taken', () => {
    const { effects } = play([
      asked('m', ['A', 'B']),
      { on: 'part-taken', reference: 4, now: millis(300) },
      { on: 'wait-over', now: seconds(1) },
      { on: 'part-taken', reference: 5, now: millis(1_300) },
    ]);
    expect(effects).toEqual([
      { do: 'hand-over', pdu: 'A' },
      { do: 'wait', for: 700 },
      { do: 'hand-over', pdu: 'B' },
      { do: 'settle', id: 'm', so: 'sent' },
    ]);
  });

  it('sends again what was kept or refused for now, and not what was refused for good or is unknown', () => {
    const refused = (code: number | undefined): OutboxEvent => ({ on: 'part-refused', code, ...NOW });
    expect(play([asked('m', ['A']), refused(42)]).effects.at(-1)).toEqual({ do: 'wait', for: 30_000 });
    expect(play([asked('m', ['A']), refused(21)]).effects.at(-1)).toEqual({ do: 'settle', id: 'm', so: 'failed' });
    expect(play([asked('m', ['A']), { on: 'part-kept', ...NOW }]).state.queue).toHaveLength(1);
    expect(play([asked('m', ['A']), { on: 'part-lost', ...NOW }]).effects.at(-1)).toEqual({
      do: 'settle',
      id: 'm',
      so: 'unknown',
    });
    const again = [1, 2, 3].flatMap((minute): OutboxEvent[] => [
      { on: 'wait-over', now: minutes(minute) },
      refused(42),
    ]);
    expect(play([asked('m', ['A']), refused(42), ...again]).effects.at(-1)).toEqual({
      do: 'settle',
      id: 'm',
      so: 'failed',
    });
  });

  it('matches a report to the newest message of that reference and number, in either form of it', () => {
    const taken = (reference: number, at: number): OutboxEvent => ({ on: 'part-taken', reference, now: minutes(at) });
    const woke = (at: number): OutboxEvent => ({ on: 'wait-over', now: minutes(at) });
    const { state } = play([
      asked('old', ['A']),
      taken(9, 1),
      asked('new', ['B']),
      woke(2),
      taken(9, 3),
      asked('other', ['C'], '+33700000000'),
      woke(4),
      taken(9, 5),
    ]);
    expect(play([report(9, 'delivered', '0612345678')], state).effects).toContainEqual({
      do: 'tell-report',
      id: 'new',
      fate: 'delivered',
    });
    expect(play([report(9, 'delivered', '0700000000')], state).effects).toContainEqual({
      do: 'tell-report',
      id: 'other',
      fate: 'delivered',
    });
    expect(play([report(8, 'delivered')], state).effects).toEqual([]);
    expect(play([report(9, 'trying')], state).effects).toEqual([]);
  });

  it('calls a long message delivered when all its parts are, and failed when one is', () => {
    const sent = play([
      asked('m', ['A', 'B']),
      { on: 'part-taken', reference: 1, ...NOW },
      { on: 'wait-over', now: seconds(1) },
      { on: 'part-taken', reference: 2, now: seconds(1) },
    ]).state;
    expect(play([report(1, 'delivered')], sent).effects).toEqual([]);
    expect(play([report(1, 'delivered'), report(2, 'delivered')], sent).effects).toEqual([
      { do: 'tell-report', id: 'm', fate: 'delivered' },
    ]);
    expect(play([report(2, 'failed')], sent).effects).toEqual([{ do: 'tell-report', id: 'm', fate: 'failed' }]);
  });

  it('tells when no report came in three days', () => {
    const { state } = play([asked('m', ['A']), { on: 'part-taken', reference: 1, ...NOW }]);
    expect(play([{ on: 'wait-over', now: hours(72) }], state).effects).toEqual([
      { do: 'tell-report', id: 'm', fate: 'none' },
    ]);
  });
});
