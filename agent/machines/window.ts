import { URGENCIES, type Urgency } from '../model/messages.ts';
import { never } from '../model/never.ts';

/*
 *   shut ──opened──▶ open ──shut──▶ shut
 *
 * What has no PUBACK yet is counted over all topics, for the library does not heed the broker's Receive Maximum (MQTT 5,
 * 4.9). What does not fit waits by name: one message of each channel, written when its slot comes.
 */

type Waiting = { readonly channel: string; readonly urgency: Urgency };
type UnderWay = { readonly slot: number; readonly bytes: number };

export type WindowLimits = {
  /** Publications without a PUBACK. */
  readonly messages: number;
  /** Bytes without a PUBACK beyond which only what is urgent goes: about a second of the link. */
  readonly bytes: number;
};

export type Window =
  | { readonly at: 'shut'; readonly held: readonly Urgency[]; readonly slots: number }
  | {
      readonly at: 'open';
      readonly limits: WindowLimits;
      readonly underWay: readonly UnderWay[];
      readonly waiting: readonly Waiting[];
      /** Kept back, by the order of somebody who counts bytes. */
      readonly held: readonly Urgency[];
      /** Slots given so far: numbers are never used twice, not even over lives of the connection. */
      readonly slots: number;
    };

export type WindowEvent =
  | { readonly on: 'opened'; readonly limits: WindowLimits }
  | { readonly on: 'shut' }
  | { readonly on: 'offered'; readonly channel: string; readonly urgency: Urgency }
  /** What is in a slot is known now. */
  | { readonly on: 'written'; readonly slot: number; readonly bytes: number }
  /** The broker has answered, or nothing was written. */
  | { readonly on: 'freed'; readonly slot: number }
  | { readonly on: 'held'; readonly urgencies: readonly Urgency[] };

export type WindowEffect = { readonly do: 'write'; readonly channel: string; readonly slot: number };

type Answer = readonly [Window, readonly WindowEffect[]];
type Open = Extract<Window, { at: 'open' }>;

export const startWindow: Window = { at: 'shut', held: [], slots: 0 };

export function stepWindow(state: Window, event: WindowEvent): Answer {
  const { held, slots } = state;
  if (event.on === 'shut') return [{ at: 'shut', held, slots }, []];
  if (event.on === 'opened') return [{ at: 'open', limits: event.limits, underWay: [], waiting: [], held, slots }, []];
  if (event.on === 'held') return hold(state, event.urgencies);
  // Nothing waits for a connection: what was not sent is asked for again when there is one.
  if (state.at === 'shut') return [state, []];
  switch (event.on) {
    case 'offered': {
      if (stale(event, held)) return [state, []];
      const others = state.waiting.filter(({ channel }) => channel !== event.channel);
      const { channel, urgency } = event;
      return fill({ ...state, waiting: [...others, { channel, urgency }] });
    }
    case 'written':
      return fill({
        ...state,
        underWay: state.underWay.map((one) => (one.slot === event.slot ? { ...one, bytes: event.bytes } : one)),
      });
    case 'freed':
      return fill({ ...state, underWay: state.underWay.filter(({ slot }) => slot !== event.slot) });
    default:
      return never(event);
  }
}

function hold(state: Window, held: readonly Urgency[]): Answer {
  if (state.at === 'shut') return [{ ...state, held }, []];
  return fill({ ...state, held, waiting: state.waiting.filter((one) => !stale(one, held)) });
}

/** Telemetry that is kept back tells nothing new later: the next one does. */
const stale = ({ urgency }: Pick<Waiting, 'urgency'>, held: readonly Urgency[]): boolean =>
  urgency === 'telemetry' && held.includes(urgency);

/** Gives slots to what waits, the most urgent first, until nothing more fits. */
function fill(before: Window): Answer {
  let state = before;
  const effects: WindowEffect[] = [];
  while (state.at === 'open') {
    const next = nextOf(state);
    if (next === undefined) break;
    const slot: number = state.slots + 1;
    effects.push({ do: 'write', channel: next.channel, slot });
    state = {
      ...state,
      slots: slot,
      underWay: [...state.underWay, { slot, bytes: 0 }],
      waiting: state.waiting.filter((one) => one !== next),
    };
  }
  return [state, effects];
}

const nextOf = (state: Open): Waiting | undefined =>
  URGENCIES.flatMap((urgency) => state.waiting.filter((one) => one.urgency === urgency)).find((one) =>
    fits(state, one),
  );

/** The last slot is kept for what is urgent, unless it is the only one. */
function fits({ limits, underWay, held }: Open, { urgency }: Waiting): boolean {
  if (held.includes(urgency)) return false;
  if (urgency === 'first') return underWay.length < limits.messages;
  const bytes = underWay.reduce((sum, one) => sum + one.bytes, 0);
  return underWay.length < Math.max(1, limits.messages - 1) && bytes < limits.bytes;
}
