import { z } from 'zod';

/** How a fax ended, as it lies beside its pages (`FaxEnding`). */
export const EndingSchema = z.strictObject({
  outcome: z.string(),
  text: z.string(),
  pages: z.number(),
  ended: z.number(),
  rate: z.number().optional(),
  ecm: z.boolean().optional(),
});
