import { z } from 'zod';
import { CitationSchema } from '../cited.ts';
import { AvailabilityReadingsSchema } from '../readings/availability.ts';
import { CapReadingsSchema } from '../readings/cap.ts';
import { GtrReadingsSchema } from '../readings/gtr.ts';
import { PayoutReadingsSchema } from '../readings/payout.ts';
import { SmsReadingsSchema } from '../readings/sms.ts';
import { UnlimitedReadingsSchema } from '../readings/unlimited.ts';

/** Readings beside the articles of those that the file gives; a reading left out takes its default. */
const withArticles = <S extends z.ZodRawShape>(readings: z.ZodObject<S, z.core.$strict>) =>
  z.strictObject({
    ...readings.shape,
    articles: z.partialRecord(readings.keyof(), CitationSchema).default({}),
  });

/** The six groups of readings, under the parameter names of the table of readings. */
export const READING_GROUPS = {
  sms: withArticles(SmsReadingsSchema).prefault({}),
  gtr: withArticles(GtrReadingsSchema).prefault({}),
  availability: withArticles(AvailabilityReadingsSchema).prefault({}),
  payout: withArticles(PayoutReadingsSchema).prefault({}),
  unlimited: withArticles(UnlimitedReadingsSchema).prefault({}),
  cap: withArticles(CapReadingsSchema).prefault({}),
};
