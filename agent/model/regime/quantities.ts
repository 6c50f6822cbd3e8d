import { z } from 'zod';

/**
 * A length of time as contracts count it. Nexis and Networth define "jour" as a working day; a month is never 30 days.
 * Working hours run 24 h a day on working days (S-5).
 */
export const PeriodSchema = z.strictObject({
  count: z.int().min(0).max(1_000),
  unit: z.enum(['hour', 'working-hour', 'day', 'working-day', 'month']),
});

export type Period = z.infer<typeof PeriodSchema>;

/** Micro-euro excluding VAT, up to 100,000 €. */
export const AmountSchema = z.int().min(0).max(100_000_000_000);

export const PercentSchema = z.int().min(0).max(100);

export const CountSchema = z.int().min(1).max(1_000_000);
