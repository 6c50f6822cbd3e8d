import type { LedgerRecord } from '../model/record.ts';
import { type Millis, millis, minutes, seconds } from '../model/units.ts';
import { type HoldOffTimes, holdOff } from './hold-off.ts';

/*
 *              N probes lost in a row: link-lost
 *   standing ─────────────────────────────────────▶ lost ──┐ still lost after a quarter of an hour: link-lost again,
 *            ◀─────────────────────────────────────        ◀┘ so that a power cut hides no more than that
 *              healthy for the hold-off: link-returned, dated to the first answer
 *
 * What it tells is the evidence of an outage (G-6). The hold-off doubles with each loss and is forgotten after quiet
 * hours, so that a flapping link wears the medium out by two records each time the longest hold-off has passed.
 */

export type LinkWatch =
  | {
      readonly at: 'standing';
      readonly losses: number;
      /** First loss of the row; absent while answers come. */
      readonly since: Millis | undefined;
      readonly standingSince: Millis;
      readonly departures: number;
    }
  | {
      readonly at: 'lost';
      readonly losses: number;
      readonly since: Millis;
      readonly toldAt: Millis | undefined;
      readonly healthySince: Millis | undefined;
      readonly departures: number;
    };

export type LinkNews = { readonly on: 'probe-answered' | 'probe-lost'; readonly now: Millis };

export type LinkEffect =
  | { readonly do: 'tell-lost'; readonly since: Millis; readonly probes: number }
  | { readonly do: 'tell-returned'; readonly since: Millis };

export type WatchTimes = HoldOffTimes & { readonly lossesToLeave: number };

type At<S extends LinkWatch['at']> = Extract<LinkWatch, { at: S }>;
type Answer = readonly [LinkWatch, readonly LinkEffect[]];

const TELL_AGAIN = minutes(15);
/** A link that a contract asks no hold-off for must still be healthy so long before its return is worth a record. */
const HOLD_OFF_AT_LEAST: HoldOffTimes = { holdOff: seconds(10), holdOffMax: minutes(10) };

/** A link that the record says is lost, and since when on the clock of that boot. */
export type LostLink = { readonly since: Millis; readonly boot: string };
export type LostLinks = ReadonlyMap<string, LostLink>;

/** Folds one record into the links that are lost after it. */
export function noteLostLink(lost: LostLinks, { event, clock }: LedgerRecord): LostLinks {
  if (event.kind === 'epoch-opened') return new Map();
  if (event.kind === 'link-lost')
    return new Map(lost).set(event.link, { since: millis(event.since), boot: clock.boot });
  if (event.kind !== 'link-returned' || !lost.has(event.link)) return lost;
  return new Map([...lost].filter(([link]) => link !== event.link));
}

/** A link that was lost before this start is lost until it answers; in a new boot its time begins anew. */
export function startLinkWatch(now: Millis, boot: string, before: LostLink | undefined): LinkWatch {
  if (before === undefined) return { at: 'standing', losses: 0, since: undefined, standingSince: now, departures: 0 };
  const known = before.boot === boot;
  const since = known ? before.since : now;
  return { at: 'lost', losses: 0, since, toldAt: known ? now : undefined, healthySince: undefined, departures: 1 };
}

export const stepLinkWatch = (state: LinkWatch, news: LinkNews, times: WatchTimes): Answer =>
  state.at === 'standing' ? onStanding(state, news, times) : onLost(state, news, times);

function onStanding(state: At<'standing'>, news: LinkNews, times: WatchTimes): Answer {
  const { now } = news;
  if (news.on === 'probe-answered') {
    const quiet = now - state.standingSince >= 2 * longest(times);
    if (state.losses === 0 && !(quiet && state.departures > 0)) return [state, []];
    return [{ ...state, losses: 0, since: undefined, departures: quiet ? 0 : state.departures }, []];
  }
  const losses = state.losses + 1;
  const since = state.since ?? now;
  if (losses < times.lossesToLeave) return [{ ...state, losses, since }, []];
  const departures = state.departures + 1;
  return [
    { at: 'lost', losses, since, toldAt: now, healthySince: undefined, departures },
    [{ do: 'tell-lost', since, probes: losses }],
  ];
}

function onLost(state: At<'lost'>, news: LinkNews, times: WatchTimes): Answer {
  const { now } = news;
  if (news.on === 'probe-lost') {
    const lost = { ...state, losses: state.losses + 1, healthySince: undefined };
    if (state.toldAt !== undefined && now - state.toldAt < TELL_AGAIN) return [lost, []];
    return [{ ...lost, toldAt: now }, [{ do: 'tell-lost', since: state.since, probes: lost.losses }]];
  }
  const healthySince = state.healthySince ?? now;
  if (now - healthySince < holdOff(state.departures, floored(times))) return [{ ...state, healthySince }, []];
  return [
    { at: 'standing', losses: 0, since: undefined, standingSince: now, departures: state.departures },
    [{ do: 'tell-returned', since: healthySince }],
  ];
}

const floored = (times: HoldOffTimes): HoldOffTimes => ({
  holdOff: Math.max(times.holdOff, HOLD_OFF_AT_LEAST.holdOff),
  holdOffMax: Math.max(times.holdOffMax, HOLD_OFF_AT_LEAST.holdOffMax),
});

const longest = (times: HoldOffTimes): number => {
  const { holdOff: least, holdOffMax } = floored(times);
  return Math.max(least, holdOffMax);
};
