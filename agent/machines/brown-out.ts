import { type Millis, millis } from '../model/units.ts';
import { ratingFactor } from '../model/voice-rating.ts';

/*
 *            calls were unusable for a while, and the other link would be clearly better
 *   usable ─────────────────────────────────────────────────────────────────────────────▶ browned
 *          ◀─────────────────────────────────────────────────────────────────────────────
 *            good again for as long as its way home is held off (failover.ts)
 *
 * A link may be up and yet no call can be understood on it (F-3). Each link is rated by the E-model from its probes: loss,
 * delay, and the jitter that a receiver has to wait for. Loss is judged by what it is at least, not by what few probes show.
 */

type Probe = { readonly at: Millis; readonly roundTrip: Millis | undefined };
type LinkSight = {
  readonly probes: readonly Probe[];
  readonly lowSince: Millis | undefined;
  readonly browned: boolean;
  /** When it was found to be bad nothing came any more, nor since: gone, and back with its first answer. */
  readonly silent: boolean;
  /** Voice was on it at the last probe. */
  readonly carried: boolean;
};
type Role = 'main' | 'second';

export type BrownOut = Readonly<Record<Role, LinkSight>> & { readonly at: 'watching' };

/** `roundTrip`: undefined for a probe that was lost. `reported`: what running calls tell of the link by their RTCP. */
export type BrownNews = {
  readonly link: Role;
  /** Voice is on this link: one that it has left for another reason is lost, and not browned as well. */
  readonly carries: boolean;
  readonly now: Millis;
  readonly roundTrip: Millis | undefined;
  readonly reported?: Reported | undefined;
};
export type Reported = { readonly lossShare: number; readonly jitter: Millis };
export type BrownEffect = { readonly do: 'tell-browned' | 'tell-usable'; readonly link: Role };

type Answer = readonly [BrownOut, readonly BrownEffect[]];

/** ITU-T G.107 annex B: below 70 many users are dissatisfied; from 80 on they are satisfied. */
export const UNUSABLE = 70;
export const GOOD = 80;
const BETTER_BY = 8;
const LOW_FOR = millis(200);
/** What is looked at: quick probes of a second; of a link that is asked seldom the last few of two minutes. */
const WINDOW = { probes: 20, age: millis(1_000), slow: millis(120_000), fewest: 6 };
/** A packet of speech, and the least that a receiver buffers. */
const PACKET_MS = 20;
const BUFFER_MS = 20;
/** Lost in a row: such a link is gone, as far as anybody can say. */
const SILENCE = 5;
/** Standard deviations by which the loss that is believed lies below what was counted. */
const DOUBT = 1.7;

const BLANK: LinkSight = { probes: [], lowSince: undefined, browned: false, silent: false, carried: false };
export const startBrownOut = (): BrownOut => ({ at: 'watching', main: BLANK, second: BLANK });

/** To be good, a link has to show it: then all loss that was counted is believed. */
const COUNTED: Reported = { lossShare: 1, jitter: millis(0) };

/** R of a link now; undefined while too little is known. Rates at least as well as the truth. */
export function ratingOf({ probes }: Pick<LinkSight, 'probes'>, reported?: Reported): number | undefined {
  if (probes.length < WINDOW.fewest) return undefined;
  const answered = probes.flatMap(({ roundTrip }) => (roundTrip === undefined ? [] : [roundTrip]));
  const lost = probes.length - answered.length;
  const counted = lost / probes.length;
  const certain = Math.max(0, lost - DOUBT * Math.sqrt(lost)) / probes.length;
  const sorted = answered.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const late = sorted[Math.floor(sorted.length * 0.9)] ?? middle;
  // A far end on a bad radio of its own tells of loss too: calls only say how far the probes may be believed.
  const loss = Math.max(certain, Math.min(counted, reported?.lossShare ?? 0));
  const swing = late - middle;
  const jitter = Math.max(BUFFER_MS, swing, Math.min(2 * swing, 2 * (reported?.jitter ?? 0)));
  return ratingFactor(millis(middle / 2 + PACKET_MS + jitter), 100 * loss);
}

export function stepBrownOut(state: BrownOut, news: BrownNews): Answer {
  const { link, now, reported } = news;
  const other = link === 'main' ? 'second' : 'main';
  const before = state[link];
  // What was lost while voice was elsewhere is that outage's: a link that voice has come back to is looked at anew.
  const earlier = news.carries && !before.carried ? [] : before.probes;
  const probes = windowed([...earlier, { at: now, roundTrip: news.roundTrip }], now);
  const rating = ratingOf({ ...before, probes }, before.browned ? COUNTED : reported);
  const low = rating !== undefined && rating < (before.browned ? GOOD : UNUSABLE);
  const lowSince = low ? (before.lowSince ?? now) : undefined;
  const seen = { ...before, probes, lowSince, carried: news.carries };
  const put = (sight: LinkSight): BrownOut => ({ ...state, [link]: sight });
  if (before.browned && (before.silent ? news.roundTrip !== undefined : rating !== undefined && !low))
    return [put({ ...seen, browned: false, silent: false }), [{ do: 'tell-usable', link }]];
  if (before.browned || !news.carries || lowSince === undefined || now - lowSince < LOW_FOR) return [put(seen), []];
  const elsewhere = ratingOf(state[other], COUNTED);
  if (elsewhere === undefined || rating === undefined || elsewhere < rating + BETTER_BY) return [put(seen), []];
  const silent = probes.slice(-SILENCE).every(({ roundTrip }) => roundTrip === undefined);
  return [put({ ...seen, browned: true, silent }), [{ do: 'tell-browned', link }]];
}

/** Probes of the last second; of a link that is asked seldom, the few that there are. */
function windowed(probes: readonly Probe[], now: Millis): readonly Probe[] {
  const recent = probes.slice(-WINDOW.probes).filter(({ at }) => now - at <= WINDOW.slow);
  const quick = recent.filter(({ at }) => now - at <= WINDOW.age);
  return quick.length >= WINDOW.fewest ? quick : recent.slice(-WINDOW.fewest);
}
