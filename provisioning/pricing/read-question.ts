import type { Destination } from '../../agent/model/destination.ts';
import type { Numbering } from '../../agent/model/numbering.ts';
import { dayNumber, parisInstant, readDay } from '../../agent/rating/calendar/paris.ts';
import { LONGEST_CALL_SECONDS } from '../../agent/rating/deck/call-price.ts';
import { classify, inZone } from '../../agent/rating/numbering/classify.ts';
import { readDate } from './read-cell.ts';

/** What a call costs: to whom, when (Unix ms), and for how long. */
export type Question = {
  readonly destination: Destination;
  readonly isIn: (territory: string, zone: string) => boolean;
  readonly at: number;
  readonly seconds: number;
};
type Options = {
  readonly now: number;
  readonly at?: string;
  readonly seconds?: string;
};
type Wrong = { readonly remedy: string };

/** Reads the options of `relais tariff price`. */
export function readQuestion(number: string, options: Options, numbering: Numbering): Question | Wrong {
  const destination = classify(number, numbering);
  if (destination.class === 'invalid' && !/^\+?\d+$/.test(destination.number)) {
    return { remedy: `${number}: not a number that can be dialled` };
  }
  const at = options.at === undefined ? options.now : readTime(options.at);
  if (at === undefined)
    return { remedy: `--at ${options.at}: a day such as 2026-11-22, or 2026-11-22T14:30, in Paris` };
  const seconds = /^\d{1,8}$/.test(options.seconds ?? '60') ? Number(options.seconds ?? 60) : Number.NaN;
  if (!(seconds <= LONGEST_CALL_SECONDS)) {
    return { remedy: `--seconds ${options.seconds}: a whole number from 0 to ${LONGEST_CALL_SECONDS}` };
  }
  const isIn = (territory: string, zone: string): boolean => inZone(territory, zone, numbering);
  return { destination, isIn, at, seconds };
}

function readTime(text: string): number | undefined {
  const [day = '', time = '00:00', ...more] = text.split('T');
  const read = readDate(day);
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  if (!('value' in read) || more.length > 0 || Number(hours ?? 24) > 23 || Number(minutes) > 59) return undefined;
  return parisInstant(dayNumber(readDay(String(read.value))), (Number(hours) * 60 + Number(minutes)) * 60_000);
}
