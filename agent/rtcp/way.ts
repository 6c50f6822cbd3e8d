import { type Millis, millis } from '../model/units.ts';
import type { Reception } from './read-rtcp.ts';
import type { VoipMetrics } from './voip-metrics.ts';

/** One way of a call's media, from the side that speaks to the side that listens, as the reports of both tell it. */
export type Way = {
  /** Newest sender reports of who speaks, by source. */
  readonly said: ReadonlyMap<number, readonly Said[]>;
  /** What the listening side reported, by source. */
  readonly heard: ReadonlyMap<number, Heard>;
  readonly roundTrip: Mean;
  readonly metrics: VoipMetrics | undefined;
};

/** `at`: when the report passed the box. */
type Said = { readonly name: number; readonly at: Millis; readonly packets: number };

/** Loss is counted from `base` on: what was expected and lost until then, and the sequence number that was reached. */
type Heard = {
  readonly base: { readonly highest: number; readonly expected: number; readonly lost: number };
  readonly highest: number;
  readonly lost: number;
  readonly jitter: Mean;
};

type Mean = { readonly sum: number; readonly count: number };

/** A call has one source each way, one more after a transfer; no phone may fill the box by making up others. */
const MOST_SOURCES = 4;
/** A report is answered by one of the next two of the other side (RFC 3550 6.2: seconds later). */
const REMEMBERED = 4;
/** A longer one is a report of another life, or a clock that jumped. */
const LONGEST_ROUND_TRIP = 10_000;
/** Packets of a second, between a sender report and the reception report that answers it. */
const PACE = 50;
const NTP_SECOND = 65_536;

const NONE: Mean = { sum: 0, count: 0 };
export const silentWay: Way = { said: new Map(), heard: new Map(), roundTrip: NONE, metrics: undefined };

export const meanOf = ({ sum, count }: Mean): number | undefined => (count === 0 ? undefined : sum / count);
const with1 = ({ sum, count }: Mean, value: number): Mean => ({ sum: sum + value, count: count + 1 });

/** The speaking side says how much it sent. */
export function sayOn(way: Way, source: number, said: Said): Way {
  const known = way.said.get(source);
  if (known === undefined && way.said.size >= MOST_SOURCES) return way;
  return { ...way, said: new Map(way.said).set(source, [...(known ?? []), said].slice(-REMEMBERED)) };
}

/** The listening side says what it heard; `at`: when it passed the box. */
export function hearOn(way: Way, reception: Reception, at: Millis): Way {
  const { source, highest, lost, jitter } = reception;
  const known = way.heard.get(source);
  if (known === undefined && way.heard.size >= MOST_SOURCES) return way;
  const answered = way.said.get(source)?.find((said) => said.name === reception.lastReport);
  const heard: Heard = {
    base: known?.base ?? baseOf(reception, answered),
    highest,
    lost,
    jitter: with1(known?.jitter ?? NONE, jitter),
  };
  const trip = answered && tripOf(reception, answered, at);
  return {
    ...way,
    heard: new Map(way.heard).set(source, heard),
    roundTrip: trip === undefined ? way.roundTrip : with1(way.roundTrip, trip),
  };
}

/** RFC 3550 6.4.1 (figure 2), with the box in the place of the sender: there and back between the box and who listens. */
function tripOf({ sinceReport }: Reception, said: Said, at: Millis): Millis | undefined {
  const trip = at - said.at - (sinceReport * 1_000) / NTP_SECOND;
  return trip >= 0 && trip <= LONGEST_ROUND_TRIP ? millis(trip) : undefined;
}

/**
 * A reception report does not say how many packets there were before it. The sender report that it answers does; else
 * its fraction does, which in the first report runs from the beginning; else loss is counted from this report on.
 */
function baseOf({ highest, lost, fraction, sinceReport }: Reception, answered: Said | undefined): Heard['base'] {
  if (answered) return { highest, lost: 0, expected: answered.packets + (sinceReport / NTP_SECOND) * PACE };
  if (fraction > 0 && lost > 0) return { highest, lost: 0, expected: (lost * 256) / fraction };
  return { highest, lost, expected: 0 };
}

/** Share of packets that the listening side missed, 0 to 1, over all sources; undefined while nothing can be said. */
export function lossOf(way: Way): number | undefined {
  let expected = 0;
  let lost = 0;
  for (const { base, ...last } of way.heard.values()) {
    expected += base.expected + ((last.highest - base.highest) >>> 0);
    lost += last.lost - base.lost;
  }
  return expected <= 0 ? undefined : Math.min(1, Math.max(0, lost / expected));
}

/** Mean of the interarrival jitter reported, in units of the media clock, over all sources. */
export const jitterOf = (way: Way): number | undefined =>
  meanOf(
    [...way.heard.values()].reduce(
      (all, { jitter }) => ({ sum: all.sum + jitter.sum, count: all.count + jitter.count }),
      NONE,
    ),
  );

export const reportsOn = (way: Way): number =>
  [...way.heard.values()].reduce((all, { jitter }) => all + jitter.count, 0);
