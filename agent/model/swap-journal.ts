import { z } from 'zod';
import {
  AccessPointSchema,
  IccidSchema,
  SimOrderSchema,
  SimPlaceSchema,
  SimReportSchema,
  SWAP_OUTCOMES,
} from './sim-swap.ts';

const count = z.int().min(0);
const card = IccidSchema.nullable();
const accessPoint = AccessPointSchema.nullable();

/** What outlives every swap. */
const BooksSchema = z.strictObject({
  /** Operations on radio, slots and eUICC in one day of UTC (days since 1970): flash of modems wears. */
  wear: z.strictObject({ day: count, spent: count }),
  /** Cards that were lost or stolen: whenever one of them is in use, the line is kept out of service (S-2). */
  barred: z.array(IccidSchema).max(16),
  /** The latest orders that came to an end: ordered again, they are not done again. */
  settled: z.array(z.string()).max(16),
  /** Reports that are not in the record yet, oldest first. */
  untold: z.array(SimReportSchema).max(16),
  /** The card that the line lives on, as far as is known. */
  home: card,
});
export type Books = z.infer<typeof BooksSchema>;

/** What is left behind, and found again on the way back. */
const left = {
  /** The card that was in use, as the baseband read it. */
  from: card,
  /** The access point that goes with it. */
  accessPoint,
  /** MCC and MNC of that card, and the configuration of one carrier that the modem worked with. */
  network: z.string().max(6).nullable().default(null),
  carrier: z.string().max(100).nullable().default(null),
};

/** A way from one card to another, and back. */
const TripSchema = z.strictObject({
  order: SimOrderSchema,
  /** Null: no card was in use, there is nothing to go back to. */
  origin: SimPlaceSchema.nullable(),
  target: SimPlaceSchema,
  ...left,
  towards: z.enum(['target', 'origin']),
  /** Which form of the order is being tried, 0 to 3. */
  form: count,
  /** Ways back that were begun. */
  returns: count,
  /** Rungs of the ladder that were climbed on this way. */
  rung: count,
  /** The PIN of the card was entered on this way, or there was none to enter: it is tried once. */
  opened: z.boolean().default(false),
  /** How often the configuration was chosen anew on this way. */
  fits: count.default(0),
  /** The box was restarted on this way: what was not done by then is undone. */
  recovered: z.boolean(),
  /** What the card answered to the latest order: nothing yet, that it did it, or no. */
  said: z.enum(['nothing', 'done', 'refused']),
  /** Why the line goes back, or why the card refused. */
  why: z.string().nullable(),
});
export type Trip = z.infer<typeof TripSchema>;

const at = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ at: z.literal(name), books: BooksSchema, ...shape });

/** The state of the swap engine, which is its journal as well: what stands here is enough to finish or to undo. */
export const SwapSchema = z.discriminatedUnion('at', [
  at('resting', {}),
  /** `patient`: a card that cannot be read yet is waited for; after that it counts as dead. */
  at('preparing', {
    order: SimOrderSchema,
    patient: z.boolean(),
    /** The lock of the present card was asked to go off: that is tried once. */
    unlocked: z.boolean().default(false),
  }),
  at('announcing', {
    order: SimOrderSchema,
    reports: z.array(SimReportSchema).min(1).max(2),
    /** What comes after: the way to a card, a download, or nothing but the end. */
    leads: z.discriminatedUnion('go', [
      z.strictObject({ go: z.literal('travel'), trip: TripSchema }),
      z.strictObject({ go: z.literal('download'), origin: SimPlaceSchema.nullable(), ...left }),
      z.strictObject({
        go: z.literal('end'),
        outcome: z.enum(SWAP_OUTCOMES),
        from: card,
        why: z.string().nullable(),
      }),
    ]),
  }),
  at('downloading', { order: SimOrderSchema, origin: SimPlaceSchema.nullable(), ...left }),
  at('switching', { trip: TripSchema }),
  at('settling', { trip: TripSchema }),
  at('verifying', { trip: TripSchema }),
  at('turning', { trip: TripSchema }),
  at('telling', { order: SimOrderSchema, report: SimReportSchema }),
]);
export type Swap = z.infer<typeof SwapSchema>;
