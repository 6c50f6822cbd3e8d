import { ClassSchema, type Destination, TerritorySchema } from '../../agent/model/destination.ts';
import { dayNumber, parisInstant, readDay } from '../../agent/rating/calendar/paris.ts';
import { LONGEST_CALL_SECONDS } from '../../agent/rating/deck/call-price.ts';
import { readDialled } from '../../agent/rating/dialled.ts';
import { readDate } from './read-cell.ts';

/** What a call costs: to whom, when (Unix ms), and for how long. */
export type Question = {
  readonly destination: Destination;
  readonly zones: ReadonlySet<string>;
  readonly at: number;
  readonly seconds: number;
};
type Options = {
  readonly now: number;
  readonly class?: string;
  readonly territory?: string;
  readonly zones?: string;
  readonly at?: string;
  readonly seconds?: string;
};
type Wrong = { readonly remedy: string };

/** Reads the options of `relais tariff price`. */
export function readQuestion(number: string, options: Options): Question | Wrong {
  const destination = readDestination(number, options);
  if ('remedy' in destination) return destination;
  const at = options.at === undefined ? options.now : readTime(options.at);
  if (at === undefined)
    return { remedy: `--at ${options.at}: a day such as 2026-11-22, or 2026-11-22T14:30, in Paris` };
  const seconds = /^\d{1,8}$/.test(options.seconds ?? '60') ? Number(options.seconds ?? 60) : Number.NaN;
  if (!(seconds <= LONGEST_CALL_SECONDS)) {
    return { remedy: `--seconds ${options.seconds}: a whole number from 0 to ${LONGEST_CALL_SECONDS}` };
  }
  const zones = new Set((options.zones ?? '').split(',').filter((zone) => zone !== ''));
  return { destination, zones, at, seconds };
}

function readDestination(number: string, options: Options): Destination | Wrong {
  const read = readDialled(number);
  if (read.is === 'unreadable') return { remedy: `${number}: not a number that can be dialled` };
  if (read.is === 'emergency') return { number: read.number, class: 'emergency', territory: undefined };
  const named = ClassSchema.safeParse(options.class);
  if (!named.success)
    return { remedy: `--class ${options.class ?? '(missing)'}: one of ${ClassSchema.options.join(', ')}` };
  const territory = TerritorySchema.optional().safeParse(options.territory);
  if (!territory.success) return { remedy: `--territory ${options.territory}: an ISO 3166-1 code such as FR` };
  const written = read.is === 'short' ? read.digits : `+${read.digits}`;
  return { number: written, class: named.data, territory: territory.data };
}

function readTime(text: string): number | undefined {
  const [day = '', time = '00:00', ...more] = text.split('T');
  const read = readDate(day);
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  if (!('value' in read) || more.length > 0 || Number(hours ?? 24) > 23 || Number(minutes) > 59) return undefined;
  return parisInstant(dayNumber(readDay(String(read.value))), (Number(hours) * 60 + Number(minutes)) * 60_000);
}
