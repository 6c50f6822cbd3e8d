import { never } from '../model/never.ts';
import { type Millis, minutes, seconds } from '../model/units.ts';

/*
 *   apart ──reached──▶ reached ──disowned──▶ disowned
 *     ▲                   │                     │
 *     └───────left────────┴─────────────────────┘
 *
 * Checkpoints are signed in every state (U-3): after so many records, after a while with new ones, and before sleep. The
 * central is asked for its countersignature on the oldest that lacks it, once it holds the records (`received`).
 */

type Count = {
  /** Records on the medium ≥ records under a signed checkpoint ≥ records under a countersigned one. */
  readonly size: number;
  readonly signed: number;
  readonly countersigned: number;
  readonly received: number;
  readonly signing: boolean;
};

export type Checkpoints =
  | (Count & { readonly at: 'apart' })
  | (Count & { readonly at: 'reached'; readonly asking: boolean })
  /** The central holds another history of this epoch: what it will not countersign is not sent again. */
  | (Count & { readonly at: 'disowned' });

export type CheckpointsEvent =
  | { readonly on: 'recorded'; readonly size: number }
  | { readonly on: 'sleep-ordered' }
  | { readonly on: 'signed'; readonly upTo: number }
  | { readonly on: 'reached' | 'receipt-came'; readonly upTo: number }
  | { readonly on: 'left' }
  /** The oldest checkpoint without a countersignature is over more than the central holds. */
  | { readonly on: 'nothing-to-ask' }
  | { readonly on: 'countersigned'; readonly upTo: number }
  | { readonly on: 'disowned' }
  | { readonly on: 'waited'; readonly name: 'sign' | 'ask' };

export type CheckpointsEffect =
  | { readonly do: 'sign'; readonly upTo: number }
  | { readonly do: 'ask'; readonly after: number }
  | { readonly do: 'wait'; readonly name: 'sign' | 'ask'; readonly for: Millis };

type Answer = readonly [Checkpoints, readonly CheckpointsEffect[]];

/** A checkpoint at the latest after so many records, or so long after the first that has none. */
export const RECORDS_PER_CHECKPOINT = 256;
const PACE = minutes(15);
const ASK_PATIENCE = seconds(20);

export const startCheckpoints = (size: number, signed: number, countersigned: number): Checkpoints => ({
  at: 'apart',
  ...{ size, signed, countersigned, received: 0, signing: false },
});

export function stepCheckpoints(state: Checkpoints, event: CheckpointsEvent): Answer {
  switch (event.on) {
    case 'recorded':
      return sign({ ...state, size: Math.max(state.size, event.size) }, RECORDS_PER_CHECKPOINT);
    case 'sleep-ordered':
      return sign(state, 1);
    case 'signed':
      return both(sign({ ...state, signed: event.upTo, signing: false }, RECORDS_PER_CHECKPOINT), ask);
    case 'reached':
      return ask({ ...countOf(state), at: 'reached', asking: false, received: Math.max(state.received, event.upTo) });
    case 'left':
      return go({ ...countOf(state), at: 'apart' });
    case 'receipt-came':
      return ask({ ...state, received: Math.max(state.received, event.upTo) });
    case 'nothing-to-ask':
      return go(state.at === 'reached' ? { ...state, asking: false } : state);
    case 'countersigned':
      return countersigned(state, event.upTo);
    case 'disowned':
      return go(state.at === 'reached' ? { ...countOf(state), at: 'disowned' } : state);
    case 'waited':
      return waited(state, event.name);
    default:
      return never(event);
  }
}

function waited(state: Checkpoints, name: 'sign' | 'ask'): Answer {
  if (name === 'sign') return both([state, [{ do: 'wait', name: 'sign', for: PACE }]], (same) => sign(same, 1));
  // No answer in time: it, or the question, was lost on the road.
  return state.at === 'reached' && state.asking ? ask({ ...state, asking: false }) : go(state);
}

function countersigned(state: Checkpoints, upTo: number): Answer {
  const heard = Math.max(state.countersigned, Math.min(upTo, state.signed));
  if (heard === state.countersigned) return go(state);
  const after = { ...state, countersigned: heard };
  return after.at === 'reached' ? ask({ ...after, asking: false }) : go(after);
}

/** Signs everything that is on the medium once at least `enough` records have no checkpoint. */
function sign(state: Checkpoints, enough: number): Answer {
  if (state.signing || state.size - state.signed < enough) return go(state);
  return go({ ...state, signing: true }, { do: 'sign', upTo: state.size });
}

function ask(state: Checkpoints): Answer {
  const pending = state.countersigned < state.signed && state.countersigned < state.received;
  if (state.at !== 'reached' || state.asking || !pending) return go(state);
  const wait: CheckpointsEffect = { do: 'wait', name: 'ask', for: ASK_PATIENCE };
  return go({ ...state, asking: true }, { do: 'ask', after: state.countersigned }, wait);
}

const countOf = ({ size, signed, countersigned: heard, received, signing }: Checkpoints): Count => ({
  ...{ size, signed, countersigned: heard, received, signing },
});

function both([state, effects]: Answer, then: (state: Checkpoints) => Answer): Answer {
  const [next, more] = then(state);
  return [next, [...effects, ...more]];
}

const go = (state: Checkpoints, ...effects: readonly CheckpointsEffect[]): Answer => [state, effects];
