import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, millis, seconds } from '../../../agent/model/units.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

describe('the simulated clock', () => {
  test('fires timers in order of time, then of creation', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (delays) => {
        const clock = createSimClock(millis(0));
        const fired: number[] = [];
        for (const [index, delay] of delays.entries()) clock.after(millis(delay), () => fired.push(index));
        clock.advance(millis(50));
        const due = delays.map((delay, index) => ({ delay, index })).toSorted((a, b) => a.delay - b.delay);
        expect(fired).toEqual(due.map(({ index }) => index));
      }),
    );
  });

  test('fires what was not canceled, and that exactly, however many are canceled', () => {
    const timers = fc.array(fc.record({ delay: fc.nat(99), canceled: fc.boolean() }), { maxLength: 400 });
    fc.assert(
      fc.property(timers, (all) => {
        const clock = createSimClock(millis(0));
        const fired: number[] = [];
        const cancels = all.map(({ delay }, index) => clock.after(millis(delay), () => fired.push(index)));
        for (const [index, { canceled }] of all.entries()) if (canceled) cancels[index]?.();
        clock.advance(millis(100));
        const wanted = all.flatMap(({ canceled }, index) => (canceled ? [] : [index]));
        expect(fired.toSorted((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });

  test('a timer never fires before its delay has passed, a broken millisecond included', () => {
    const clock = createSimClock(millis(0));
    const fired: number[] = [];
    clock.after(millis(10.2), () => fired.push(clock.mono()));
    clock.advance(millis(10));
    expect(fired).toEqual([]);
    clock.advance(millis(1));
    expect(fired).toEqual([11]);
  });

  test('a timer made by a timer fires in the same run when it is due', () => {
    const clock = createSimClock(millis(0));
    const seen: number[] = [];
    const again = (left: number): void => {
      seen.push(clock.mono());
      if (left > 0) clock.after(seconds(1), () => again(left - 1));
    };
    clock.after(seconds(1), () => again(3));
    clock.advance(seconds(3));
    expect(seen).toEqual([1_000, 2_000, 3_000]);
    expect(clock.mono()).toBe(3_000);
  });

  test('a step of the wall clock moves no timer and no monotonic time', () => {
    const clock = createSimClock(millis(1_000_000));
    const fired: number[] = [];
    clock.after(seconds(10), () => fired.push(clock.wall()));
    clock.stepWall(hours(-1));
    clock.advance(seconds(10));
    expect(fired).toEqual([1_000_000 - 3_600_000 + 10_000]);
    expect(clock.mono()).toBe(10_000);
  });

  test('canceled timers do not pile up', () => {
    const clock = createSimClock(millis(0));
    for (let i = 0; i < 10_000; i += 1) clock.after(hours(1), () => {})();
    expect(clock.queued()).toBeLessThan(200);
  });

  test('time cannot be let pass from inside a timer', () => {
    const clock = createSimClock(millis(0));
    clock.after(millis(1), () => clock.advance(millis(1)));
    expect(() => clock.advance(millis(1))).toThrow('from inside a timer');
  });
});
