import type { SimSight } from '../../model/sim-sight.ts';
import type { SimOrder, SimPlace, SimReport } from '../../model/sim-swap.ts';
import type { Books } from '../../model/swap-journal.ts';
import { networkOf, placeOf } from './in-use.ts';
import { type Answer, type At, go, PATIENCE, type Refusal, refuse, type SwapEvent, tell, wait } from './step.ts';
import { recording } from './telling.ts';
import { type Left, startTrip } from './ways.ts';
import { leftToday, mostOfSwap } from './wear.ts';

/** An order came: the same one again is done once, and one at a time is done. */
export function ordered(state: At<'resting'>, order: SimOrder): Answer {
  const { books } = state;
  if (books.settled.includes(order.id)) return refuse(books, order, 'settled-before');
  if (books.untold.length >= MOST_UNTOLD) return refuse(books, order, 'record');
  if (order.target === undefined && !isLoss(order) && order.reason !== 'found')
    return refuse(books, order, 'no-target');
  return go(
    { at: 'preparing', books, order, patient: true, unlocked: false },
    tell({ step: 'preparing' }),
    { do: 'look' },
    wait('dead-man', PATIENCE.prepare),
  );
}

/** A swap brings three reports at the most, and the journal has room for sixteen. */
const MOST_UNTOLD = 12;

export function onPreparing(state: At<'preparing'>, event: SwapEvent): Answer {
  const { books, order } = state;
  switch (event.on) {
    case 'looked':
      // Without its ICCID there would be no way back to a card that works.
      if (event.seen === undefined || (event.seen.iccid === undefined && state.patient && !isLoss(order)))
        return go(state, wait('pace', PATIENCE.look));
      return prepared(state, event.seen, event.now);
    case 'opened':
      return event.opened ? go(state, { do: 'look' }) : refuse(books, order, 'origin-asks-pin');
    case 'waited':
      if (event.name === 'pace') return go(state, { do: 'look' });
      if (event.name !== 'dead-man') return go(state);
      if (state.patient && !isLoss(order))
        return go({ ...state, patient: false }, { do: 'look' }, wait('dead-man', PATIENCE.turn));
      // S-2: a loss is reported at once, whether the modem answers or not.
      return isLoss(order)
        ? lost(books, order, { seen: undefined, now: event.now })
        : refuse(books, order, 'modem-silent');
    case 'not-kept':
      return refuse(books, order, 'journal');
    default:
      return go(state);
  }
}

function prepared(state: At<'preparing'>, seen: SimSight, now: number): Answer {
  const { books, order } = state;
  const noted = { ...books, home: seen.iccid ?? books.home };
  if (isLoss(order)) return lost(noted, order, { seen, now });
  if (order.reason === 'found' && order.target === undefined) return found(noted, order, { seen, now });
  const way = wayOf(noted, order, seen);
  if ('why' in way) {
    if (way.why !== 'origin-asks-pin' || state.unlocked) return refuse(noted, order, way.why);
    return go({ ...state, unlocked: true }, tell({ step: 'unlocking' }), { do: 'unlock', order: order.id });
  }
  const report = begun(order, { from: way.from, to: way.to, now });
  return announce(noted, order, [report], way.leads);
}

type Leads = At<'announcing'>['leads'];
type Way = { readonly from: string | null; readonly to: string | null; readonly leads: Leads };

/** The way there, or why there is none. */
function wayOf(books: Books, order: SimOrder, seen: SimSight): Way | { readonly why: Refusal } {
  if (order.target === undefined) return { why: 'no-target' };
  const left = leftWith(seen);
  const { from } = left;
  // A card that asks for its PIN now is no line that a swap could lose; one that is open would ask on the way back.
  const isShut = seen.locked === true && seen.pin === 'open' && !isLoss(order);
  if (order.target.by === 'download') {
    if (seen.profiles === undefined) return { why: 'no-euicc' };
    if (staysEnabled(seen)) return { why: 'stays-enabled' };
    const origin: SimPlace | null = from === null ? null : { by: 'profile', iccid: from };
    if (leftToday(books) < mostOfSwap(UNKNOWN_PROFILE, origin)) return { why: 'budget' };
    return isShut ? { why: 'origin-asks-pin' } : { from, to: null, leads: { go: 'download', origin, ...left } };
  }
  const target = asSeen(order.target, seen);
  const why = refusalOf(books, target, seen);
  if (why !== undefined) return { why };
  const origin = placeOf(seen, target) ?? null;
  if (leftToday(books) < mostOfSwap(target, origin)) return { why: 'budget' };
  if (isShut) return { why: 'origin-asks-pin' };
  const trip = startTrip(order, target, { origin, ...left });
  return { from, to: target.iccid ?? null, leads: { go: 'travel', trip } };
}

/** What the way back has to bring back. */
const leftWith = (seen: SimSight): Left => ({
  from: seen.iccid ?? null,
  accessPoint: seen.accessPoint ?? null,
  network: networkOf(seen) ?? null,
  carrier: seen.carrier ?? null,
});

/** A profile in the holder that is in use is a profile like any other. */
const asSeen = (target: SimPlace, { slot }: SimSight): SimPlace =>
  target.by === 'profile' && target.slot === slot && slot !== undefined
    ? { by: 'profile', iccid: target.iccid }
    : target;

/** All profiles cost the same to enable. */
const UNKNOWN_PROFILE: SimPlace = { by: 'profile', iccid: '0'.repeat(19) };

function refusalOf({ barred }: Books, target: SimPlace, seen: SimSight): Refusal | undefined {
  if (target.iccid !== undefined && barred.includes(target.iccid)) return 'barred-card';
  if (target.by === 'slot') {
    if (seen.slot === undefined) return 'no-slots';
    return seen.slot === target.slot ? 'in-use' : undefined;
  }
  // What lies in the other holder is seen when it is in use.
  if (target.slot !== undefined) return seen.slot === undefined ? 'no-slots' : undefined;
  const listed = seen.profiles?.find(({ iccid }) => iccid === target.iccid);
  if (seen.profiles === undefined) return 'no-euicc';
  if (listed === undefined) return 'not-on-card';
  if (listed.isEnabled && seen.iccid === target.iccid) return 'in-use';
  return staysEnabled(seen) ? 'stays-enabled' : undefined;
}

const staysEnabled = ({ profiles }: SimSight): boolean =>
  profiles?.some((profile) => profile.isEnabled && profile.staysEnabled) ?? false;

type Seen = { readonly seen: SimSight | undefined; readonly now: number };

/** S-2: the IMSI is reported before anything else, and the line goes out of service; then another card, if one was named. */
function lost(books: Books, order: SimOrder, { seen, now }: Seen): Answer {
  const iccid = seen?.iccid ?? books.home;
  const barred = iccid === null || books.barred.includes(iccid) ? books.barred : [...books.barred.slice(-15), iccid];
  const after = { ...books, barred };
  const report: SimReport = {
    kind: 'sim-lost',
    swap: order.id,
    reason: order.reason === 'theft' ? 'theft' : 'loss',
    by: order.by,
    ...{ iccid, imsi: seen?.imsi ?? null, at: now },
  };
  const way = order.target === undefined || seen === undefined ? undefined : wayOf(after, order, seen);
  const barring = [tell({ step: 'barring' }), { do: 'bar' }] as const;
  if (way !== undefined && !('why' in way)) {
    const [state, effects] = announce(
      after,
      order,
      [report, begun(order, { from: way.from, to: way.to, now })],
      way.leads,
    );
    return [state, [...barring, ...effects]];
  }
  const why = way !== undefined && 'why' in way ? way.why : seen === undefined ? 'modem-silent' : null;
  const [state, effects] = announce(after, order, [report], { go: 'end', outcome: 'barred', from: iccid, why });
  return [state, [...barring, ...effects]];
}

function found(books: Books, order: SimOrder, { seen, now }: Seen): Answer {
  const from = seen?.iccid ?? null;
  const after = { ...books, barred: books.barred.filter((iccid) => iccid !== from) };
  const leads = { go: 'end', outcome: 'reopened', from, why: null } as const;
  const [state, effects] = announce(after, order, [begun(order, { from, to: from, now })], leads);
  return [state, [tell({ step: 'reopening' }), { do: 'admit' }, ...effects]];
}

export const isLoss = ({ reason }: SimOrder): boolean => reason === 'loss' || reason === 'theft';

const begun = (
  { id, reason, by }: SimOrder,
  { from, to, now }: { readonly from: string | null; readonly to: string | null; readonly now: number },
): SimReport => ({
  ...{ kind: 'sim-swapped', swap: id, stage: 'begun', reason, by, from, to },
  ...{ outcome: null, why: null, at: now },
});

function announce(books: Books, order: SimOrder, reports: readonly [SimReport, ...SimReport[]], leads: Leads): Answer {
  return go(
    { at: 'announcing', books, order, reports: [...reports], leads },
    tell({ step: 'announcing' }),
    ...recording(reports[0]),
  );
}
