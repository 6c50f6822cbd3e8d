import { z } from 'zod';

/** A pace of heartbeats, and how long the kernel believes the last one (ms): three lost in a row are too many. */
const pace = z
  .strictObject({ everyMs: z.int().min(10).max(10_000), timeoutMs: z.int().min(30).max(60_000) })
  .refine(({ everyMs, timeoutMs }) => timeoutMs >= 2 * everyMs, 'timeoutMs must be twice everyMs or more');

/**
 * The operator's far end (relais reflector --directory) sends heartbeats, and the kernel of the box moves by them. A site
 * without this block is moved by the agent's own probes alone.
 */
export const HeartbeatRulesSchema = z.strictObject({
  /** On the link that carries a call. */
  call: pace.default({ everyMs: 20, timeoutMs: 75 }),
  /** On links that stand by. */
  idle: pace.default({ everyMs: 50, timeoutMs: 150 }),
  /** On metered links that stand by. */
  standby: pace.default({ everyMs: 1_000, timeoutMs: 3_000 }),
  /** A link that was dead is not used for so long again while another one lives (F-3, damping without an agent). */
  holdMs: z.int().min(1_000).max(3_600_000).default(30_000),
  /** How long the way home may wait for a moment without calls, once the main link is healthy again. */
  homeBetweenCallsMs: z.int().min(0).max(86_400_000).default(0),
});
