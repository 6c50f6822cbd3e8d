import { never } from '../../model/never.ts';
import { type Millis, millis } from '../../model/units.ts';
import { cutToFit } from './cut-to-fit.ts';
import { type IfpPacket, indicatorPacket } from './ifp.ts';
import { isKey, type Protection, protectionFor } from './protection.ts';
import { largestSent, repairFor } from './repair-for.ts';
import type { Copy, Sender, SenderEffect, SenderNews, SenderRules, SentPacket } from './sender-state.ts';
import { sequenceAfter, stepsAhead } from './udptl.ts';
import { writeIfp } from './write-ifp.ts';
import { writeUdptl } from './write-udptl.ts';

/*
 *   packet made ──▶ datagram now, earlier packets riding on it
 *                     │
 *                     ├─ tail copies, spaced, until a later datagram carries the packet     (every burst ends with them)
 *                     ├─ twins, where the peer takes too small a datagram for the depth wanted
 *                     └─ in a silence, the last datagram now and then, which keeps the way through NAT open
 *
 * A copy has the sequence number of its original: a receiver that has it drops it (T.38 9.1).
 */

type Answer = readonly [Sender, readonly SenderEffect[]];

const KEEP_ALIVE = millis(1_500);
/** Image packets come faster than that: a tail copy before would be for a packet that is not the last. */
const PAUSE = 50;
/** Farther apart than most bursts of loss last. */
const TWIN_TIMES = [millis(70), millis(150), millis(240), millis(330)];
const REMEMBERED = 32;
/** Sequence number, length of the primary, kind of repair, span and count: at most. */
const AROUND_PRIMARY = 8;

/** A stream begins at 0 (T.38 9.1); nothing is known of the path yet. */
export const startSender = (): Sender => ({
  next: 0,
  sent: [],
  copies: [],
  protection: protectionFor({ judged: 0, lost: 0, longestRun: 0 }),
});

/** Sends IFP packets as UDPTL (T.38 9.1), each protected by what it is and by the loss seen on the way back. */
export function stepSender(state: Sender, news: SenderNews, rules: SenderRules): Answer {
  switch (news.on) {
    case 'opened':
      // Something at once, or the NAT stays shut and the peer does not learn where we are.
      return send(state, indicatorPacket('no-signal'), news.now, rules);
    case 'packet-made':
      return send(state, news.packet, news.now, rules);
    case 'loss-seen':
      return [{ ...state, protection: protectionFor(news.loss) }, []];
    case 'waited':
      return sendCopies(state, news.now);
    default:
      return never(news);
  }
}

function send(state: Sender, packet: IfpPacket, now: Millis, rules: SenderRules): Answer {
  const room = largestSent(rules) - AROUND_PRIMARY;
  const effects: SenderEffect[] = [];
  let sender = state;
  for (const piece of cutToFit(packet, room, rules.version)) {
    const { octets, refusal } = writeIfp(piece, rules.version);
    if (refusal !== undefined) return [sender, [...effects, { do: 'tell-refused', packet: piece, refusal }]];
    const [after, datagram] = sendOne(sender, { octets, key: isKey(piece) }, now, rules);
    effects.push({ do: 'send', octets: datagram });
    sender = after;
  }
  return [sender, [...effects, ...wake(sender.copies, now)]];
}

function sendOne(state: Sender, packet: SentPacket, now: Millis, rules: SenderRules): readonly [Sender, Uint8Array] {
  const { next, protection, sent } = state;
  const { repair, depth } = repairFor(packet.octets, sent, protection, rules);
  const datagram = writeUdptl({ sequence: next, primary: packet.octets, repair });
  const riding = sequenceAfter(next, -depth);
  // What rides on this datagram needs no copies of its own any more, and what is no key packet had them for a silence only.
  const open = state.copies.filter(
    ({ kind, sequence }) => kind === 'twin' || (kind === 'key' && stepsAhead(riding, sequence) < 0),
  );
  const tail = protection.copies
    .filter((after) => packet.key || after >= PAUSE)
    .map((after): Copy => ({ at: millis(now + after), sequence: next, kind: packet.key ? 'key' : 'tail', datagram }));
  const twins = TWIN_TIMES.slice(0, packet.key ? 0 : twinsFor(depth, Math.min(protection.depth, sent.length))).map(
    (after): Copy => ({ at: millis(now + after), sequence: next, kind: 'twin', datagram }),
  );
  const after: Sender = {
    ...state,
    next: sequenceAfter(next, 1),
    sent: [packet, ...sent].slice(0, REMEMBERED),
    copies: [...open, ...tail, ...twins, keepAlive(next, datagram, now, protection)].sort((a, b) => a.at - b.at),
  };
  return [after, datagram];
}

/** Each twin carries a packet once more as often as the datagrams do. */
const twinsFor = (depth: number, wanted: number): number =>
  Math.min(TWIN_TIMES.length, Math.ceil((wanted + 1) / (depth + 1)) - 1);

function keepAlive(sequence: number, datagram: Uint8Array, now: Millis, { copies }: Protection): Copy {
  return { at: millis(now + (copies.at(-1) ?? 0) + KEEP_ALIVE), sequence, kind: 'keep-alive', datagram };
}

function sendCopies(state: Sender, now: Millis): Answer {
  const due = state.copies.filter(({ at }) => at <= now);
  const left = state.copies.filter(({ at }) => at > now);
  const last = due.find(({ kind }) => kind === 'keep-alive');
  const again: readonly Copy[] = last ? [{ ...last, at: millis(now + KEEP_ALIVE) }] : [];
  const copies = [...left, ...again].sort((a, b) => a.at - b.at);
  const sent = due.map(({ datagram }): SenderEffect => ({ do: 'send', octets: datagram }));
  return [{ ...state, copies }, [...sent, ...wake(copies, now)]];
}

function wake(copies: readonly Copy[], now: Millis): readonly SenderEffect[] {
  const [soonest] = copies;
  return soonest ? [{ do: 'wait', name: 'copy', for: millis(Math.max(0, soonest.at - now)) }] : [];
}
