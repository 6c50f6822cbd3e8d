import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_PATH } from '../../fax/lossy-path.ts';
import { buildSpandsp } from './build-spandsp.ts';
import { faxWithSoftModem, type Programs, type SoftFaxOutcome, type SoftFaxWish } from './soft-modem-world.ts';
import { type FarWish, PEERS } from './spandsp-rows.ts';

/** Modems of the machine, and training checks that are refused until a rate is left. */
export const SPEEDS = [
  { rate: 'v17-14400', modems: 7, checksRefused: 0 },
  { rate: 'v17-12000', modems: 7, checksRefused: 1 },
  { rate: 'v17-9600', modems: 7, checksRefused: 2 },
  { rate: 'v17-7200', modems: 7, checksRefused: 4 },
  { rate: 'v29-9600', modems: 3, checksRefused: 0 },
  { rate: 'v29-7200', modems: 3, checksRefused: 1 },
  { rate: 'v27ter-4800', modems: 1, checksRefused: 0 },
  { rate: 'v27ter-2400', modems: 1, checksRefused: 1 },
] as const;

/** Telephone pairs that a machine has to get along with. */
const PAIRS: readonly (readonly [string, Partial<SoftFaxWish>])[] = [
  ['10 dB down, noise of -65 dBm0', { loss: 10, noise: -65 }],
  ['echo of 12 dB, 20 ms', { echo: 12, delay: 20 }],
  ['modem at 19,200 baud', { baudRate: 19_200 }],
  ['modem at 38,400 baud', { baudRate: 38_400 }],
];

export type SoftRow = {
  readonly name: string;
  readonly faxes: number;
  readonly whole: number;
  /** Faxes in which other pages were told for the bill than the receiver confirmed. */
  readonly misbilled: number;
  readonly dropped: number;
  readonly failures: readonly SoftFaxOutcome[];
};

type Case = {
  readonly name: string;
  readonly faxes: number;
  readonly rate?: string;
  readonly more: Partial<SoftFaxWish>;
};

/** Programs of libspandsp, built in a folder that `clear` takes away. */
export function buildPrograms(): { readonly programs: Programs; readonly clear: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  const programs = {
    modem: buildSpandsp('spandsp-softmodem', folder),
    terminal: buildSpandsp('spandsp-terminal', folder),
  };
  return { programs, clear: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Real signals in simulated time: 1, 3 and 20 pages, every speed, pairs of all kinds, one fax each. */
export const SOFT_BASICS: readonly Case[] = [
  ...[1, 3, 20].map((pages) => ({ name: `${pages} page(s)`, faxes: 1, more: { pages } })),
  ...SPEEDS.map(({ rate, ...more }) => ({ name: rate, faxes: 1, rate, more })),
  ...PAIRS.map(([name, more]) => ({ name, faxes: 1, more: { ...more, pages: 3 } })),
];

/** `first`, and so many faxes of three pages on each bad path. */
export function* measureSoft(first: readonly Case[], { faxes, rows, peers, ways, ecm }: FarWish): Generator<SoftRow> {
  const { programs, clear } = buildPrograms();
  const paths = rows.flatMap(({ name, path }) =>
    peers.map((peer): Case => {
      const { name: protection, ...more } = PEERS[peer];
      return { name: `${name}, ${protection}`, faxes, more: { path: { ...CLEAN_PATH, ...path }, pages: 3, ...more } };
    }),
  );
  try {
    for (const one of [...first, ...paths])
      for (const machine of ways) for (const corrects of ecm) yield rowOf(programs, one, { machine, ecm: corrects });
  } finally {
    clear();
  }
}

function rowOf(
  programs: Programs,
  { name, faxes, rate, more }: Case,
  way: Pick<SoftFaxWish, 'machine' | 'ecm'>,
): SoftRow {
  const common = { programs, pages: 1, path: CLEAN_PATH, redundancy: 3, repeats: false, ...more, ...way };
  const all = Array.from({ length: faxes }, (_, seed) => faxWithSoftModem({ ...common, seed: seed + 1 }));
  const isWhole = (fax: SoftFaxOutcome): boolean =>
    fax.whole && fax.told === common.pages && fax.ecm === way.ecm && fax.rate === (rate ?? fax.rate);
  return {
    name: `${name}, machine ${way.machine}, ${way.ecm ? 'ECM' : 'without'}`,
    faxes,
    whole: all.filter(isWhole).length,
    misbilled: way.machine === 'sends' ? all.filter(({ told, terminalPages }) => told > terminalPages).length : 0,
    dropped: all.reduce((sum, { tally }) => sum + tally.dropped, 0),
    failures: all.filter((fax) => !isWhole(fax)),
  };
}
