import { type Millis, millis } from '../../model/units.ts';
import { mend } from './parity.ts';
import {
  counted,
  type Held,
  type Packet,
  type Receiver,
  type ReceiverEffect,
  type ReceiverRules,
} from './receiver-state.ts';
import { sequenceAfter, stepsAhead } from './udptl.ts';

type Answer = readonly [Receiver, readonly ReceiverEffect[]];

/** Packets remembered after their delivery; parity over more than that is of no use. */
export const REMEMBERED = 64;
const MOST_HELD = 256;
const MOST_GROUPS = 32;

/** Keeps what is still wanted, in order. Copies, because a datagram's buffer may be used again. */
export function hold({ held, next }: Receiver, packets: readonly Packet[], now: Millis): readonly Held[] {
  if (next === undefined) return held;
  const wanted = packets.filter(
    ({ sequence }) => stepsAhead(next, sequence) >= 0 && !held.some((one) => one.sequence === sequence),
  );
  if (wanted.length === 0) return held;
  const kept = wanted.map((packet) => ({ ...packet, octets: packet.octets.slice(), since: now }));
  return [...held, ...kept].sort((a, b) => stepsAhead(next, a.sequence) - stepsAhead(next, b.sequence));
}

/** Mends until nothing more can be: one packet mended may complete another group. */
export function mendAll(state: Receiver, now: Millis): Receiver {
  let { held } = state;
  const known = (sequence: number): Uint8Array | undefined =>
    (held.find((one) => one.sequence === sequence) ?? state.recent.find((one) => one.sequence === sequence))?.octets;
  let mended = true;
  while (mended) {
    mended = false;
    for (const group of state.groups) {
      const found = mend(group, known);
      if (found === undefined) continue;
      const more = hold({ ...state, held }, [{ ...found, way: 'parity' }], now);
      mended ||= more !== held;
      held = more;
    }
  }
  const open = state.groups.filter((group) => group.sequences.some((sequence) => known(sequence) === undefined));
  return { ...state, held, groups: open.slice(-MOST_GROUPS) };
}

/** Delivers what is in order, gives up what was waited for too long, and asks to be woken for the rest. */
export function settle(state: Receiver, now: Millis, rules: ReceiverRules): Answer {
  const [flowed, delivered] = deliver(state);
  const overdue = (held: readonly Held[]): boolean =>
    held.length > MOST_HELD || held.some(({ since }) => since + rules.patience <= now);
  const [settled, given] = giveUp(flowed, overdue);
  const effects = [...delivered, ...given];
  if (settled.held.length === 0) return [settled, effects];
  const oldest = Math.min(...settled.held.map(({ since }) => since));
  return [settled, [...effects, { do: 'wait', name: 'gap', for: millis(oldest + rules.patience - now) }]];
}

/** Passes over one gap after the other while `over` says so of what is held behind them. */
export function giveUp(state: Receiver, over: (held: readonly Held[]) => boolean): Answer {
  const effects: ReceiverEffect[] = [];
  let now = state;
  while (now.held.length > 0 && now.next !== undefined && over(now.held)) {
    const first = now.held[0]?.sequence ?? now.next;
    const count = stepsAhead(now.next, first);
    if (count > 0) effects.push({ do: 'tell-missing', first: now.next, count });
    const [flowed, delivered] = deliver({ ...counted(now, { missing: count }), next: first });
    effects.push(...delivered);
    now = flowed;
  }
  return [now, effects];
}

function deliver(state: Receiver): Answer {
  if (state.next === undefined) return [state, []];
  const { held, next } = state;
  let count = 0;
  while (held[count]?.sequence === sequenceAfter(next, count)) count += 1;
  if (count === 0) return [state, []];
  const ready = held.slice(0, count).map(({ sequence, octets, way }): Packet => ({ sequence, octets, way }));
  const mended = ready.filter(({ way }) => way !== 'primary').length;
  const after = {
    ...counted(state, { delivered: count, mended }),
    next: sequenceAfter(next, count),
    held: held.slice(count),
    recent: [...state.recent, ...ready].slice(-REMEMBERED),
  };
  return [after, ready.filter(({ octets }) => octets.length > 0).map((packet) => ({ do: 'deliver', ...packet }))];
}
