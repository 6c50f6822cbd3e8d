import { z } from 'zod';
import type { LimitUse } from '../../../agent/model/limit-use.ts';
import type { Signal } from '../../../agent/model/signal.ts';
import { emptyUses, type KnownUses, withUses } from '../../../agent/rating/limits/known-uses.ts';
import { timeField, writeTime } from './times.ts';

const TICKS = 60;

/** The article that signals cite. */
export const articleField = (usual: string) => z.string().min(1).max(600).default(usual);

/** Whole micro-euro excluding VAT; below zero for a credit note. */
export const microEuroField = z.int().min(-100_000_000_000).max(100_000_000_000);

/** What every use of a case may say of itself. */
export const useFields = {
  at: timeField,
  /** Absent: its place in the list, such as "use-3". */
  id: z.string().min(1).max(200).optional(),
  /** The id of an earlier record that this one corrects. */
  replaces: z.string().min(1).max(200).optional(),
  /** Takes back the record that `replaces` names, instead of correcting it. */
  canceled: z.boolean().default(false),
  /** When the record arrived; absent: at once. More than 75 days late it does not count. */
  arrived: timeField.optional(),
};
type Told = {
  readonly at: number;
  readonly id?: string | undefined;
  readonly replaces?: string | undefined;
  readonly canceled: boolean;
  readonly arrived?: number | undefined;
};

/** Told uses as the set that the rules read. A canceled one only takes back. */
export function knownOf<Use extends Told>(
  uses: readonly Use[],
  line: string,
  readUse: (use: Use, common: { readonly id: string; readonly line: string; readonly at: number }) => LimitUse,
): KnownUses {
  const arrivals = uses.map((use, index) => {
    const { at, replaces, canceled, arrived = at } = use;
    const common = { id: use.id ?? `use-${index + 1}`, line, at, ...(replaces === undefined ? {} : { replaces }) };
    const takesBack = { kind: 'canceled', ...common, replaces: replaces ?? '' } as const;
    const read = canceled ? { use: takesBack, ticks: 0, option: false } : readUse(use, common);
    return { use: read, seen: arrived };
  });
  return withUses(emptyUses(), arrivals);
}

/** A use that takes back must say what. */
export const namesWhatItTakesBack = {
  check: (use: Told): boolean => !use.canceled || use.replaces !== undefined,
  problem: { path: ['replaces'], error: 'a canceled record names the record that it takes back' },
};

export const ticksOf = (microEuro: number): number => microEuro * TICKS;
/** Rounded down; exact for amounts that came in as micro-euro. */
export const microEuroOf = (ticks: number): number => Math.floor(ticks / TICKS);

/** A signal for a person: times of Paris, money in micro-euro. */
export function writeSignal(signal: Signal): Readonly<Record<string, unknown>> {
  const money = signal.unit === 'ticks';
  const amount = (n: number): number => (money ? microEuroOf(n) : n);
  const [measured, limit] = money ? ['measuredMicroEuro', 'limitMicroEuro'] : ['measured', 'limit'];
  return {
    requirement: signal.rule,
    article: signal.article,
    [signal.scope]: signal.subject,
    action: signal.action.name,
    at: writeTime(signal.at),
    cause: signal.cause,
    ...(signal.until === undefined ? {} : { until: writeTime(signal.until) }),
    [measured]: amount(signal.measured),
    [limit]: amount(signal.limit),
  };
}
