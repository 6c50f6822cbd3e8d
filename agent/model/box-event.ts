import { z } from 'zod';

/** What happens to the box itself and to what hangs on it (M-3, G-6, G-7). */
export const BOX_EVENTS = [
  'battery-low',
  'battery-fine',
  'too-warm',
  'cool-again',
  'ups-silent',
  'ups-back',
  'ups-exchanged',
  /** The agent closes its books and leaves links and calls to safe mode, until there are mains again. */
  'gone-to-rest',
  /** Of agent, modem, link or box (`of`), by whom and why; told before it happens. */
  'restart-ordered',
  /** A release was fetched into the other slot, or wished for (D-3); `booted` says which one began then. */
  'release-fetched',
  'release-wished',
] as const;

export const BoxEventSchema = z.strictObject({
  what: z.enum(BOX_EVENTS),
  of: z.string().max(80).optional(),
  by: z.string().max(200).optional(),
  why: z.string().max(200).optional(),
  /** Percent of the battery, or degrees Celsius. */
  value: z.int().optional(),
});
export type BoxEvent = z.infer<typeof BoxEventSchema>;
