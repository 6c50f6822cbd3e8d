import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoints,
  type CheckpointsEffect,
  type CheckpointsEvent,
  RECORDS_PER_CHECKPOINT,
  startCheckpoints,
  stepCheckpoints,
} from '../../../agent/machines/checkpoints.ts';

const apart: Checkpoints = startCheckpoints(10, 10, 10);
const reached = { ...apart, at: 'reached', asking: false } as const;
const pending = { ...reached, size: 20, signed: 20 } as const;
const asking = { ...pending, received: 20, asking: true } as const;

const step = (state: Checkpoints, event: CheckpointsEvent): readonly CheckpointsEffect['do'][] =>
  stepCheckpoints(state, event)[1].map((effect) => effect.do);

describe('U-3: when checkpoints are signed and countersigned', () => {
  it.each<readonly [string, Checkpoints, CheckpointsEvent, readonly CheckpointsEffect['do'][]]>([
    ['one record short', apart, { on: 'recorded', size: 9 + RECORDS_PER_CHECKPOINT }, []],
    ['enough records', apart, { on: 'recorded', size: 10 + RECORDS_PER_CHECKPOINT }, ['sign']],
    ['a while with a record', { ...apart, size: 11 }, { on: 'waited', name: 'sign' }, ['wait', 'sign']],
    ['a while without', apart, { on: 'waited', name: 'sign' }, ['wait']],
    ['sleep', { ...apart, size: 11 }, { on: 'sleep-ordered' }, ['sign']],
    ['sleep with nothing new', apart, { on: 'sleep-ordered' }, []],
    ['sleep while one is signed', { ...apart, size: 11, signing: true }, { on: 'sleep-ordered' }, []],
    [
      'the central reached, records held',
      { ...apart, size: 20, signed: 20 },
      { on: 'reached', upTo: 20 },
      ['ask', 'wait'],
    ],
    ['the central reached, records not held yet', { ...apart, size: 20, signed: 20 }, { on: 'reached', upTo: 10 }, []],
    ['the records came there', pending, { on: 'receipt-came', upTo: 20 }, ['ask', 'wait']],
    ['a receipt while one is asked', asking, { on: 'receipt-came', upTo: 20 }, []],
    ['no answer', asking, { on: 'waited', name: 'ask' }, ['ask', 'wait']],
    ['no answer, but nothing asked', pending, { on: 'waited', name: 'ask' }, []],
    [
      'an answer, more to ask',
      { ...asking, size: 40, signed: 40, received: 40 },
      { on: 'countersigned', upTo: 20 },
      ['ask', 'wait'],
    ],
    ['the last answer', asking, { on: 'countersigned', upTo: 20 }, []],
    ['the same answer twice', asking, { on: 'countersigned', upTo: 10 }, []],
    ['disowned', asking, { on: 'disowned' }, []],
    ['disowned, then a receipt', { ...apart, at: 'disowned', signed: 20 }, { on: 'receipt-came', upTo: 20 }, []],
    ['disowned, and enough records', { ...apart, at: 'disowned' }, { on: 'recorded', size: 300 }, ['sign']],
  ])('%s', (_, from, event, effects) => expect(step(from, event)).toEqual(effects));

  it('asks for the oldest that has none', () => {
    const [, effects] = stepCheckpoints({ ...pending, countersigned: 15 }, { on: 'receipt-came', upTo: 20 });
    expect(effects[0]).toEqual({ do: 'ask', after: 15 });
  });

  it('in any history: never counts back, never two signings or questions at a time', () => {
    const count = fc.nat(2_000);
    const event: fc.Arbitrary<CheckpointsEvent> = fc.oneof(
      fc.record({ on: fc.constant('recorded' as const), size: count }),
      fc.record({
        on: fc.constantFrom('reached' as const, 'receipt-came' as const, 'countersigned' as const),
        upTo: count,
      }),
      fc.record({ on: fc.constant('waited' as const), name: fc.constantFrom('sign' as const, 'ask' as const) }),
      fc.constantFrom({ on: 'left' } as const, { on: 'sleep-ordered' } as const, { on: 'disowned' } as const),
      fc.constant({ on: 'nothing-to-ask' } as const),
      fc.constant({ on: 'signed', upTo: -1 } as const),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        let state: Checkpoints = startCheckpoints(0, 0, 0);
        let upTo: number | undefined;
        for (const drawn of events) {
          // Only what was ordered is ever signed.
          if (drawn.on === 'signed' && upTo === undefined) continue;
          const what: CheckpointsEvent = drawn.on === 'signed' ? { on: 'signed', upTo: upTo ?? 0 } : drawn;
          if (drawn.on === 'signed') upTo = undefined;
          const [next, effects] = stepCheckpoints(state, what);
          for (const effect of effects) {
            if (effect.do !== 'sign') continue;
            expect(upTo).toBeUndefined();
            upTo = effect.upTo;
          }
          expect(next.size).toBeGreaterThanOrEqual(Math.max(state.size, next.signed));
          expect(next.signed).toBeGreaterThanOrEqual(Math.max(state.signed, next.countersigned));
          expect(next.countersigned).toBeGreaterThanOrEqual(state.countersigned);
          expect(next.signing).toBe(upTo !== undefined);
          state = next;
        }
      }),
    );
  });
});
