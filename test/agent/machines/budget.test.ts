import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Budget,
  type BudgetEvent,
  heldBy,
  type KeptDay,
  startBudget,
  stepBudget,
} from '../../../agent/machines/budget.ts';
import { hours, type Millis, millis, minutes } from '../../../agent/model/units.ts';

const LIMIT = 10_000_000;
const LIMITS = { mobile: LIMIT };
const DAY = hours(24);
/** The first instant of a day of UTC. */
const MIDNIGHT = 20_000 * DAY;
const at = (mono: number, wall = MIDNIGHT + mono, trusted = true) => ({ wall, mono: millis(mono), trusted });
const fresh = (kept: readonly KeptDay[] = [{ link: 'mobile', day: 20_000, spent: 0 }]): Budget =>
  startBudget('mobile', LIMITS, kept, at(0));
const counted = (bytes: number, now = at(1_000)): BudgetEvent => ({ on: 'counted', bytes, now });

function play(state: Budget, ...events: readonly BudgetEvent[]) {
  let now = state;
  const orders: string[] = [];
  for (const event of events) {
    const [next, effects] = stepBudget(now, event, LIMITS);
    now = next;
    orders.push(...effects.filter((effect) => effect.do !== 'keep').map((effect) => JSON.stringify(effect)));
  }
  return { state: now, orders, held: heldBy(now) };
}

describe('U-7: the bytes of a day on a metered link', () => {
  it.each([
    [0.69, 'ample', []],
    [0.7, 'thrifty', ['telemetry']],
    [0.85, 'spare', ['checkpoint', 'telemetry']],
  ])('at %s of the limit the box is %s: telemetry stops first, then checkpoints', (share, level, held) => {
    const { state, held: found } = play(fresh(), counted(LIMIT * share));
    expect([state.at, found]).toEqual([level, held]);
  });

  it('at the limit support is told once, by one telemetry message, and records go in a trickle that never ends', () => {
    const full = play(fresh(), counted(LIMIT));
    expect(full.orders[0]).toContain('"tell"');
    expect(full.held).toEqual(['checkpoint']);
    const told = play(full.state, { on: 'sent', urgency: 'telemetry' }, counted(1_000_000));
    expect(told.orders.join()).not.toContain('"tell"');
    expect(told.held).toEqual(['checkpoint', 'telemetry']);
    const sent = play(told.state, { on: 'sent', urgency: 'records' });
    expect(sent.held).toEqual(['records', 'checkpoint', 'telemetry']);
    expect(sent.orders).toContain(JSON.stringify({ do: 'wait', for: minutes(5) }));
    expect(play(sent.state, { on: 'waited' }).held).toEqual(['checkpoint', 'telemetry']);
  });

  it('a link that is not metered is not counted, and does not end the day of one that is', () => {
    const moved = play(fresh(), counted(LIMIT), { on: 'moved', link: 'main', now: at(2_000) }, counted(9 * LIMIT));
    expect([moved.state.at, moved.held]).toEqual(['unmetered', []]);
    const back = play(moved.state, { on: 'moved', link: 'mobile', now: at(3_000) });
    expect([back.state.at, back.state.days.mobile?.spent]).toEqual(['trickling', LIMIT]);
  });

  it('a new day of UTC begins with all of its bytes', () => {
    const { state, held } = play(fresh(), counted(LIMIT, at(DAY - 1)), counted(500, at(DAY)));
    expect([state.at, held, state.days.mobile?.spent]).toEqual(['ample', [], 500]);
  });

  it('U-1: a clock that jumps to and fro makes no days, one that was never set ends them after 24 hours', () => {
    const there = play(fresh(), counted(LIMIT, at(1_000, MIDNIGHT + 5_000 * DAY)));
    const back = play(there.state, counted(500, at(2_000)), counted(500, at(3_000, MIDNIGHT + 5_000 * DAY)));
    expect(back.state.at).toBe('trickling');
    expect(play(back.state, counted(1, at(hours(13)))).state.at).toBe('ample');
    const never = play(fresh(), counted(LIMIT, at(1_000, 0, false)), counted(1, at(hours(23), 0, false)));
    expect(never.state.at).toBe('trickling');
    expect(play(never.state, counted(1, at(hours(36), 0, false))).state.at).toBe('ample');
  });

  it('a day of which nothing is known is taken to be spent evenly', () => {
    const noon = startBudget('mobile', LIMITS, [], at(0, MIDNIGHT + hours(12)));
    expect(noon.days.mobile?.spent).toBe(LIMIT / 2);
  });

  it('however often the agent is killed, a day counts what was spent and at most a hundredth of the limit for each start', () => {
    const life = fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(life, { maxLength: 20 }), (lives) => {
        let kept: readonly KeptDay[] = [{ link: 'mobile', day: 20_000, spent: 0 }];
        let spent = 0;
        for (const counts of lives) {
          let state = startBudget('mobile', LIMITS, kept, at(0));
          for (const bytes of counts) {
            const [next, effects] = stepBudget(state, counted(bytes), LIMITS);
            state = next;
            spent += bytes;
            for (const effect of effects) if (effect.do === 'keep') kept = effect.days;
          }
        }
        expect(kept[0]?.spent).toBeGreaterThanOrEqual(spent);
        expect(kept[0]?.spent).toBeLessThanOrEqual(spent + (lives.length + 1) * 0.01 * LIMIT);
      }),
      { numRuns: 200 },
    );
  });

  it('survives JSON, as every state does', () => {
    const { state } = play(fresh(), counted(LIMIT));
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

/** A month of a site that has a lot to say, each minute: what goes is what the machine lets go. */
function month(perMinute: { readonly telemetry: number; readonly records: number }) {
  let state = fresh();
  let recordsWaiting = 0;
  let wakeAt: Millis | undefined;
  const days: { spent: number; told: number; records: number }[] = [];
  let today = { spent: 0, told: 0, records: 0 };
  const hear = (event: BudgetEvent): void => {
    const [next, effects] = stepBudget(state, event, LIMITS);
    state = next;
    for (const effect of effects) {
      if (effect.do === 'tell') today.told += 1;
      if (effect.do === 'wait') wakeAt = millis(now + effect.for);
    }
  };
  let now = 0;
  const send = (urgency: 'telemetry' | 'records', bytes: number): void => {
    today.spent += bytes;
    hear({ on: 'counted', bytes, now: at(now) });
    hear({ on: 'sent', urgency });
  };
  for (; now < 30 * DAY; now += minutes(1)) {
    if (now % DAY === 0) {
      days.push(today);
      today = { spent: 0, told: 0, records: 0 };
    }
    if (wakeAt !== undefined && now >= wakeAt) {
      wakeAt = undefined;
      hear({ on: 'waited' });
    }
    hear({ on: 'counted', bytes: 0, now: at(now) });
    recordsWaiting += perMinute.records;
    if (!heldBy(state).includes('telemetry')) send('telemetry', perMinute.telemetry);
    while (recordsWaiting > 0 && !heldBy(state).includes('records')) {
      const most = state.at === 'trickling' ? 8_000 : 32_000;
      const bytes = Math.min(most, recordsWaiting);
      recordsWaiting -= bytes;
      today.records += bytes;
      send('records', bytes);
    }
  }
  return { days: days.slice(1), recordsWaiting };
}

describe('U-7: a month on a metered link, in simulated time', () => {
  it('a usual site never reaches its limit and is never kept back', () => {
    const { days, recordsWaiting } = month({ telemetry: 250, records: 1_300 });
    expect(days.every(({ told }) => told === 0)).toBe(true);
    expect(recordsWaiting).toBe(0);
  });

  it('telemetry that would fill the day leaves room for every record', () => {
    const { days, recordsWaiting } = month({ telemetry: 20_000, records: 1_000 });
    expect(days.every(({ told, spent }) => told === 0 && spent < LIMIT)).toBe(true);
    expect(recordsWaiting).toBe(0);
  });

  it('records beyond the limit never stop for good: each day keeps to the limit and the trickle, and support hears of it once', () => {
    const { days } = month({ telemetry: 1_000, records: 20_000 });
    // An envelope of 8,000 bytes every five minutes, and what was under way when the limit was reached.
    const most = LIMIT + 8_000 * 12 * 24 + 32_000 + 1_000;
    for (const { spent, told, records } of days) {
      expect(spent).toBeLessThanOrEqual(most);
      expect(told).toBe(1);
      expect(records).toBeGreaterThan(LIMIT * 0.9);
    }
  });
});
