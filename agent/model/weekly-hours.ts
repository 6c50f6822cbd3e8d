import { z } from 'zod';

const clock = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day such as "09:00", up to "24:00"');

const SpanSchema = z
  .strictObject({
    /** ISO 8601: 1 is Monday, 7 is Sunday. */
    days: z.array(z.int().min(1).max(7)).min(1),
    from: clock,
    to: clock,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'ends before it begins; the day ends at "24:00"' });

/** The hours of a week in which time counts, on the wall in Paris; from each `from` up to, but not including, `to`. */
export const WeeklyHoursSchema = z.strictObject({
  spans: z
    .array(SpanSchema)
    .min(1)
    .refine((spans) => [1, 2, 3, 4, 5, 6, 7].every((day) => disjoint(spans.filter(({ days }) => days.includes(day)))), {
      error: 'two spans share time on the same day; write it once',
    }),
  /** Whether public holidays count as the weekday that they fall on. */
  publicHolidays: z.enum(['off', 'worked']),
});
export type WeeklyHours = z.infer<typeof WeeklyHoursSchema>;

function disjoint(spans: readonly z.infer<typeof SpanSchema>[]): boolean {
  const sorted = spans.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  return sorted.every(({ from }, at) => at === 0 || (sorted[at - 1]?.to ?? '') <= from);
}
