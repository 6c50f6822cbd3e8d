import { never } from '../../agent/model/never.ts';
import { type BitsPerSecond, type Millis, millis } from '../../agent/model/units.ts';

/** What the line does to one direction. `limitBytes` bounds what waits, the packet on the wire included. */
export type LinkRules = {
  readonly rate: BitsPerSecond;
  readonly delay: Millis;
  readonly limitBytes: number;
  /** Share of packets that vanish after they took their time on the wire, 0 to 1. */
  readonly loss: number;
};

/** `leaves` is the instant when the last bit is on the wire; `lost` was decided when the packet came. */
type Queued = { readonly packet: number; readonly bytes: number; readonly leaves: Millis; readonly lost: boolean };
type Flying = { readonly packet: number; readonly arrives: Millis };

/**
 * One direction of an access line: a serializing wire behind a first-in first-out buffer.
 *
 *   packet-arrived --(fits)--> waiting --(8 * bytes / rate each)--> flying --(delay)--> deliver
 *                  \-(full)--> drop                \-(loss)--> drop
 *   link-cut: everything on the way is gone; nothing comes in until link-healed.
 */
export type AccessLink =
  | {
      readonly at: 'up';
      readonly rules: LinkRules;
      readonly waiting: readonly Queued[];
      readonly flying: readonly Flying[];
      /** No packet may arrive before this one: a line never overtakes itself, whatever its delay becomes. */
      readonly lastArrival: Millis;
    }
  | { readonly at: 'cut'; readonly rules: LinkRules };

export type LinkEvent =
  /** `luck` is uniform in [0, 1), drawn by somebody else. */
  | {
      readonly on: 'packet-arrived';
      readonly now: Millis;
      readonly packet: number;
      readonly bytes: number;
      readonly luck: number;
    }
  | { readonly on: 'time-passed'; readonly now: Millis }
  | { readonly on: 'rules-changed'; readonly now: Millis; readonly rules: LinkRules }
  | { readonly on: 'link-cut'; readonly now: Millis }
  | { readonly on: 'link-healed'; readonly now: Millis };

export type LinkEffect =
  | { readonly do: 'deliver'; readonly packet: number; readonly due: Millis }
  | { readonly do: 'drop'; readonly packet: number; readonly because: 'full' | 'loss' | 'cut' }
  | { readonly do: 'wake'; readonly when: Millis };

type Up = Extract<AccessLink, { at: 'up' }>;
type Cut = Extract<AccessLink, { at: 'cut' }>;
type Answer = readonly [AccessLink, readonly LinkEffect[]];

export const freshLink = (rules: LinkRules): AccessLink => ({
  at: 'up',
  rules,
  waiting: [],
  flying: [],
  lastArrival: millis(0),
});

export function stepLink(state: AccessLink, event: LinkEvent): Answer {
  switch (state.at) {
    case 'up':
      return onUp(state, event);
    case 'cut':
      return onCut(state, event);
    default:
      return never(state);
  }
}

function onUp(before: Up, event: LinkEvent): Answer {
  const [state, moved] = advance(before, event.now);
  switch (event.on) {
    case 'packet-arrived': {
      const [next, effects] = accept(state, event);
      return [next, [...moved, ...effects, ...wake(next)]];
    }
    case 'time-passed':
      return [state, [...moved, ...wake(state)]];
    case 'rules-changed': {
      const next = retime({ ...state, rules: event.rules });
      return [next, [...moved, ...wake(next)]];
    }
    case 'link-cut':
      return [{ at: 'cut', rules: state.rules }, [...moved, ...everythingLost(state)]];
    case 'link-healed':
      return [state, [...moved, ...wake(state)]];
    default:
      return never(event);
  }
}

function onCut(state: Cut, event: LinkEvent): Answer {
  switch (event.on) {
    case 'packet-arrived':
      return [state, [{ do: 'drop', packet: event.packet, because: 'cut' }]];
    case 'rules-changed':
      return [{ ...state, rules: event.rules }, []];
    case 'link-healed':
      return [freshLink(state.rules), []];
    case 'time-passed':
    case 'link-cut':
      return [state, []];
    default:
      return never(event);
  }
}

function accept(state: Up, event: Extract<LinkEvent, { on: 'packet-arrived' }>): readonly [Up, readonly LinkEffect[]] {
  const backlog = state.waiting.reduce((sum, queued) => sum + queued.bytes, 0);
  if (backlog + event.bytes > state.rules.limitBytes) {
    return [state, [{ do: 'drop', packet: event.packet, because: 'full' }]];
  }
  const starts = Math.max(event.now, state.waiting.at(-1)?.leaves ?? event.now);
  const leaves = millis(starts + serialization(event.bytes, state.rules.rate));
  const queued = { packet: event.packet, bytes: event.bytes, leaves, lost: event.luck < state.rules.loss };
  return [{ ...state, waiting: [...state.waiting, queued] }, []];
}

/** The packet on the wire ends at the rate it began with; what waits behind it goes at the new one. */
function retime(state: Up): Up {
  let free = state.waiting[0]?.leaves ?? millis(0);
  const behind = state.waiting.slice(1).map((queued) => {
    free = millis(free + serialization(queued.bytes, state.rules.rate));
    return { ...queued, leaves: free };
  });
  return { ...state, waiting: [...state.waiting.slice(0, 1), ...behind] };
}

/** Time that a packet takes on the wire: 1,500 bytes at 2 Mbit/s take 6 ms. */
export const serialization = (bytes: number, rate: BitsPerSecond): Millis => millis((bytes * 8_000) / rate);

function advance(state: Up, now: Millis): readonly [Up, readonly LinkEffect[]] {
  const left = state.waiting.filter((queued) => queued.leaves <= now);
  const launched = launch(state, left);
  const arrived = launched.flying.filter((flying) => flying.arrives <= now);
  return [
    {
      ...launched,
      waiting: state.waiting.slice(left.length),
      flying: launched.flying.slice(arrived.length),
    },
    [
      ...left.filter((queued) => queued.lost).map(({ packet }) => ({ do: 'drop', packet, because: 'loss' }) as const),
      ...arrived.map(({ packet, arrives }) => ({ do: 'deliver', packet, due: arrives }) as const),
    ],
  ];
}

function launch(state: Up, left: readonly Queued[]): Up {
  let lastArrival = state.lastArrival;
  const flying = [...state.flying];
  for (const queued of left) {
    if (queued.lost) continue;
    lastArrival = millis(Math.max(lastArrival, queued.leaves + state.rules.delay));
    flying.push({ packet: queued.packet, arrives: lastArrival });
  }
  return { ...state, flying, lastArrival };
}

function wake(state: Up): readonly LinkEffect[] {
  const leaves = state.waiting[0]?.leaves ?? Number.POSITIVE_INFINITY;
  const arrives = state.flying[0]?.arrives ?? Number.POSITIVE_INFINITY;
  const when = Math.min(leaves, arrives);
  return Number.isFinite(when) ? [{ do: 'wake', when: millis(when) }] : [];
}

const everythingLost = (state: Up): readonly LinkEffect[] =>
  [...state.waiting, ...state.flying].map(({ packet }) => ({ do: 'drop', packet, because: 'cut' }) as const);
