import { z } from 'zod';
import { E164Schema } from './e164.ts';
import { InstantSchema } from './usage.ts';

const id = z.string().min(1).max(200);

/** C-5: why services are suspended; each contract names those that it allows. */
export const GROUNDS = [
  'unpaid',
  'credit-exceeded',
  'abnormal-rise',
  'signalling',
  'daily-figures',
  'fraud',
  'misuse',
  'unlawful-use',
  'unfit-equipment',
  'authority',
] as const;

/** `partial`: nothing that costs goes out; `total`: nothing goes out at all. Emergency calls and helplines always do (V-1). */
export const SCOPES = ['partial', 'total'] as const;

/** C-5: what a site carries out, as its central ordered it. */
export const SuspensionOrderSchema = z.strictObject({
  id,
  scope: z.enum(SCOPES),
  /** Of the site's own lines those that are suspended; null: all. */
  lines: z.array(E164Schema).min(1).max(1_000).nullable(),
  /** The first instant at which it holds, Unix ms; a site that hears of it later applies it then. */
  from: InstantSchema,
  reason: z.enum(GROUNDS),
});
export type SuspensionOrder = z.infer<typeof SuspensionOrderSchema>;

/** All orders that hold for a site; a later version takes the place of an earlier one, an empty list lifts everything. */
export const SuspensionsSchema = z.strictObject({
  version: z.int().min(0),
  orders: z.array(SuspensionOrderSchema).max(100),
});
export type Suspensions = z.infer<typeof SuspensionsSchema>;
