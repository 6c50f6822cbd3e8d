import { z } from 'zod';
import { WeeklyHoursSchema } from '../../../agent/model/weekly-hours.ts';
import { type Holiday, holidayOf, inAlsaceMoselle } from '../../../agent/rating/calendar/holidays.ts';
import { civilDay, parisDay, writeDay } from '../../../agent/rating/calendar/paris.ts';
import {
  afterWorking,
  WHOLE_WORKING_DAYS,
  workingMillis,
  workingWeek,
} from '../../../agent/rating/calendar/working-time.ts';
import { caseOf } from './case.ts';
import { communeField, excusedField } from './fields.ts';
import { timeField, writeTime } from './times.ts';

const common = {
  /** Absent: whole working days, 24 hours a day, as S-5 counts the delay of roaming. */
  weeklyHours: WeeklyHoursSchema.default(WHOLE_WORKING_DAYS),
  alsaceMoselle: z.boolean().default(false),
  commune: communeField.optional(),
  from: timeField,
  excused: z.array(excusedField).default([]),
};
const LONGEST_HOURS = 2_000;
const YEAR = 366 * 86_400_000;

const WorkingHoursCaseSchema = z.discriminatedUnion('ask', [
  z
    .strictObject({ ask: z.literal('time-between'), ...common, to: timeField })
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'ends before it begins' })
    .refine(({ from, to }) => to - from <= 20 * YEAR, { path: ['to'], error: 'twenty years after `from` at most' }),
  z.strictObject({
    ask: z.literal('time-after'),
    ...common,
    workingMinutes: z
      .int()
      .min(0)
      .max(LONGEST_HOURS * 60),
  }),
]);
type WorkingHoursCase = z.output<typeof WorkingHoursCaseSchema>;

/** G-1, S-5: working time between two instants, or the instant that a working time leads to. Fields: docs/rating/gtr.md. */
export const workingHoursCase = caseOf(
  'Working time between two instants, or after one (G-1, S-5)',
  WorkingHoursCaseSchema,
  answer,
  ({ gtrTerms, gtr }) => ({ weeklyHours: gtrTerms?.weeklyHours.value, alsaceMoselle: gtr.alsace_moselle }),
);

function answer(input: WorkingHoursCase): unknown {
  const alsaceMoselle = input.alsaceMoselle || (input.commune !== undefined && inAlsaceMoselle(input.commune));
  const week = workingWeek(input.weeklyHours, alsaceMoselle);
  const to =
    input.ask === 'time-between'
      ? input.to
      : afterWorking(input.from, input.workingMinutes * 60_000, week, input.excused);
  return {
    alsaceMoselle,
    from: writeTime(input.from),
    to: writeTime(to),
    workingMilliseconds: workingMillis({ from: input.from, to }, week, input.excused),
    holidays: holidaysBetween(input.from, to, alsaceMoselle),
  };
}

function holidaysBetween(from: number, to: number, alsaceMoselle: boolean) {
  const found: { readonly day: string; readonly holiday: Holiday }[] = [];
  for (let day = parisDay(from); day <= parisDay(to); day++) {
    const holiday = holidayOf(day, alsaceMoselle);
    if (holiday !== undefined) found.push({ day: writeDay(civilDay(day)), holiday });
  }
  return found;
}
