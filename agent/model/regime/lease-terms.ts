import { z } from 'zod';

/** What becomes of free credit that a site holds when it has heard nothing of its central for `validHours` (C-5). */
const EXPIRIES = ['keep', 'bundle-only', 'incoming-and-free-only'] as const;

/** C-3: how credit is lent to a site that may lose its central. Settings of the operator, not clauses of a contract. */
export const LeaseTermsSchema = z.strictObject({
  /** The most that a site holds at a time, in micro-euro and in seconds of the bundle. */
  microEuro: z.int().min(1),
  bundleSeconds: z.int().min(0),
  /** Ask for more when less than this share of what the site should hold is left, in percent. */
  refillBelowPercent: z.int().min(1).max(100).default(50),
  /** What a site holds that has spent little of late; absent: as much as at the most. */
  idleMicroEuro: z.int().min(0).optional(),
  idleBundleSeconds: z.int().min(0).optional(),
  /** A site holds what it spent in the dearer of its last two stretches of so many hours, to live through another one. */
  autonomyHours: z.int().min(1).max(168).default(8),
  /** What a site holds beyond that for so long goes back by itself, in minutes. */
  idleMinutes: z.int().min(1).max(1_440).default(10),
  /** Where an account has several sites, what all of them hold for later is no more than this of cap and bundle, in percent. */
  idlePercent: z.int().min(1).max(100).default(10),
  /** How long free credit holds without a word of the central, in hours of running; absent: to the end of its cycle. */
  validHours: z.int().min(1).max(8_784).optional(),
  expired: z.enum(EXPIRIES).default('keep'),
});
