import { describe, expect, it } from 'vitest';
import { playStreams } from '../../../../hw-sim/bench/sim/play-streams.ts';

/** A million of them are played by the bench of this subject. */
const STREAMS = 60_000;

describe('streams of an AT line, in pieces, with reports and noise in between', () => {
  it.each([0x5eed, 0xbead])(
    'S-8: none hangs, gives an answer to the wrong question, loses a report or tells a code (seed %i)',
    (seed) => {
      const { wrong, ended } = playStreams(STREAMS, seed);
      expect(wrong).toEqual([]);
      expect(ended).toBeGreaterThan(STREAMS * 0.75);
    },
  );
});
