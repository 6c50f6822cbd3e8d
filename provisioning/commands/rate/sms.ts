import { z } from 'zod';
import { SmsReadingsSchema } from '../../../agent/model/readings/sms.ts';
import { smsLength } from '../../../agent/rating/sms/length.ts';
import { caseOf } from './case.ts';
import { readingsOf } from './with-regime.ts';

const InputSchema = z.strictObject({
  text: z.string().max(100_000),
  /** Whether the text ends with the STOP mention; absent, the regime's reserve counts (S7). */
  stop: z.boolean().optional(),
  recipients: z.int().min(0).max(1_000_000).default(1),
  /** Price of one SMS, HT. */
  smsMicroEuro: z.int().min(0).max(1_000_000_000).optional(),
  readings: SmsReadingsSchema.prefault({}),
});

/** R-5, S1 to S13: how many SMS a text is. */
export const smsCase = caseOf(
  'How many SMS a text is, and what they cost (R-5)',
  InputSchema,
  ({ text, stop, recipients, smsMicroEuro, readings }) => {
    const length = smsLength(text, { stop }, readings);
    if (length.is === 'failed') {
      const { reason, position } = length;
      const character = reason === 'forbidden-character' ? [...text.normalize('NFC')][position] : undefined;
      const where = character === undefined ? { position } : { position, character };
      return { sent: false, reason, ...where, billedSms: 0, ...cost(0, smsMicroEuro) };
    }
    const { weight, segments, networkSegments } = length;
    const billedSms = segments * recipients;
    return { sent: true, weight, segments, networkSegments, billedSms, ...cost(billedSms, smsMicroEuro) };
  },
  ({ sms }) => ({ readings: readingsOf(sms) }),
);

function cost(sms: number, each: number | undefined): { readonly costMicroEuro?: number } {
  if (each === undefined) return {};
  const costMicroEuro = sms * each;
  if (!Number.isSafeInteger(costMicroEuro))
    throw new RangeError(`smsMicroEuro: ${sms} SMS cost more than can be counted`);
  return { costMicroEuro };
}
