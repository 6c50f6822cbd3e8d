import { expect, it } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createTimers } from '../../../agent/runtime/timers.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

it('sets no timer any more once it was stopped, whatever comes back late', () => {
  const clock = createSimClock(millis(0));
  const timers = createTimers<'again'>(clock, createTurns());
  const fired: string[] = [];
  timers.set('again', seconds(1), () => fired.push('before'));
  clock.advance(seconds(2));
  timers.set('again', seconds(1), () => fired.push('running'));
  timers.stop();
  timers.set('again', seconds(1), () => fired.push('late'));
  clock.advance(seconds(5));
  expect(fired).toEqual(['before']);
});
