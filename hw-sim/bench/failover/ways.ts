import type { Way } from './stage.ts';

const HOME_SOON = { holdOffMs: 1_000, holdOffMaxMs: 1_000 };
/** The stream of the bench is no call of SIP, so the agent sees none: the pace of calls is ordered for all the time. */
const AS_IN_CALLS = { everyMs: 20, timeoutMs: 75 };

const BEATEN: Way = {
  name: 'beaten',
  failover: { ...HOME_SOON, idleIntervalMs: 200, heartbeat: { idle: AS_IN_CALLS, holdMs: 1_000 } },
};

/** mwan3 asks so with its usual options, but for its interval; it would forget all connections besides. */
const NAIVE: Way = {
  name: 'naive',
  failover: { ...HOME_SOON, activeIntervalMs: 1_000, idleIntervalMs: 1_000, patienceMs: 1_000, lossesToLeave: 3 },
};

const DAMPED: Way = {
  name: 'damped',
  failover: {
    ...BEATEN.failover,
    holdOffMs: 10_000,
    holdOffMaxMs: 60_000,
    heartbeat: { idle: AS_IN_CALLS, holdMs: 10_000 },
  },
};

/** Sites of the bench, by how they are told to fail over. */
export const WAYS = { beaten: BEATEN, naive: NAIVE, damped: DAMPED } as const;

/** Longer than the naive way needs. */
export const NAIVE_WATCH_MS = 7_000;
