import { setTimeout as pause } from 'node:timers/promises';
import type { Victim } from '../soak/victim.ts';
import { type Cost, costOf } from './process-cost.ts';

/** Long enough for a machine that does other things too; whoever waits longer has found a bug. */
const PATIENCE_MS = 900_000;
const LOOK_MS = 50;

type Phase = {
  readonly name: string;
  /** Of each only what runs already is counted. */
  readonly processes: Readonly<Record<string, Pick<Victim, 'pid'>>>;
  readonly hear: (phase: string, found: object) => void;
};

/** Says what a phase found and took, and what each process spent on it. */
export async function timed({ name, processes, hear }: Phase, work: () => Promise<object | undefined>): Promise<void> {
  const before = costsOf(processes);
  const began = performance.now();
  const found = await work();
  const seconds = since(began);
  const costs = Object.entries(costsOf(processes)).map(([who, after]) => [who, spent(after, before[who])]);
  hear(name, { ...found, seconds, ...Object.fromEntries(costs) });
}

/** @throws Error with `what` when it did not come to that. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > giveUp) throw new Error(`it did not come to this: ${what}`);
    await pause(LOOK_MS);
  }
}

/** Seconds, to the hundredth. */
export const since = (began: number): number => round((performance.now() - began) / 1_000);

const round = (value: number): number => Math.round(value * 100) / 100;

function costsOf(processes: Phase['processes']): Readonly<Record<string, Cost>> {
  const ours = [['devices', costOf(process.pid)] as const];
  return Object.fromEntries([
    ...Object.entries(processes).map(([who, one]) => [who, costOf(one.pid())] as const),
    ...ours,
  ]);
}

/** A process that was started again in between begins at nothing. */
function spent(after: Cost, before: Cost | undefined): Cost {
  const already = before !== undefined && before.cpuSeconds <= after.cpuSeconds ? before.cpuSeconds : 0;
  return { cpuSeconds: round(after.cpuSeconds - already), residentMb: after.residentMb };
}
