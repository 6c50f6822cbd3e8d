import { z } from 'zod';
import { E164Schema } from './e164.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);

/** Bytes in each direction, seen from the site. */
const VolumeSchema = z.strictObject({ up: count, down: count });
export type Volume = z.infer<typeof VolumeSchema>;

/** Digits of a network, as TS 27.007 7.3 writes them. */
const PlmnSchema = z.string().regex(/^\d{5,6}$/);

/** U-1: what a link has carried, all of it: what a host operator bills is every byte, calls and probes too (docs/data.md). */
export const DataCountedSchema = z.strictObject({
  kind: z.literal('data-counted'),
  link: z.string(),
  /** The line whose SIM is in the modem of this link, where the order names it: its plan pays. */
  line: E164Schema.optional(),
  /** What the modem said of its card and its registration, since the record of this link before. */
  iccid: z
    .string()
    .regex(/^\d{18,20}$/)
    .optional(),
  network: z.enum(['home', 'roaming']).optional(),
  /** MCC and MNC of the network (ITU-T E.212), left out where bytes of two countries may be in one record. */
  plmn: PlmnSchema.optional(),
  /** Bytes since the first reading in this epoch, by this record and by the one before: a use is the difference. */
  total: VolumeSchema,
  before: VolumeSchema,
  /** The reading that counting goes on from: the life of the counter within the boot of this record, and what it showed. */
  counter: z.strictObject({ life: id, ...VolumeSchema.shape }),
});
export type DataCounted = z.infer<typeof DataCountedSchema>;
/** The card in a modem: ICCID (ITU-T E.118), where it is registered, and by which network (E.212); what the modem does not say is left out. */
export type Card = { readonly iccid?: string; readonly network?: 'home' | 'roaming'; readonly plmn?: string };
