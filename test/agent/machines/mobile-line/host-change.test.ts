import { describe, expect, it } from 'vitest';
import { dueMove, type Moves, noteMove } from '../../../../agent/machines/mobile-line/host-change.ts';
import type { HostChange } from '../../../../agent/model/mobile-line.ts';
import type { LedgerRecord } from '../../../../agent/model/record.ts';
import type { SwapOutcome } from '../../../../agent/model/sim-swap.ts';
import { hours } from '../../../../agent/model/units.ts';

describe('S-9: the card of the new host operator', () => {
  const plan: HostChange = {
    order: 'sfr',
    by: 'support',
    from: hours(10),
    until: hours(40),
    target: { by: 'slot', slot: 2 },
  };
  const asked = { moves: undefined, busy: false, orderedAt: undefined };
  const record = (swap: string, stage: 'begun' | 'ended', outcome: SwapOutcome | null, at: number): LedgerRecord =>
    ({
      event: {
        kind: 'sim-swapped',
        swap,
        stage,
        reason: 'host-change',
        by: 'support',
        from: null,
        to: null,
        outcome,
        why: null,
        at,
      },
    }) as LedgerRecord;

  it('waits for its window, then for a moment without calls', () => {
    expect(dueMove(plan, { ...asked, now: hours(9) })).toEqual({ lookAt: hours(10) });
    expect(dueMove(plan, { ...asked, busy: true, now: hours(10) })).toEqual({ lookAt: hours(10) + 60_000 });
    expect(dueMove(plan, { ...asked, now: hours(10) })).toEqual({
      swap: { id: 'sfr#1', target: { by: 'slot', slot: 2 }, reason: 'host-change', by: 'support' },
    });
  });

  it('tries again six hours after a card that did not carry, under another name, until the window ends', () => {
    const begun = noteMove(undefined, record('sfr#1', 'begun', null, hours(10)));
    const back = noteMove(begun, record('sfr#1', 'ended', 'returned', hours(10) + 300_000));
    expect(back).toEqual({ order: 'sfr', tries: 1, lastAt: hours(10) + 300_000, done: false });
    expect(dueMove(plan, { ...asked, moves: back, now: hours(12) })).toEqual({ lookAt: hours(16) + 300_000 });
    expect(dueMove(plan, { ...asked, moves: back, now: hours(17) })).toMatchObject({ swap: { id: 'sfr#2' } });
    expect(dueMove(plan, { ...asked, orderedAt: hours(17), moves: back, now: hours(17) + 1 })).toEqual({
      lookAt: hours(23),
    });
    expect(dueMove(plan, { ...asked, moves: back, now: hours(40) })).toBeUndefined();
  });

  it('is over once the line is on the new card, in whatever order the records came', () => {
    const told = [
      record('sfr#1', 'ended', 'returned', 3),
      record('sfr#2', 'begun', null, 4),
      record('sfr#2', 'ended', 'swapped', 5),
    ];
    const folded = (records: readonly LedgerRecord[]) =>
      records.reduce<Moves | undefined>((moves, one) => noteMove(moves, one), undefined);
    expect(folded(told)).toEqual(folded(told.toReversed()));
    expect(dueMove(plan, { ...asked, moves: folded(told), now: hours(20) })).toBeUndefined();
    expect(noteMove(folded(told), { event: { kind: 'cycle-opened', cycle: 1 } } as LedgerRecord)).toEqual(folded(told));
  });
});
