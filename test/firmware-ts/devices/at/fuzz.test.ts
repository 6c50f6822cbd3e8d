import { describe, expect, it } from 'vitest';
import { type Dice, play, playNoise } from './fuzz.ts';

const STREAMS = Number(process.env.AT_FUZZ_STREAMS ?? 1_000_000);

describe('a million streams of an AT line', () => {
  it('S-8: none hangs, gives an answer to the wrong question, loses a report or tells a code', {
    timeout: 600_000,
  }, () => {
    const dice: Dice = { state: 0x5eed };
    let ends = 0;
    for (let stream = 0; stream < STREAMS; stream += 1) {
      const before = dice.state;
      if (stream % 4 === 3) {
        if (!playNoise(dice)) expect.fail(`noise of seed ${before} hangs`);
        continue;
      }
      const { problems, ended, asked } = play(dice);
      if (problems.length > 0 || ended !== asked)
        expect.fail(`seed ${before}: ${problems.join('; ')}, ${ended} of ${asked}`);
      ends += ended;
    }
    expect(ends).toBeGreaterThan(STREAMS * 0.75);
  });
});
