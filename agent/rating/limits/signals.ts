import type { Step } from '../../model/limit-action.ts';
import type { Signal, Standing } from '../../model/signal.ts';
import { whole } from '../whole.ts';

/** What a rule measured once something had happened, and the limit then; no limit under a waiver. */
export type Level = {
  readonly at: number;
  readonly cause: string;
  readonly measured: number;
  readonly limit: number | undefined;
};

/** What all signals of one rule and subject have in common. */
export type About = Pick<Signal, 'rule' | 'article' | 'scope' | 'subject' | 'unit'>;

export const TICKS_OF_A_MICRO_EURO = 60;

/**
 * The signals of a history of levels, oldest first: one for each time that a step came to hold, until it ceased to.
 * A step that held for no time at all leaves no trace.
 */
export function signalsOf(levels: readonly Level[], steps: readonly Step[], about: About): readonly Signal[] {
  return steps.flatMap((step) => runsOf(levels, step, about)).toSorted((a, b) => a.at - b.at);
}

/** The last level, what stands of the signals, and all of them. */
export const standingOf = (levels: readonly Level[], signals: readonly Signal[]): Standing => ({
  measured: levels.at(-1)?.measured ?? 0,
  limit: levels.at(-1)?.limit,
  inForce: signals.filter((signal) => signal.until === undefined),
  signals,
});

/** Whether the step holds at the level: exact at the point itself, however large the amounts. */
export function holds(
  step: Step,
  { measured, limit }: Pick<Level, 'measured' | 'limit'>,
  unit: Signal['unit'],
): boolean {
  if (limit === undefined) return false;
  const excess =
    'percent' in step.at
      ? BigInt(whole(measured)) * 100n - BigInt(whole(limit)) * BigInt(step.at.percent)
      : BigInt(whole(measured) - pointOf(step.at.value, unit));
  return step.is === 'reached' ? excess >= 0n : excess > 0n;
}

const pointOf = (value: number, unit: Signal['unit']): number =>
  whole(unit === 'ticks' ? value * TICKS_OF_A_MICRO_EURO : value);

function runsOf(levels: readonly Level[], step: Step, about: About): readonly Signal[] {
  const runs: Signal[] = [];
  let open: Signal | undefined;
  for (const level of levels) {
    if (holds(step, level, about.unit)) open ??= signalAt(level, step, about);
    else if (open !== undefined) {
      if (level.at > open.at) runs.push({ ...open, until: level.at });
      open = undefined;
    }
  }
  return open === undefined ? runs : [...runs, open];
}

const signalAt = (level: Level, step: Step, about: About): Signal => ({
  ...about,
  at: level.at,
  cause: level.cause,
  measured: level.measured,
  limit: 'value' in step.at ? pointOf(step.at.value, about.unit) : (level.limit ?? 0),
  action: step.do,
});
