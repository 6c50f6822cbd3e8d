import { millis } from '../../../agent/model/units.ts';
import { CLEAN_PATH, type PathRules } from '../../fax/lossy-path.ts';
import { type FaxOutcome, type FaxWish, sendFax } from './fax-world.ts';
import { isWholeIn, pagesFor } from './sample-document.ts';

/** A path on which faxes of three pages are sent, and the least share of them, in %, that must arrive whole. */
export type FaxRow = {
  readonly name: string;
  readonly path: Partial<PathRules>;
  readonly more?: Partial<FaxWish>;
  readonly aim: { readonly ecm: number; readonly plain: number };
};

const ALL = { ecm: 100, plain: 100 };
/** Above what the issue asks for nothing is promised. */
const OPEN = { ecm: 0, plain: 0 };

/** Loss in both directions. */
export const FAX_ROWS: readonly FaxRow[] = [
  { name: 'clean', path: {}, aim: ALL },
  { name: '1 % loss', path: { loss: 0.01 }, aim: ALL },
  { name: '2 % loss', path: { loss: 0.02 }, aim: { ecm: 99, plain: 97 } },
  { name: '5 % loss', path: { loss: 0.05 }, aim: { ecm: 99, plain: 97 } },
  { name: '10 % loss', path: { loss: 0.1 }, aim: { ecm: 99, plain: 97 } },
  { name: '20 % loss', path: { loss: 0.2 }, aim: { ecm: 98, plain: 0 } },
  { name: '5 % in bursts of 3', path: { loss: 0.05, burst: 3 }, aim: { ecm: 97, plain: 0 } },
  { name: '10 % in bursts of 3', path: { loss: 0.1, burst: 3 }, aim: { ecm: 88, plain: 0 } },
  { name: '10 % twice', path: { twice: 0.1 }, aim: ALL },
  { name: '5 % late, jitter 80 ms', path: { late: 0.05, jitter: millis(80) }, aim: { ecm: 99, plain: 97 } },
  { name: 'delay 600 ms', path: { delay: millis(600), jitter: millis(40) }, aim: { ecm: 99, plain: 97 } },
  { name: 'delay 600 ms, 5 % loss', path: { delay: millis(600), jitter: millis(40), loss: 0.05 }, aim: OPEN },
  { name: '10 % loss, peer takes 400 octets', path: { loss: 0.1 }, more: { largest: 400 }, aim: OPEN },
  {
    name: '500 ms of nothing every 5 s',
    path: { outage: { every: millis(5_000), lasting: millis(500) } },
    aim: OPEN,
  },
];

/** Those that the issue of fax names. */
export const NAMED_ROWS: readonly FaxRow[] = FAX_ROWS.filter(({ aim }) => aim !== OPEN);

export type RowResult = {
  /** Share of faxes, in %, whose pages all arrived whole and were all confirmed. */
  readonly whole: number;
  /** Faxes in which other pages were told for the bill than the receiver confirmed: more of them, or fewer. */
  readonly overbilled: number;
  readonly missed: number;
  /** Mean time of a fax that arrived, in seconds. */
  readonly seconds: number;
  readonly failures: readonly { readonly seed: number; readonly outcome: FaxOutcome }[];
};

const PAGES = 3;

/** So many faxes of three pages, each on a path of its own chance from `seed` on. */
export function measureRow(row: FaxRow, ecm: boolean, faxes: number, seed = 1): RowResult {
  const sent = pagesFor(PAGES, ecm);
  const all = Array.from({ length: faxes }, (_, k) => {
    const path = { ...CLEAN_PATH, ...row.path };
    const outcome = sendFax({ seed: seed + k, path, pages: sent, ecm, ...row.more });
    return { seed: seed + k, outcome };
  });
  const isWhole = ({ outcome }: (typeof all)[number]): boolean =>
    outcome.sender === 'sent' && isWholeIn(outcome.received, sent, ecm);
  const whole = all.filter(isWhole);
  const billed = ({ news }: FaxOutcome): number => news.calling.filter(({ on }) => on === 'page-confirmed').length;
  const time = whole.reduce((sum, { outcome }) => sum + outcome.duration, 0) / Math.max(1, whole.length);
  return {
    whole: Math.floor((1_000 * whole.length) / faxes) / 10,
    overbilled: all.filter(({ outcome }) => billed(outcome) > outcome.received.length).length,
    missed: all.filter(({ outcome }) => billed(outcome) < outcome.confirmed).length,
    seconds: Math.round(time / 100) / 10,
    failures: all.filter((one) => !isWhole(one)),
  };
}
