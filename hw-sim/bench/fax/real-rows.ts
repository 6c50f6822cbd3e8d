import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLEAN_PATH } from '../../fax/lossy-path.ts';
import { type RealFaxOutcome, realFax } from './real-fax.ts';
import type { FaxRow } from './rows.ts';
import type { Programs } from './soft-modem-world.ts';
import { buildPrograms } from './soft-rows.ts';

export type RealRow = {
  readonly name: string;
  readonly outcomes: readonly RealFaxOutcome[];
  readonly whole: number;
  readonly dropped: number;
  /** Milliseconds of processor a page: this process, with the far end's wire in it, and those of the modems. */
  readonly cpu: { readonly here: number; readonly modems: number };
};

type RealWish = {
  readonly rows: readonly FaxRow[];
  readonly faxes: number;
  readonly atOnce: number;
  /** Every ten seconds this process does nothing else for so long, in milliseconds; a page takes twenty. */
  readonly stall: number;
};

const ENTRY = fileURLToPath(new URL('../../../firmware-ts/fax-process.js', import.meta.url));
const PAGES = 3;
const STALL_EVERY = 10_000;

/** Faxes of three pages in real time, so many at once: both ways in turn, every second pair without ECM. */
export async function measureReal(wish: RealWish, tell: (row: RealRow) => void): Promise<void> {
  const { programs, clear } = buildPrograms();
  const stalling = wish.stall > 0 ? setInterval(() => stall(wish.stall), STALL_EVERY) : undefined;
  try {
    for (const row of wish.rows) tell(await measureRow(row, wish, programs));
  } finally {
    clearInterval(stalling);
    clear();
  }
}

async function measureRow({ name, path }: FaxRow, wish: RealWish, programs: Programs): Promise<RealRow> {
  const meter = createMeter();
  const one = (number: number): Promise<RealFaxOutcome> =>
    realFax({
      ...{ programs, entry: ENTRY, pages: PAGES, seed: number + 1, redundancy: 3, repeats: false },
      path: { ...CLEAN_PATH, ...path },
      machine: number % 2 === 0 ? 'sends' : 'receives',
      ecm: number % 4 < 2,
      ...{ begins: meter.begins, ends: meter.ends },
    });
  const outcomes: RealFaxOutcome[] = [];
  for (let from = 0; from < wish.faxes; from += wish.atOnce) {
    const some = Array.from({ length: Math.min(wish.atOnce, wish.faxes - from) }, (_, k) => one(from + k));
    outcomes.push(...(await Promise.all(some)));
  }
  return {
    name,
    outcomes,
    whole: outcomes.filter((fax) => fax.whole && fax.told === PAGES).length,
    dropped: outcomes.reduce((sum, { tally }) => sum + tally.dropped, 0),
    cpu: meter.perPage(wish.faxes * PAGES),
  };
}

/** Processor from the beginning of a fax to its end, start and set-up of the modem's process not counted. */
function createMeter() {
  const starts = new Map<string, number>();
  let before: NodeJS.CpuUsage | undefined;
  let here = 0;
  let modems = 0;
  return {
    begins(tty: string): void {
      before ??= process.cpuUsage();
      starts.set(tty, processorOfModem(tty));
    },
    ends(tty: string): void {
      modems += processorOfModem(tty) - (starts.get(tty) ?? 0);
      starts.delete(tty);
      if (starts.size > 0) return;
      const { user, system } = process.cpuUsage(before);
      here += (user + system) / 1_000;
      before = undefined;
    },
    perPage: (pages: number) => ({ here: Math.round(here / pages), modems: Math.round(modems / pages) }),
  };
}

function stall(time: number): void {
  const until = performance.now() + time;
  while (performance.now() < until);
}

/** Milliseconds of processor that the process of a modem has used: our child that was told of this tty. A tick of Linux is 10 ms. */
function processorOfModem(tty: string): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const mine = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`"${tty}"`));
  const fields = readFileSync(`/proc/${mine ?? 'self'}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
