import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delays } from './delays.ts';
import type { Phase, Stage } from './stage.ts';

/** Each request makes two messages: itself, and its answer. */
const MESSAGES = 2;

/** One way: from the phone to the operator, or back; in µs. */
type Ways = { readonly up: Delays; readonly down: Delays; readonly lost: number };
const waysOf = ({ up, phones }: Phase): Ways => ({ up, down: phones.delays, lost: phones.asked - phones.answered });

const ASKED_PER_SECOND = 500;

/** 1,000 messages a second, straight and relayed in turn, three times each: the best of each is free of what the neighbors did. */
export async function addedDelay(stage: Stage, seconds: number) {
  const order = { do: 'ask', perSecond: ASKED_PER_SECOND, seconds } as const;
  const straight: Ways[] = [];
  const relayed: Ways[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await stage.lead('kernel');
    straight.push(waysOf(await stage.phase(order)));
    await stage.lead('relay');
    relayed.push(waysOf(await stage.phase(order)));
  }
  const added = {
    p50: added1(relayed, straight, ({ p50 }) => p50),
    p99: added1(relayed, straight, ({ p99 }) => p99),
  };
  return { added, straight, relayed, load: loadavg()[0] };
}

/** The worse of the two ways. */
function added1(relayed: readonly Ways[], straight: readonly Ways[], of: (delays: Delays) => number): number {
  const best = (all: readonly Ways[], way: 'up' | 'down'): number => Math.min(...all.map((ways) => of(ways[way])));
  return Math.max(...(['up', 'down'] as const).map((way) => best(relayed, way) - best(straight, way)));
}

const WINDOW = 64;

/** As many messages as go through. `perCoreSecond` counts the seconds that the agent had a core, whoever else wanted it. */
export async function capacity(stage: Stage, seconds: number) {
  const order = { do: 'press', window: WINDOW, seconds } as const;
  await stage.lead('kernel');
  const straight = await stage.phase(order);
  await stage.lead('relay');
  await stage.phase({ ...order, seconds: 3 });
  const relayed = await stage.phase(order);
  const rate = ({ phones }: Phase): number => Math.round((MESSAGES * phones.answered) / phones.seconds);
  return {
    kernel: { perSecond: rate(straight) },
    relay: {
      perSecond: rate(relayed),
      perCoreSecond: Math.round((MESSAGES * relayed.phones.answered) / (relayed.cpuMicros / 1e6)),
      lost: relayed.phones.asked - relayed.phones.answered,
      cpuShare: Math.round((100 * relayed.cpuMicros) / 1e6 / relayed.phones.seconds) / 100,
    },
    load: loadavg()[0],
  };
}

const CALLS = 200;

/** Two hundred calls begin within two seconds, last together, and end. */
export async function meteredCalls(stage: Stage, seconds: number) {
  const talkMs = 1_000 * seconds;
  const before = await stage.cost();
  const calls = await stage.phase({ do: 'call', perSecond: CALLS / 2, count: CALLS, talkMs });
  const { answered, refused, repeated } = calls.phones;
  const during = { cpuShare: calls.cpuMicros / 1e6 / calls.phones.seconds, rss: before.rss };
  return { answered, refused, repeated, ...during, holds: answered === CALLS && refused === 0 };
}

type Milestone = {
  readonly calls: number;
  readonly lost: number;
  readonly repeated: number;
  readonly perSecond: number;
  readonly cpuMicrosPerCall: number;
  readonly rssMegabytes: number;
  readonly heapMegabytes: number;
  readonly timers: number;
};

/** For a call that is over: 64·T1 and the second in which its counters are read. */
const FORGOTTEN_MS = 36_000;
const TALK_MS = 200;

/** Calls one after the other; at 10, 50 and 100 % all are over and forgotten, and what is still kept is weighed. */
export async function manyCalls(
  stage: Stage,
  wish: { readonly calls: number; readonly perSecond: number; readonly told: (line: Milestone) => void },
): Promise<readonly Milestone[]> {
  const { calls, perSecond, told } = wish;
  const found: Milestone[] = [];
  let done = 0;
  for (const share of [0.01, 0.1, 0.5, 1]) {
    const count = Math.round(calls * share) - done;
    done += count;
    const { phones, cpuMicros } = await stage.phase({ do: 'call', perSecond, count, talkMs: TALK_MS });
    await pause(FORGOTTEN_MS);
    await stage.cost();
    const { rss, heap, timers } = await stage.cost();
    const line: Milestone = {
      ...{ calls: done, lost: count - phones.answered, repeated: phones.repeated },
      perSecond: Math.round(count / phones.seconds),
      cpuMicrosPerCall: Math.round(cpuMicros / count),
      rssMegabytes: Math.round(rss / 1e5) / 10,
      heapMegabytes: Math.round(heap / 1e5) / 10,
      timers,
    };
    told(line);
    found.push(line);
  }
  return found;
}
