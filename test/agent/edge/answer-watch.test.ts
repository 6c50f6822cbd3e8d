import { describe, expect, it } from 'vitest';
import { createAnswerWatch } from '../../../agent/edge/answer-watch.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

function watched() {
  const clock = createSimClock(millis(0));
  const silent: number[] = [];
  return { clock, silent, watch: createAnswerWatch(clock, seconds(60), () => silent.push(clock.mono())) };
}

describe('U-7: a connection that owes an answer and says nothing is given up', () => {
  it('after its patience, counted from the question or from the last that was heard', () => {
    const { clock, silent, watch } = watched();
    watch.asked();
    clock.advance(seconds(50));
    watch.heard();
    clock.advance(seconds(59));
    expect(silent).toEqual([]);
    clock.advance(seconds(1));
    expect(silent).toEqual([110_000]);
  });

  it('never while it owes nothing, nor after it was left', () => {
    const { clock, silent, watch } = watched();
    watch.heard();
    watch.asked();
    watch.asked();
    watch.answered();
    clock.advance(seconds(30));
    watch.answered();
    clock.advance(seconds(600));
    watch.asked();
    watch.stop();
    clock.advance(seconds(600));
    expect(silent).toEqual([]);
  });
});
