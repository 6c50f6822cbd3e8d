import { z } from 'zod';
import type { LimitUse } from '../../../agent/model/limit-use.ts';
import type { Signal } from '../../../agent/model/signal.ts';
import {
  civilDay,
  dayNumber,
  parisDay,
  parisInstant,
  parisOffset,
  parisTimeOfDay,
  writeDay,
} from '../../../agent/rating/calendar/paris.ts';
import { emptyUses, type KnownUses, withUses } from '../../../agent/rating/limits/known-uses.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?(Z|[+-]\d\d:\d\d)?$/;
const UNREADABLE =
  'a time such as "2026-11-22T09:30" (Paris) or "2026-11-22T08:30:00Z", on a day that exists, from 1996 on';
const TICKS = 60;

/**
 * An instant: ISO 8601 with an offset or Z, or the wall in Paris without one. Where October repeats an hour the wall
 * means its first passage; a time that March leaves out is refused. Read as Unix milliseconds.
 */
export const timeField = z.string().transform((text, context): number => {
  const instant = readTime(text);
  if (instant !== undefined) return instant;
  context.addIssue(UNREADABLE);
  return z.NEVER;
});

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

/** Such as "2026-11-22T09:30:00+01:00"; thousandths only where there are any. */
export function writeTime(instant: number): string {
  const time = parisTimeOfDay(instant);
  const clock = [Math.floor(time / HOUR), Math.floor(time / MINUTE) % 60, Math.floor(time / 1_000) % 60]
    .map(two)
    .join(':');
  const thousandths = time % 1_000 === 0 ? '' : `.${String(time % 1_000).padStart(3, '0')}`;
  return `${writeDay(civilDay(parisDay(instant)))}T${clock}${thousandths}+${two(parisOffset(instant) / HOUR)}:00`;
}

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

function readTime(text: string): number | undefined {
  const [, date = '', hour, minute, second = '0', fraction = '0', offset] = TIME.exec(text) ?? [];
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const number = dayNumber({ year, month, day });
  if (hour === undefined || year < 1996 || writeDay(civilDay(number)) !== date) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const time = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * 1_000 + Number(fraction);
  if (offset !== undefined) return readOffset(offset, number * DAY + time);
  const instant = parisInstant(number, time);
  return parisTimeOfDay(instant) === time ? instant : undefined;
}

function readOffset(offset: string, wall: number): number | undefined {
  if (offset === 'Z') return wall;
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  if (hours > 14 || minutes > 59) return undefined;
  return offset.startsWith('-') ? wall + hours * HOUR + minutes * MINUTE : wall - hours * HOUR - minutes * MINUTE;
}

const two = (n: number): string => String(n).padStart(2, '0');
