import type { Dice } from './dice.ts';
import { playNoise } from './play-noise.ts';
import { play } from './play-stream.ts';

export type Streams = {
  readonly streams: number;
  /** Questions that came to an end. */
  readonly ended: number;
  /** What went wrong, with the seed that shows it; nothing where all is well. */
  readonly wrong: readonly string[];
};

/**
 * Byte streams of an AT line, one in four of them noise: none hangs, gives an answer to the wrong question, loses a report or
 * tells a code (S-8). The same seed plays the same streams.
 */
export function playStreams(streams: number, seed: number): Streams {
  const dice: Dice = { state: seed };
  const wrong: string[] = [];
  let ends = 0;
  for (let stream = 0; stream < streams && wrong.length < MOST_TOLD; stream += 1) {
    const before = dice.state;
    if (stream % 4 === 3) {
      if (!playNoise(dice)) wrong.push(`noise of seed ${before} hangs`);
      continue;
    }
    const { problems, ended, asked } = play(dice);
    if (problems.length > 0 || ended !== asked)
      wrong.push(`seed ${before}: ${problems.join('; ')}, ${ended} of ${asked}`);
    ends += ended;
  }
  return { streams, ended: ends, wrong };
}

const MOST_TOLD = 10;
