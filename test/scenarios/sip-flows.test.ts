import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../agent/model/units.ts';
import { bench } from './sip-bench.ts';
import { type Flow, flowOf, KINDS, type Said, type Wish } from './sip-flows.ts';

/** More by hand: SIP_FLOWS=2000 npx vitest run test/scenarios/sip-flows.test.ts */
const RUNS = Number(process.env.SIP_FLOWS ?? 25);

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(...KINDS),
  start: fc.integer({ min: 0, max: 60_000 }),
  ring: fc.integer({ min: 0, max: 20_000 }),
  talk: fc.integer({ min: 0, max: 80_000 }),
  endedBy: fc.constantFrom('phone', 'network'),
});

/** What the way to the box does to one message: lost once or twice and sent again (T1), late, and there twice. */
type Fate = { readonly lost: number; readonly late: number; readonly again: number };
const fate: fc.Arbitrary<Fate> = fc.record({
  lost: fc.constantFrom(0, 0, 0, 0, 1, 2),
  late: fc.integer({ min: 0, max: 90 }),
  again: fc.constantFrom(0, 0, 0, 150, 1_000, 4_000),
});

type Arrival = { readonly at: number; readonly said: Said };

const arrivals = (said: Said, { lost, late, again }: Fate): readonly Arrival[] => {
  const at = said.at + late + 500 * (2 ** lost - 1);
  return again === 0
    ? [{ at, said }]
    : [
        { at, said },
        { at: at + again, said },
      ];
};

/** Seconds from the first answer that came to the box to the end of the last dialog; undefined where there is no such. */
function reference({ said }: Flow, came: readonly Arrival[]): number | undefined {
  const firsts = (marks: Said['marks']): readonly number[] =>
    said.filter((one) => one.marks === marks).map((one) => came.find((arrival) => arrival.said === one)?.at ?? 0);
  const seconds = (Math.max(...firsts('release')) - Math.min(...firsts('answer'))) / 1_000;
  return Number.isFinite(seconds) ? seconds : undefined;
}

describe('random calls over a network that loses, repeats and reorders', () => {
  it('U-1, U-2, V-1, Q-3: metered to the second, none left open, no emergency call refused, no message altered', {
    timeout: 600_000,
  }, () => {
    fc.assert(
      fc.property(
        fc.array(wish, { minLength: 1, maxLength: 6 }),
        fc.array(fate, { minLength: 20, maxLength: 60 }),
        (wishes, fates) => {
          const flows = wishes.map((one, at) => flowOf(`flow${at}`, one));
          const came = flows
            .flatMap(({ said }) => said)
            .flatMap((said, at) => arrivals(said, fates[at % fates.length] ?? { lost: 0, late: 0, again: 0 }))
            .toSorted((a, b) => a.at - b.at);
          judge(flows, came);
        },
      ),
      { numRuns: RUNS, seed: 3261 },
    );
  });
});

function judge(flows: readonly Flow[], came: readonly Arrival[]): void {
  const { site, add, of, toNetwork, toPhone } = bench({ channels: 30 });
  const began = site.clock.mono();
  for (const { at, said } of came) {
    site.clock.advance((began + at - site.clock.mono()) as Parameters<typeof site.clock.advance>[0]);
    add(said.from, said.text);
  }
  site.clock.advance(minutes(40));
  const ended = of('call-ended');
  const admitted = of('call-admitted');
  expect(admitted.filter(({ call }) => !ended.some((one) => one.call === call))).toEqual([]);
  expect(ended.map(({ cause }) => cause).filter((cause) => cause.startsWith('refused'))).toEqual([]);
  const spoken = new Set(came.map(({ said }) => said.text));
  expect([...toNetwork, ...toPhone].filter((text) => !spoken.has(text))).toEqual([]);
  for (const flow of flows) {
    const calls = admitted.filter(({ dialog }) => dialog.sipCallId === flow.callId).map(({ call }) => call);
    const records = ended.filter(({ call }) => calls.includes(call));
    expect([flow.wish.kind, records.length]).toEqual([flow.wish.kind, flow.wish.kind === 'moved' ? 2 : 1]);
    const wanted = reference(flow, came);
    const metered = records.at(-1);
    if (wanted !== undefined) expect(Math.abs((metered?.seconds ?? 0) - wanted)).toBeLessThanOrEqual(1);
    else expect([flow.wish.kind, metered?.cause === 'lost' || metered?.seconds === 0]).toEqual([flow.wish.kind, true]);
    if (flow.wish.kind !== 'emergency') continue;
    const own = flow.said.filter(({ from }) => from === 'phone');
    expect(own.filter(({ text }) => !toNetwork.includes(text))).toEqual([]);
  }
}
