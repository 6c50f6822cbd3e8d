import type { EnableForm, SimSight } from '../../model/sim-sight.ts';
import type { SimOrder, SimPlace, SwapOutcome } from '../../model/sim-swap.ts';
import type { Books, Trip } from '../../model/swap-journal.ts';
import { foreignCarrier } from './in-use.ts';
import { type Answer, go, PATIENCE, type SwapEffect, tell, wait } from './step.ts';
import { endOrder } from './telling.ts';
import { COST_OF_FIT, costOfSwitch, leftToday, spend } from './wear.ts';

/** What is left behind, and found again on the way back. */
export type Left = Pick<Trip, 'from' | 'accessPoint' | 'network' | 'carrier'>;

export const startTrip = (order: SimOrder, target: SimPlace, left: Left & Pick<Trip, 'origin'>): Trip => ({
  ...{ order, target, ...left, towards: 'target', form: 0, returns: 0, rung: 0 },
  ...{ opened: false, fits: 0, recovered: false, said: 'nothing', why: null },
});

/** SGP.22 leaves both to the asker, and cards take one or the other (lpac#13). */
const ENABLE_FORMS: readonly EnableForm[] = [
  { name: 'iccid', refresh: true },
  { name: 'iccid', refresh: false },
  { name: 'aid', refresh: true },
  { name: 'aid', refresh: false },
];

export const goalOf = (trip: Trip): SimPlace =>
  trip.towards === 'target' ? trip.target : (trip.origin ?? trip.target);
const patienceOf = ({ towards }: Trip) => (towards === 'target' ? PATIENCE.there : PATIENCE.back);
const formOf = ({ form }: Trip): EnableForm => ENABLE_FORMS[form] ?? { name: 'iccid', refresh: true };

/** Orders the card to be changed, in this form. What it costs was set aside before the swap began. */
export function setOut(books: Books, trip: Trip, form: number): Answer {
  const next: Trip = { ...trip, form, said: 'nothing', recovered: false };
  const to = goalOf(next);
  const after = spend(books, costOfSwitch(to));
  return go({ at: 'switching', books: after, trip: next }, ...switching(next));
}

export const switching = (trip: Trip) =>
  [
    tell({ step: 'switching', to: goalOf(trip), back: trip.towards === 'origin', attempt: trip.form + 1 }),
    { do: 'switch', to: goalOf(trip), form: formOf(trip) },
    wait('dead-man', patienceOf(trip)),
  ] as const;

/** Reads what the baseband works with, again and again, until the dead-man. */
export function settle(books: Books, trip: Trip): Answer {
  return go(
    { at: 'settling', books, trip: { ...trip, rung: 0 } },
    ...(trip.said === 'refused' && trip.why !== null ? [tell({ step: 'card-refused', why: trip.why })] : []),
    tell({ step: 'settling', rung: 'wait' }),
    { do: 'look' },
    wait('rung', PATIENCE.rung),
  );
}

/** Gives the way up, and looks before it goes back: the old card may be in use already. `why` undefined: as before. */
export function turn(books: Books, trip: Trip, why: string | null): Answer {
  const fits = trip.towards === 'origin' ? trip.fits : 0;
  const back: Trip = { ...trip, towards: 'origin', form: 0, fits, said: 'nothing', why: why ?? trip.why };
  return go(
    { at: 'turning', books, trip: back },
    tell({ step: 'turning', why: back.why ?? 'the old card is not back yet' }),
    { do: 'look' },
    wait('dead-man', PATIENCE.turn),
  );
}

/** The card is in use as the baseband sees it. Whether it is a line is still to be seen. */
export function arrive(books: Books, trip: Trip, seen: SimSight, now: number): Answer {
  const home = seen.iccid ?? books.home;
  const after = { ...books, home };
  const isBarred = home !== null && books.barred.includes(home);
  if (trip.towards === 'target') {
    if (isBarred) return turn(after, trip, 'the card was reported lost');
    // S-8: a PIN is not guessed; one that came with the order is tried once, and never as the last try.
    if (seen.pin === 'asked' && !trip.opened)
      return go(
        { at: 'settling', books: after, trip: { ...trip, opened: true } },
        { do: 'open', order: trip.order.id },
      );
    if (seen.pin === 'asked' || seen.pin === 'blocked') return turn(after, trip, ASKS_PIN);
  } else if (isBarred) {
    return endTrip(after, trip, { outcome: 'returned', why: trip.why, now });
  }
  const carrier = foreignCarrier(trip, seen);
  if (carrier !== undefined && leftToday(after) >= COST_OF_FIT)
    return go(
      { at: 'settling', books: spend(after, COST_OF_FIT), trip: { ...trip, fits: trip.fits + 1 } },
      ...[tell({ step: 'fitting', carrier }), { do: 'fit' } as const],
    );
  return go({ at: 'verifying', books: after, trip }, ...verifying(trip));
}

/** Each card with its own access point. */
export const checkOf = ({ towards, order, accessPoint }: Trip): SwapEffect => ({
  do: 'check',
  accessPoint: towards === 'target' ? order.accessPoint : (accessPoint ?? undefined),
});

const verifying = (trip: Trip) =>
  [tell({ step: 'verifying' }), checkOf(trip), wait('dead-man', patienceOf(trip))] as const;

export const ASKS_PIN = 'the card asks for its PIN';

/** The end of a way: what is in use now is in the books, and the servers of profiles hear of it. */
export function endTrip(
  books: Books,
  trip: Trip,
  { outcome, why, now }: { readonly outcome: SwapOutcome; readonly why: string | null; readonly now: number },
): Answer {
  // S-2: a lost card that is in use again stays out of service.
  const isLost = outcome !== 'swapped' && trip.from !== null && books.barred.includes(trip.from);
  const barring: readonly SwapEffect[] = isLost ? [{ do: 'bar' }] : [];
  const target = trip.target.iccid ?? (outcome === 'swapped' ? books.home : null);
  return endOrder(books, trip.order, { outcome, from: trip.from, to: target, why, now }, ...barring, { do: 'deliver' });
}
