import { z } from 'zod';
import { CivilDateSchema } from './deck.ts';
import { ActionSchema } from './limit-action.ts';

const count = z.int().min(0);

/** Names one action of one rule; the same as long as it holds. */
const limitKey = {
  rule: z.string().max(10),
  scope: z.enum(['account', 'client', 'line']),
  subject: z.string().min(1).max(200),
} as const;

/** What the record of a site says of the limits of its contract, and of what it does about them. */
export const LIMIT_EVENTS = [
  /** V-4: the outgoing calls of a civil day in Paris, told once when the day and its calls are over. */
  z.strictObject({
    kind: z.literal('day-counted'),
    day: CivilDateSchema,
    attempts: count,
    answered: count,
    seconds: count,
  }),
  /** A limit has been reached (agent/model/signal.ts); the site carries out its action from now on. */
  z.strictObject({
    kind: z.literal('limit-begun'),
    ...limitKey,
    article: z.string(),
    at: count,
    cause: z.string().max(400),
    measured: z.int(),
    limit: z.int(),
    unit: z.enum(['ticks', 'bytes', 'seconds', 'percent', 'count']),
    action: ActionSchema,
  }),
  /** Its period is over, or what made it due is no more: the site has ended the action of that name. */
  z.strictObject({ kind: z.literal('limit-ended'), ...limitKey, action: z.string().max(40) }),
] as const;
