import { type CivilDay, civilDay, dayNumber, parisDay } from './paris.ts';

/** The month of a day number: year × 12 + month − 1. */
export const monthOfDay = (day: number): number => {
  const { year, month } = civilDay(day);
  return year * 12 + month - 1;
};

/** The month in Paris of a Unix instant in milliseconds (R1, U7). */
export const monthOfInstant = (instant: number): number => monthOfDay(parisDay(instant));

/** The day number of a day of a month; `day` 0 is the last day of the month before. */
export const dayOfMonth = (month: number, day: number): number => dayNumber({ ...firstDay(month), day });

const firstDay = (month: number): CivilDay => ({
  year: Math.floor(month / 12),
  month: month - Math.floor(month / 12) * 12 + 1,
  day: 1,
});
