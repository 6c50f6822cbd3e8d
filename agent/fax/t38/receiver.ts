import { never } from '../../model/never.ts';
import type { Millis } from '../../model/units.ts';
import { giveUp, hold, mendAll, REMEMBERED, settle } from './hold.ts';
import { noteHeard } from './loss-seen.ts';
import { groupsOf } from './parity.ts';
import { readIfp } from './read-ifp.ts';
import { readUdptl } from './read-udptl.ts';
import {
  counted,
  type Packet,
  type Receiver,
  type ReceiverEffect,
  type ReceiverNews,
  type ReceiverRules,
  startReceiver,
} from './receiver-state.ts';
import { placeOf } from './stream-place.ts';
import { sequenceAfter, stepsAhead, type Udptl } from './udptl.ts';

/*
 *   datagram ──▶ read ──▶ place in the stream ──▶ packets in it and mended ones ──▶ held, in order ──▶ deliver
 *                  │             │                                                   │
 *               ignored     late · copy · another stream                      a gap: hold it for `patience`,
 *                                                                             then say what is missing and go on
 */

type Answer = readonly [Receiver, readonly ReceiverEffect[]];

/**
 * Receives UDPTL (T.38 9.1) from one source: in order, each packet once, whatever first number, loss, order, repetition.
 * No packet is held longer than `patience`; what does not come by then is told and given up. Nothing that is heard makes it throw
 * or grow: at most 256 packets wait.
 */
export function stepReceiver(state: Receiver, news: ReceiverNews, rules: ReceiverRules): Answer {
  switch (news.on) {
    case 'datagram-heard':
      return onDatagram(state, news.octets, news.now, rules);
    case 'waited':
      return settle(state, news.now, rules);
    default:
      return never(news);
  }
}

function onDatagram(state: Receiver, octets: Uint8Array, now: Millis, rules: ReceiverRules): Answer {
  const { datagram } = readUdptl(octets);
  if (datagram === undefined) return [counted(state, { ignored: 1 }), []];
  const place = placeOf(state, datagram);
  switch (place) {
    case 'here':
      // One datagram of noise far ahead would make all that is true look late.
      if (isFarAhead(state, datagram) && !isFax(datagram, rules)) return [counted(state, { ignored: 1 }), []];
      return takeIn(state, datagram, now, rules);
    case 'repeated':
      return [{ ...counted(state, { repeated: 1 }), loss: noteHeard(state.loss, datagram.sequence) }, []];
    case 'stale':
      return [{ ...counted(state, { ignored: 1 }), stale: datagram.sequence }, []];
    case 'elsewhere':
      // Only what is a packet of fax may begin a stream: stray RTP that happens to have the form may not.
      if (!isFax(datagram, rules)) return [counted(state, { ignored: 1 }), []];
      return beginAgain(state, datagram, now, rules);
    default:
      return never(place);
  }
}

const isFarAhead = ({ next }: Receiver, { sequence }: Udptl): boolean =>
  next !== undefined && stepsAhead(next, sequence) > REMEMBERED;

const isFax = ({ primary }: Udptl, { version }: ReceiverRules): boolean =>
  readIfp(primary, version).packet !== undefined;

/** What waits of the former stream is delivered before the first of the new one. */
function beginAgain(state: Receiver, datagram: Udptl, now: Millis, rules: ReceiverRules): Answer {
  const [ended, last] = giveUp(state, () => true);
  const first = firstOf(datagram);
  const fresh: Receiver = { ...startReceiver(), next: first, former: ended.next, counts: ended.counts };
  const [begun, effects] = takeIn(fresh, datagram, now, rules);
  return [
    begun,
    [...last, ...(state.next === undefined ? [] : [{ do: 'tell-new-stream' as const, first }]), ...effects],
  ];
}

/** The oldest packet that a first datagram tells of, without a hole. */
function firstOf(datagram: Udptl): number {
  const packets = secondariesOf(datagram);
  const hole = packets.findIndex(({ octets }) => octets.length === 0);
  return sequenceAfter(datagram.sequence, -(hole < 0 ? packets.length : hole));
}

/** More than so many have no use: they are older than what can be waited for. */
const MOST_SECONDARIES = 128;

const secondariesOf = ({ sequence, repair }: Udptl): readonly Packet[] =>
  repair.by === 'parity'
    ? []
    : repair.packets
        .slice(0, MOST_SECONDARIES)
        .map((octets, k) => ({ sequence: sequenceAfter(sequence, -1 - k), octets, way: 'secondary' }));

function takeIn(state: Receiver, datagram: Udptl, now: Millis, rules: ReceiverRules): Answer {
  const { sequence, primary, repair } = datagram;
  const loss = noteHeard(state.loss, sequence);
  const own: Packet = { sequence, octets: primary, way: 'primary' };
  if (repair.by === 'secondaries') {
    const others = secondariesOf(datagram).filter(({ octets }) => octets.length > 0);
    return settle({ ...state, loss, stale: undefined, held: hold(state, [own, ...others], now) }, now, rules);
  }
  const useful = repair.span * repair.parities.length <= REMEMBERED;
  const parities = repair.parities.map((octets) => octets.slice());
  const groups = useful ? [...state.groups, ...groupsOf(sequence, repair.span, parities)] : state.groups;
  const held = { ...state, loss, stale: undefined, groups, held: hold(state, [own], now) };
  return settle(mendAll(held, now), now, rules);
}
