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
  /** Milliseconds of processor a page: the bridges, the processes of the modems, and what is no part of a box. */
  readonly cpu: { readonly bridges: number; readonly modems: number; readonly others: number };
};

type RealWish = {
  readonly rows: readonly FaxRow[];
  readonly faxes: number;
  readonly atOnce: number;
  /** Every ten seconds this process does nothing else for so long, in milliseconds; a page takes twenty. */
  readonly stall: number;
};

/** The compiled process of a fax modem. */
export const FAX_PROCESS = fileURLToPath(new URL('../../../firmware-ts/fax-process.js', import.meta.url));
const PAGES = 3;
const STALL_EVERY = 10_000;

/** Faxes of three pages in real time, so many at once: both ways in turn, every second pair without ECM. */
export async function measureReal(wish: RealWish, tell: (row: RealRow) => void): Promise<void> {
  const { programs, clear } = buildPrograms();
  try {
    for (const row of wish.rows) tell(await measureRow(row, wish, programs));
  } finally {
    clear();
  }
}

async function measureRow({ name, path }: FaxRow, wish: RealWish, programs: Programs): Promise<RealRow> {
  const meter = createMeter();
  const stalling = wish.stall > 0 ? setInterval(() => meter.aside(() => stall(wish.stall)), STALL_EVERY) : undefined;
  const one = (number: number): Promise<RealFaxOutcome> =>
    realFax({
      ...{ programs, entry: FAX_PROCESS, pages: PAGES, seed: number + 1, redundancy: 3, repeats: false },
      path: { ...CLEAN_PATH, ...path },
      machine: number % 2 === 0 ? 'sends' : 'receives',
      ecm: number % 4 < 2,
      ...{ begins: meter.begins, ends: meter.ends, aside: meter.aside },
    });
  const outcomes: RealFaxOutcome[] = [];
  try {
    for (let from = 0; from < wish.faxes; from += wish.atOnce) {
      const some = Array.from({ length: Math.min(wish.atOnce, wish.faxes - from) }, (_, k) => one(from + k));
      outcomes.push(...(await Promise.all(some)));
    }
  } finally {
    clearInterval(stalling);
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
  let others = 0;
  const waiting: (() => void)[] = [];
  return {
    aside<T>(work: () => T): T {
      const start = process.cpuUsage();
      try {
        return work();
      } finally {
        if (before !== undefined) others += spent(start);
      }
    },
    begins(tty: string): void {
      before ??= process.cpuUsage();
      starts.set(tty, processorOfModem(tty));
    },
    /** What it received is judged when all are over: that holds up everything here for a while. */
    async ends(tty: string): Promise<void> {
      modems += processorOfModem(tty) - (starts.get(tty) ?? 0);
      starts.delete(tty);
      if (starts.size > 0) return new Promise((over) => waiting.push(over));
      if (before !== undefined) here += spent(before);
      before = undefined;
      for (const over of waiting.splice(0)) over();
    },
    perPage(pages: number) {
      const [bridges = 0, ofModems = 0, ofOthers = 0] = [here - others, modems, others].map((all) =>
        Math.round(all / pages),
      );
      return { bridges, modems: ofModems, others: ofOthers };
    },
  };
}

/** Milliseconds of processor that this process has used since. */
function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
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
