import { describe, expect, it } from 'vitest';
import { millis } from '../../../../agent/model/units.ts';
import { CLEAN_PATH, type PathRules } from '../../../../hw-sim/fax/lossy-path.ts';
import { type FaxOutcome, type Style, sendFax } from './fax-over-path.ts';

/** More of them for the figures of docs/fax.md: FAXES=200 npx vitest run test/agent/fax/t38/delivery.test.ts */
const FAXES = Number(process.env.FAXES ?? 5);

type Row = readonly [sentence: string, path: Partial<PathRules>, leastSignals: number, leastPages: number];

/** Least shares, in %, of V.21 signals and pages that arrive whole and in time at the first try. */
const ROWS: readonly Row[] = [
  ['a clean path', {}, 100, 100],
  ['1 % loss', { loss: 0.01 }, 100, 100],
  ['2 % loss', { loss: 0.02 }, 100, 100],
  ['5 % loss', { loss: 0.05 }, 100, 100],
  ['10 % loss', { loss: 0.1 }, 100, 100],
  ['20 % loss', { loss: 0.2 }, 100, 100],
  ['5 % loss in bursts of 3', { loss: 0.05, burst: 3 }, 99, 99],
  ['10 % loss in bursts of 3', { loss: 0.1, burst: 3 }, 99, 98],
  [
    '80 ms of jitter, 5 % late, 2 % twice, 5 % loss',
    { loss: 0.05, jitter: millis(80), late: 0.05, twice: 0.02 },
    100,
    99,
  ],
  ['an outage of 500 ms every 5 s', { outage: { every: millis(5_000), lasting: millis(500) } }, 99, 100],
  ['a satellite, 600 ms, 40 ms of jitter, 2 % loss', { loss: 0.02, delay: millis(600), jitter: millis(40) }, 100, 100],
];

type Shares = { readonly signals: number; readonly pages: number; readonly faxes: number; readonly kilobits: number };

function measure(path: Partial<PathRules>, style: Style, largest = 1_400): Shares {
  const all = Array.from({ length: FAXES }, (_, k) =>
    sendFax({ seed: 1 + k, path: { ...CLEAN_PATH, ...path }, style, largest }),
  );
  const sum = (pick: (one: FaxOutcome) => number): number => all.reduce((total, one) => total + pick(one), 0);
  const percent = (part: number, whole: number): number => Math.floor((1_000 * part) / whole) / 10;
  return {
    signals: percent(
      sum((one) => one.wholeSignals),
      sum((one) => one.signals),
    ),
    pages: percent(
      sum((one) => one.wholePages),
      sum((one) => one.pages),
    ),
    faxes: percent(all.filter((one) => one.wholeSignals === one.signals && one.wholePages === one.pages).length, FAXES),
    kilobits: Math.round(sum((one) => one.octets) / FAXES / 125),
  };
}

describe('faxes over bad paths, each turn with one chance and nobody asking again (X-1)', () => {
  it.each(ROWS)(
    'X-1: over %s arrives what must, and never less than with redundancy 3 alone',
    (sentence, path, signals, pages) => {
      const ours = measure(path, 'ours');
      const plain = measure(path, 'plain');
      if (process.env.FAXES) process.stdout.write(`${sentence}: ${JSON.stringify({ ours, plain })}\n`);
      expect(ours.signals).toBeGreaterThanOrEqual(signals);
      expect(ours.pages).toBeGreaterThanOrEqual(pages);
      expect(ours.signals).toBeGreaterThanOrEqual(plain.signals);
      expect(ours.pages).toBeGreaterThanOrEqual(plain.pages);
    },
  );

  it.each([
    [400, { loss: 0.1 }, 100, 100],
    [400, { loss: 0.1, burst: 3 }, 99, 98],
    [72, { loss: 0.05 }, 100, 99],
  ] as const)(
    'X-1: a peer that takes %i octets a datagram gets fewer secondaries, and twins for them: %o',
    (largest, path, signals, pages) => {
      const ours = measure(path, 'ours', largest);
      if (process.env.FAXES)
        process.stdout.write(`${largest} octets, ${JSON.stringify(path)}: ${JSON.stringify(ours)}\n`);
      expect(ours.signals).toBeGreaterThanOrEqual(signals);
      expect(ours.pages).toBeGreaterThanOrEqual(pages);
    },
  );
});
