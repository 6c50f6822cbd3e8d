import { expect, it } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { ProbeAnswer } from '../../../agent/ports/probes.ts';
import { shareProbes } from '../../../agent/runtime/shared-probes.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

/** One socket a link; what is sent is noted, and answers come when the test says so. */
function wire() {
  const clock = createSimClock(millis(0));
  const sent: unknown[][] = [];
  let hear: (answer: ProbeAnswer) => void = () => undefined;
  const { probes, reach } = shareProbes(
    {
      open: (listen) => {
        hear = listen;
      },
      send: (...asked) => void sent.push(asked),
      close: () => undefined,
    },
    clock,
  );
  return { clock, sent, probes, reach, answer: (sequence: number) => hear({ link: 'main', sequence, rttMicros: 1 }) };
}

it('F-3: what the watch of a link asks of the far end goes out as it was asked, heartbeats too', () => {
  const { sent, probes } = wire();
  const beats = { everyMs: 20, timeoutMs: 75 };
  probes.send('main', 7, beats);
  expect(sent).toEqual([['main', 7, beats]]);
});

it('S-1: the first of five answers proves a line; the watch hears its own answers alone', () => {
  const { clock, sent, probes, reach, answer } = wire();
  const watched: number[] = [];
  const proved: boolean[] = [];
  probes.open(({ sequence }) => watched.push(sequence));
  reach('second', (answered) => proved.push(answered));
  clock.advance(seconds(2));
  answer(3);
  answer(Number(sent.at(-1)?.[1]));
  clock.advance(seconds(10));
  expect([watched, proved, sent.length]).toEqual([[3], [true], 3]);
  reach('second', (answered) => proved.push(answered));
  clock.advance(seconds(10));
  expect([proved, sent.length]).toEqual([[true, false], 8]);
});
