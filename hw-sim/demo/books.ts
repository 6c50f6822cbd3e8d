import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from './stage.ts';

export type Charged = {
  readonly epoch: string;
  readonly seq: number;
  readonly call: string;
  readonly bundleSeconds: number;
  readonly paidSeconds: number;
  readonly ticks: number;
  readonly rule: string;
};

/** `relais ledger report`, as far as it is held against the central's. */
export type BoxReport = {
  readonly records: number;
  /** Calls that were let through and have no end yet. */
  readonly open: number;
  readonly calls: readonly { readonly call: string; readonly class: string; readonly cause: string }[];
  readonly charges: readonly Charged[];
};

/** `relais central report --json`, as far as it is held against the box's. */
export type CentralReport = {
  readonly devices: readonly {
    readonly received: number;
    readonly rated: number;
    readonly grantedTicks: number;
    readonly returnedTicks: number;
    readonly setAside: number;
  }[];
  readonly accounts: readonly { readonly capMicroEuro: number }[];
  readonly charges: readonly Charged[];
};

const QUIET_MS = 1_500;
const MOST_LOOKS = 40;

/** Waits until the central hears nothing new, stops the agent, and asks both sides from outside. */
export async function drained(stage: Stage): Promise<readonly [BoxReport, CentralReport]> {
  let before = -1;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const { devices } = (await stage.centralReport()) as CentralReport;
    const received = devices[0]?.received ?? 0;
    if (received === before) break;
    before = received;
    await pause(QUIET_MS);
  }
  await stage.stopAgent();
  return [(await stage.ledgerReport()) as BoxReport, (await stage.centralReport()) as CentralReport];
}

export const sum = (charges: readonly Charged[]): number => charges.reduce((total, charge) => total + charge.ticks, 0);

/** Every charge of the one side is on the other, of the same record, with the same split, amount and rule, and none twice. */
export function sameCharges(ours: readonly Charged[], theirs: readonly Charged[]): boolean {
  const text = (charges: readonly Charged[]): string =>
    charges
      .map((c) => [c.epoch, c.seq, c.call, c.bundleSeconds, c.paidSeconds, c.ticks, c.rule].join(' '))
      .toSorted()
      .join('\n');
  return text(ours) === text(theirs);
}
