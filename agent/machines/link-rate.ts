import { type Millis, millis } from '../model/units.ts';

/*
 *            late: what is measured is so much above the quiet line
 *   cruising ─────────────────────────────────────────────────────▶ draining ──┐ nothing but voice until the line is quiet,
 *            ◀─────────────────────────────────────────────────────            ◀┘ then a part of what it was seen to carry
 *            quiet, or its distance has changed
 *
 * One direction of a link whose rate varies (4G). While data wants all of it, the ceiling grows until the line is late, fast
 * where the line was never late, slowly near to where it was. How fast the delay grew tells how much less the line bears
 * than it was given, so that one brake is enough.
 */

type Cruising = {
  readonly at: 'cruising';
  readonly kbps: number;
  /** What the line was last seen to carry; undefined when that is long past or the ceiling went beyond it. */
  readonly known: number | undefined;
  readonly grownAt: Millis;
  readonly last: Sample | undefined;
};
type Draining = {
  readonly at: 'draining';
  /** The ceiling under which the line was late. */
  readonly before: number;
  /** Since when; what was sent before tells how fast the delay grew. */
  readonly since: Millis;
  readonly last: Sample;
  readonly first: Sample;
  readonly peak: Sample;
};
/** Of a probe: when it was sent, and by how much it was later than on the quiet line (ms). */
type Sample = { readonly sentAt: Millis; readonly excess: number };

export type LinkRate = Cruising | Draining;

export type RateNews =
  /** A probe came back, or has not come back yet and is already so late. `busy`: data takes (nearly) all it may. */
  {
    readonly on: 'delay';
    readonly sentAt: Millis;
    readonly excess: number;
    readonly now: Millis;
    readonly busy: boolean;
  };

export type RateEffect =
  | { readonly do: 'set-rate'; readonly kbps: number }
  /** The quiet line itself is later than it was: what is measured from now on is measured against that. */
  | { readonly do: 'learn-distance' };

/** kbit/s; what was ordered, and what is never gone below. */
export type RateBounds = { readonly most: number; readonly least: number };

type Answer = readonly [LinkRate, readonly RateEffect[]];

/** Later than this the line is taken to be full; quieter than that, to be empty (ms). Radio alone jitters by ten. */
export const LATE = 20;
const QUIET = 10;
/** Of what the line carried when it was full. */
const RESTART = 0.85;
/** Growth each tenth of a second: where the line was not seen full, and near to where it was. */
const STEP = millis(100);
const FAST = 1.04;
const SLOW = 1.002;
const NEAR = 0.9;
const BEYOND = 1.1;
/** A line that is still as late after that long without data was never full: its distance has changed. */
const DRAIN = { patience: millis(1_500), share: 0.8 };

export const startLinkRate = (now: Millis, { most }: RateBounds): LinkRate => ({
  at: 'cruising',
  kbps: most,
  known: undefined,
  grownAt: now,
  last: undefined,
});

export const stepLinkRate = (state: LinkRate, news: RateNews, bounds: RateBounds): Answer =>
  state.at === 'cruising' ? onCruising(state, news, bounds) : onDraining(state, news, bounds);

function onCruising(state: Cruising, news: RateNews, bounds: RateBounds): Answer {
  const { sentAt, excess, now } = news;
  const sample = { sentAt, excess };
  if (excess >= LATE) {
    const first = state.last !== undefined && state.last.sentAt < sentAt ? state.last : { sentAt, excess: 0 };
    return [
      { at: 'draining', before: state.kbps, since: now, last: sample, first, peak: sample },
      [{ do: 'set-rate', kbps: bounds.least }],
    ];
  }
  const seen: Cruising = { ...state, last: sample };
  if (!news.busy || excess > QUIET || now - state.grownAt < STEP) return [seen, []];
  const near = state.known !== undefined && state.kbps > NEAR * state.known;
  const kbps = Math.min(bounds.most, state.kbps * (near ? SLOW : FAST));
  const known = state.known !== undefined && kbps > BEYOND * state.known ? undefined : state.known;
  const grown: Cruising = { ...seen, kbps, known, grownAt: now };
  return [grown, kbps === state.kbps ? [] : [{ do: 'set-rate', kbps: Math.floor(kbps) }]];
}

function onDraining(state: Draining, news: RateNews, bounds: RateBounds): Answer {
  const { sentAt, excess, now } = news;
  const sample = { sentAt, excess };
  const grows = sentAt <= state.since && excess >= state.peak.excess;
  const seen: Draining = { ...state, last: sample, peak: grows ? sample : state.peak };
  if (excess > QUIET) return stillLate(seen, news, bounds);
  const known = Math.max(bounds.least, Math.min(bounds.most, carried(seen)));
  const kbps = Math.max(bounds.least, Math.min(bounds.most, known * RESTART, state.before * RESTART));
  return [{ at: 'cruising', kbps, known, grownAt: now, last: sample }, [{ do: 'set-rate', kbps: Math.floor(kbps) }]];
}

function stillLate(state: Draining, { sentAt, excess, now }: RateNews, bounds: RateBounds): Answer {
  const full = sentAt <= state.since + DRAIN.patience || excess < DRAIN.share * state.peak.excess;
  if (full) return [state, []];
  const kbps = Math.max(bounds.least, Math.min(bounds.most, state.before));
  return [
    { at: 'cruising', kbps, known: undefined, grownAt: now, last: undefined },
    [{ do: 'learn-distance' }, { do: 'set-rate', kbps: Math.floor(kbps) }],
  ];
}

/** Given R, a line that carries C grows late by (R − C) / C seconds each second. */
function carried({ before, first, peak }: Draining): number {
  const time = peak.sentAt - first.sentAt;
  const slope = time <= 0 ? 1 : Math.max(0, (peak.excess - first.excess) / time);
  return before / (1 + slope);
}
