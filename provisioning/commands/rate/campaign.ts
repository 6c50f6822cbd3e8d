import { z } from 'zod';
import { ClassSchema, TerritorySchema } from '../../../agent/model/destination.ts';
import { SmsReadingsSchema, SmsTermsSchema } from '../../../agent/model/readings/sms.ts';
import { campaign, type Outcome } from '../../../agent/rating/sms/campaign.ts';
import { caseOf } from './case.ts';
import { refuseTwice } from './refuse-twice.ts';
import { timeField, writeTime } from './times.ts';
import { readingsOf } from './with-regime.ts';

const number = z.string().min(1).max(200);

const MessageSchema = z.strictObject({
  id: z.string().min(1).max(200),
  at: timeField,
  text: z.string().max(100_000),
  stop: z.boolean().optional(),
  sender: z.string().max(100).optional(),
  recipients: z
    .array(z.strictObject({ number, class: ClassSchema, territory: TerritorySchema.optional() }))
    .max(100_000),
});

const InputSchema = z.strictObject({
  messages: z.array(MessageSchema).max(10_000),
  terms: SmsTermsSchema,
  /** SMS a month; absent, what everybody has. */
  stock: z.int().min(0).optional(),
  unsubscribed: z.array(z.strictObject({ number, at: timeField })).default([]),
  readings: SmsReadingsSchema.prefault({}),
});

/** what becomes of the messages of an SMS campaign. */
export const campaignCase = caseOf(
  'Which messages of an SMS campaign leave, when, to whom, and how many SMS are billed (R-6)',
  InputSchema.superRefine(({ messages, stock, terms }, context) => {
    refuseTwice(
      messages.map(({ id }, at) => ({ id, path: ['messages', at, 'id'] })),
      context,
    );
    const { most } = terms.stock.value;
    if (stock === undefined || stock <= most) return;
    context.addIssue({ code: 'custom', path: ['stock'], message: `no client may have more than ${most} SMS a month` });
  }),
  ({ messages, terms, stock = terms.stock.value.usual, unsubscribed, readings }) => ({
    messages: campaign(
      messages.map(({ stop, sender, recipients, ...message }) => ({
        ...message,
        stop,
        sender,
        recipients: recipients.map((one) => ({ ...one, territory: one.territory })),
      })),
      { terms, readings, stock, unsubscribed },
    ).map(shown),
  }),
  ({ smsTerms, sms }) => ({ terms: smsTerms, readings: readingsOf(sms) }),
);

const shown = ({ id, length, sender, leaves, leavesAt, sendings, billed }: Outcome) => ({
  id,
  length,
  sender: sender ?? null,
  leaves,
  leavesAt: writeTime(leavesAt),
  sendings: sendings.map((one) => ({ number: one.number, outcome: one.outcome, billedSms: one.billed })),
  billedSms: billed,
});
