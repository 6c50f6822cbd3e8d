import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Heard, quietSignalling, stepSignalling, type Verdict } from '../../../agent/machines/signalling.ts';
import { millis } from '../../../agent/model/units.ts';

const limits = { messages: 60, transactions: 30 };
type Said = Pick<Heard, 'phone'> & Partial<Heard> & { readonly at: number };

function hear(said: readonly Said[]): readonly Verdict[] {
  let state = quietSignalling();
  return said.map(({ at, ...heard }) => {
    const [next, verdict] = stepSignalling(
      state,
      { begins: undefined, exempt: false, ...heard, now: millis(at) },
      limits,
    );
    state = next;
    return verdict;
  });
}
/** A phone that says something every `every` ms. */
const talker = (phone: string, every: number, until: number, more: Partial<Heard> = {}): Said[] =>
  Array.from({ length: Math.floor(until / every) }, (_, index) => ({ phone, at: index * every, ...more }));
const together = (...all: readonly (readonly Said[])[]): Said[] => all.flat().toSorted((a, b) => a.at - b.at);
const passed = (said: readonly Said[], verdicts: readonly Verdict[], phone: string) =>
  said.filter((one, index) => one.phone === phone && verdicts[index]?.pass).length;

describe('V-3: what a site says to its operator', () => {
  it('one phone that floods gets half of what the address may send, and thirty at once', () => {
    const said = talker('a', 1, 10_000);
    expect(passed(said, hear(said), 'a')).toBe(30 + 299);
  });

  it('passes every registration of the others while one floods', () => {
    const others = ['b', 'c', 'd'].map((phone) => talker(phone, 100, 10_000));
    const said = together(talker('flood', 1, 10_000), ...others);
    const verdicts = hear(said);
    for (const phone of ['b', 'c', 'd']) expect(passed(said, verdicts, phone)).toBe(100);
  });

  it('V-1: passes an emergency call whatever the counts say, and takes nothing from the others for it', () => {
    const said = together(
      talker('flood', 1, 2_000),
      talker('sos', 2, 2_000, { exempt: true }),
      talker('b', 100, 2_000),
    );
    const verdicts = hear(said);
    expect(passed(said, verdicts, 'sos')).toBe(1_000);
    expect(passed(said, verdicts, 'b')).toBe(20);
  });

  it('tells of more than thirty transactions in one second, once a minute', () => {
    const begun = (second: number, count: number): Said[] =>
      Array.from({ length: count }, (_, index) => ({
        phone: `p${index % 8}`,
        at: second * 1_000 + index,
        begins: `${second}-${index}`,
      }));
    const alarms = (said: readonly Said[]) => hear(said).flatMap(({ alarm }) => alarm ?? []);
    expect(alarms(begun(1, 30))).toEqual([]);
    expect(alarms(begun(1, 31))).toEqual(['transactions']);
    expect(alarms([...begun(1, 31), ...begun(2, 31), ...begun(61, 31)])).toEqual(['transactions', 'transactions']);
    const repeated = begun(1, 20).flatMap((one) => [one, one]);
    expect(alarms(repeated)).toEqual([]);
  });

  it('never sends more than the limit and one second of burst, and keeps a bounded memory', () => {
    const message = fc.record({ phone: fc.nat(40), wait: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 600 }), (messages) => {
        let at = 0;
        const said = messages.map(({ phone, wait }) => {
          at += wait;
          return { phone: `p${phone}`, at };
        });
        const verdicts = hear(said);
        const through = said.filter((_, index) => verdicts[index]?.pass).map((one) => one.at);
        const first = through[0] ?? 0;
        const last = through.at(-1) ?? 0;
        expect(through.length).toBeLessThanOrEqual(60 + (60 * (last - first)) / 1_000 + 1);
      }),
      { numRuns: 100 },
    );
    let state = quietSignalling();
    for (let index = 0; index < 5_000; index += 1)
      [state] = stepSignalling(
        state,
        { phone: `p${index}`, now: millis(index), begins: `${index}`, exempt: false },
        limits,
      );
    expect(state.phones.size).toBeLessThanOrEqual(1_024);
    expect(state.transactions.begun.size).toBeLessThanOrEqual(1_000);
  });
});
