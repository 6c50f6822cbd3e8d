import { z } from 'zod';
import { LedgerEventSchema } from '../model/record.ts';
import { millis } from '../model/units.ts';
import { EMPTY_DESK } from './message-desk.ts';
import type { DeskState } from './message-news.ts';

const moment = z.number().min(0).transform(millis);
const name = z.string().max(300);
const text = z.string().max(100_000);

const AddressSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('number'), digits: name }),
  z.strictObject({ is: z.literal('name'), name }),
]);
const ServiceTimeSchema = z.strictObject({ at: moment, zoneMinutes: z.int() }).optional();

const InboxSchema = z.strictObject({
  assemblies: z.array(
    z.strictObject({
      ...{ key: name, from: AddressSchema, sent: ServiceTimeSchema, total: z.int(), since: moment },
      fragments: z.array(z.strictObject({ number: z.int(), text })),
    }),
  ),
  known: z.array(text),
});

const OutboxSchema = z.strictObject({
  queue: z.array(
    z.strictObject({ id: name, to: name, pdus: z.array(text), taken: z.array(z.int()), tries: z.int().min(0) }),
  ),
  awaited: z.array(
    z.strictObject({
      ...{ id: name, to: name, until: moment },
      parts: z.array(z.strictObject({ reference: z.int(), fate: z.enum(['delivered', 'failed', 'trying']) })),
    }),
  ),
  pace: z.array(moment),
  handing: z.boolean(),
});

const MailSchema = z.strictObject({
  id: name,
  from: name,
  /** Unix ms at the service center, and when the box took it off the card. */
  sent: z.number().nullable(),
  at: z.number(),
  text,
  /** Numbers of parts that never came. */
  missing: z.array(z.int()),
  /** Octets of what is no text, hexadecimal. */
  raw: text.nullable(),
  /** S-3: it came while the line took none, and is shown when it takes them again. */
  held: z.literal(true).optional(),
});
/** A message that came, as it is kept for whoever reads it on the box. */
export type Mail = z.infer<typeof MailSchema>;

/** All that the box keeps of its short messages, written as a whole. */
const SmsBookSchema = z.strictObject({
  v: z.literal(1),
  desk: z.strictObject({ inbox: InboxSchema, outbox: OutboxSchema, reference: z.int().min(0) }),
  /** Newest last. */
  mail: z.array(MailSchema),
  /** Orders that were taken, oldest first, with who gave them: each is sent once. */
  orders: z.array(z.strictObject({ id: name, by: name })),
  /** Records that are not known to be in the ledger yet. */
  untold: z.array(LedgerEventSchema),
});
export type SmsBook = Omit<z.infer<typeof SmsBookSchema>, 'desk'> & { readonly desk: DeskState };

export const EMPTY_BOOK: SmsBook = { v: 1, desk: EMPTY_DESK, mail: [], orders: [], untold: [] };

/** @throws ZodError or SyntaxError for what is no such book. */
export const readSmsBook = (content: string): SmsBook => SmsBookSchema.parse(JSON.parse(content)) as SmsBook;

/** S-3: without those that are held back. */
export const shownMail = ({ mail }: Pick<SmsBook, 'mail'>): readonly Mail[] => mail.filter(({ held }) => held !== true);
