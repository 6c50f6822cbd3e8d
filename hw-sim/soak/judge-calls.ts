import { readFileSync } from 'node:fs';
import { DeckSchema } from '../../agent/model/deck.ts';
import type { CallEnded, LedgerRecord } from '../../agent/model/record.ts';
import { type Charged, sum } from '../demo/books.ts';
import { shippedFile } from '../demo/relais.ts';
import type { Check } from '../demo/verdict.ts';
import type { BoxBooks } from './judge.ts';
import { BUNDLED, EMERGENCY, type MadeCall, PAID } from './office.ts';
import type { Outage } from './victim.ts';

/** Either side of what a phone and its box may measure of the same call on a machine that does other things too. */
const TOLERANCE_SECONDS = 2;
/** A BYE is said again after at most four seconds (RFC 3261 17.1.2.1, T2), to a box that is just up. */
const BYE_AGAIN_SECONDS = 5;

type Matched = { readonly call: MadeCall; readonly ends: readonly CallEnded[] };

/** Holds what the phones did against what was recorded and charged, without any code of the rating core. */
export function judgeCalls(
  calls: readonly MadeCall[],
  records: readonly LedgerRecord[],
  boxes: readonly BoxBooks[],
  charges: readonly Charged[],
): readonly Check[] {
  const outages = new Map(boxes.map(({ box, outages: down }) => [box.device, down]));
  const matched = match(calls, records);
  const answered = matched.filter(({ call }) => call.answeredAt !== undefined);
  const astray = answered.filter((one) => one.ends.length !== 1 && !excused(one, outages.get(one.call.box) ?? []));
  const wrong = matched.filter((one) => !fits(one, outages.get(one.call.box) ?? []));
  const known = new Set(calls.map(({ callId }) => callId));
  const strangers = [...callIds(records).values()].filter((callId) => !known.has(callId));
  const priced = naivePrice(records, charges);
  return [
    {
      name: 'every call that a phone heard answered is ended once, by its Call-ID',
      holds: answered.length > 0 && astray.length === 0,
      found: `${answered.length} of ${calls.length} calls answered, ${astray.length} astray${stories(astray, records, outages)}`,
    },
    {
      name: 'each call has the seconds that its phone talked',
      holds: wrong.length === 0,
      found: `${wrong.length} of ${matched.length} do not fit${stories(wrong, records, outages)}; ${talked(answered)} s talked`,
    },
    {
      name: 'no call is recorded that no phone made',
      holds: strangers.length === 0,
      found: `${strangers.length} strangers`,
    },
    {
      name: 'charges = price list × seconds, summed over the calls by hand',
      holds: priced.wrong.length === 0 && priced.ticks === sum(charges),
      found: `${priced.ticks} = ${sum(charges)} ticks, ${priced.wrong.length} wrong${named(priced.wrong)}`,
    },
  ];
}

function match(calls: readonly MadeCall[], records: readonly LedgerRecord[]): readonly Matched[] {
  const byId = callIds(records);
  const ends = new Map<string, CallEnded[]>();
  for (const { event } of records) {
    const callId = event.kind === 'call-ended' ? byId.get(event.call) : undefined;
    if (event.kind === 'call-ended' && callId !== undefined) ends.set(callId, [...(ends.get(callId) ?? []), event]);
  }
  return calls.map((call) => ({ call, ends: ends.get(call.callId) ?? [] }));
}

const callIds = (records: readonly LedgerRecord[]): ReadonlyMap<string, string> =>
  new Map(
    records.flatMap(({ event }) => (event.kind === 'call-admitted' ? [[event.call, event.dialog.sipCallId]] : [])),
  );

/** While its box was down a phone and the record may differ by as long as that; otherwise hardly. */
function fits({ call, ends }: Matched, outages: readonly Outage[]): boolean {
  const [end] = ends;
  if (end === undefined) return call.answeredAt === undefined || excused({ call, ends }, outages);
  const whole = (call.endedAt - (call.answeredAt ?? call.endedAt)) / 1_000;
  const met = metBy(call, outages);
  if (met.length === 0) {
    return end.seconds >= Math.floor(whole) - TOLERANCE_SECONDS && end.seconds <= Math.ceil(whole) + TOLERANCE_SECONDS;
  }
  const upAgain = Math.max(call.endedAt, ...met.map(({ to }) => to));
  const most = (upAgain - call.invitedAt) / 1_000 + BYE_AGAIN_SECONDS + TOLERANCE_SECONDS;
  return end.seconds <= most && (!end.complete || end.seconds >= Math.floor(whole) - TOLERANCE_SECONDS);
}

/** V-1: an emergency call does not wait for its record, so a kill at that very moment may cost it (docs/architecture.md). */
const excused = ({ call, ends }: Matched, outages: readonly Outage[]): boolean =>
  ends.length === 0 && call.called === EMERGENCY && metBy(call, outages).length > 0;

/** A box that is killed again before its phone repeats the BYE keeps the call open until the time after that. */
function metBy(call: MadeCall, outages: readonly Outage[]): readonly Outage[] {
  let open = call.endedAt;
  return outages.filter(({ from, to }) => {
    const met = from < open + BYE_AGAIN_SECONDS * 1_000 && to > call.invitedAt;
    if (met) open = Math.max(open, to);
    return met;
  });
}

const talked = (answered: readonly Matched[]): number =>
  Math.round(answered.reduce((total, { call }) => total + call.endedAt - (call.answeredAt ?? call.endedAt), 0) / 1_000);

type Priced = { readonly ticks: number; readonly wrong: readonly string[] };

/**
 * A price of R micro-euro a minute is R ticks a second. What the bundle gave is not paid, an emergency call never, and what
 * was talked beyond its reservation while the box was down is the operator's loss (docs/architecture.md).
 */
function naivePrice(records: readonly LedgerRecord[], charges: readonly Charged[]): Priced {
  const rates = ratesOf();
  const reserved = reservedSeconds(records);
  const chargeOf = new Map(charges.map((charge) => [charge.call, charge]));
  const wrong: string[] = [];
  let ticks = 0;
  for (const { event } of records) {
    if (event.kind !== 'call-ended' || event.answeredAt === null) continue;
    const charge = chargeOf.get(event.call);
    const bundled = charge?.bundleSeconds ?? 0;
    const rate = rates.get(event.called) ?? Number.NaN;
    const covered = Math.min(event.seconds, reserved.get(event.call) ?? 0);
    const owed = rate === 0 ? 0 : (covered - bundled) * rate;
    const bundleFits = event.called === BUNDLED ? bundled <= event.seconds : bundled === 0;
    if (!bundleFits || (charge?.ticks ?? 0) !== owed) wrong.push(event.call);
    ticks += owed;
  }
  return { ticks, wrong };
}

/** By call, all slices together. */
function reservedSeconds(records: readonly LedgerRecord[]): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const { event } of records) {
    if (event.kind !== 'call-admitted' && event.kind !== 'call-extended') continue;
    const { bundleSeconds, paidSeconds } = event.reserved;
    seconds.set(event.call, (seconds.get(event.call) ?? 0) + bundleSeconds + paidSeconds);
  }
  return seconds;
}

function ratesOf(): ReadonlyMap<string, number> {
  const deck = DeckSchema.parse(JSON.parse(readFileSync(shippedFile('provisioning/decks/example-2026.json'), 'utf8')));
  const abroad = deck.voice
    .flatMap(({ for: selector, ...price }) => ('prefix' in selector ? [{ prefix: selector.prefix, ...price }] : []))
    .filter(({ prefix }) => PAID.slice('00'.length).startsWith(prefix))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  const inFrance = deck.voice.find(({ for: selector }) => 'class' in selector && selector.class === 'geographic');
  return new Map([
    [PAID, abroad[0]?.perMinuteMicroEuro ?? Number.NaN],
    [BUNDLED, inFrance?.perMinuteMicroEuro ?? Number.NaN],
    [EMERGENCY, 0],
  ]);
}

const named = (calls: readonly string[]): string =>
  calls.length === 0 ? '' : ` (${calls.slice(0, SHOWN).join(', ')})`;

const SHOWN = 3;

/** What phone, box and killer did in a call that is not right: whoever reads a verdict of yesterday has nothing else. */
function stories(
  wrong: readonly Matched[],
  records: readonly LedgerRecord[],
  outages: ReadonlyMap<string, readonly Outage[]>,
): string {
  const byId = callIds(records);
  const told = wrong.slice(0, SHOWN).map(({ call }) => {
    const { callId, box, called, invitedAt, answeredAt, endedAt } = call;
    const ledger = records.flatMap(({ event, clock, seq }) =>
      'call' in event && byId.get(event.call) === callId ? [`${seq} ${event.kind} at ${clock.wall}`] : [],
    );
    const after = (at: number): number => Math.round(at - invitedAt);
    const down = metBy(call, outages.get(box) ?? []).map(({ from, to }) => `${after(from)}..${after(to)}`);
    const answered = answeredAt === undefined ? 'never' : after(answeredAt);
    return `${callId} of ${box} to ${called}: answered ${answered}, ended ${after(endedAt)} ms after its INVITE; box down ${down.join(', ') || 'never'}; ledger: ${ledger.join(', ') || 'nothing'}`;
  });
  return told.length === 0 ? '' : ` (${told.join(' | ')})`;
}
