import { never } from '../../model/never.ts';
import type { LineCheck, SimSight, SwitchEnd } from '../../model/sim-sight.ts';
import type { Trip } from '../../model/swap-journal.ts';
import { millis } from '../../model/units.ts';
import { cardInUse } from './in-use.ts';
import { type Answer, type At, go, PATIENCE, type SwapEvent, tell, wait } from './step.ts';
import { ASKS_PIN, arrive, checkOf, endTrip, goalOf, setOut, settle, switching, turn } from './ways.ts';
import { costOfRung, costOfSwitch, FORMS, leftToday, MOST_RETURNS, RUNGS, spend, untilTomorrow } from './wear.ts';

export function onSwitching(state: At<'switching'>, event: SwapEvent): Answer {
  const { books, trip } = state;
  switch (event.on) {
    case 'switched':
      return settle(books, { ...trip, ...heard(trip, event.end) });
    case 'waited':
      return event.name === 'dead-man' ? turn(books, trip, 'the modem took too long') : go(state);
    case 'not-kept':
      // Nothing was ordered yet. The way back is gone all the same: what stands in the journal is enough to undo.
      if (trip.towards === 'origin') return go(state, ...switching(trip));
      if (isOnTheOther(trip)) return turn(books, trip, 'journal');
      return endTrip(books, trip, { outcome: 'unchanged', why: 'journal', now: event.now });
    default:
      return go(state);
  }
}

function heard(trip: Trip, end: SwitchEnd): Pick<Trip, 'said' | 'form' | 'why'> {
  switch (end.so) {
    case 'done':
      return { said: 'done', form: trip.form, why: trip.why };
    case 'lost':
      return { said: 'refused', form: trip.form, why: trip.why ?? 'the answer was lost' };
    case 'refused':
      // Where another form would be refused as well, none is left to try.
      return { said: 'refused', form: end.final ? FORMS : trip.form, why: end.why };
    default:
      return never(end);
  }
}

export function onSettling(state: At<'settling'>, event: SwapEvent): Answer {
  const { books, trip } = state;
  switch (event.on) {
    case 'looked':
      return event.seen === undefined ? go(state, wait('pace', PATIENCE.look)) : seen(state, event.seen, event.now);
    case 'opened':
      return event.opened ? go(state, { do: 'look' }, wait('rung', PATIENCE.rung)) : turn(books, trip, ASKS_PIN);
    case 'climbed':
    case 'fitted':
    case 'not-kept':
      return go(state, { do: 'look' }, wait('rung', PATIENCE.rung));
    case 'waited':
      if (event.name === 'pace') return go(state, { do: 'look' });
      if (event.name === 'rung') return climb(state);
      if (event.name !== 'dead-man') return go(state);
      return turn(books, trip, trip.why ?? 'the modem does not show the card');
    default:
      return go(state);
  }
}

function seen(state: At<'settling'>, sight: SimSight, now: number): Answer {
  const { books, trip } = state;
  const inUse = cardInUse(trip, sight);
  if (inUse === trip.towards) return arrive(books, trip, sight, now);
  const { towards, target } = trip;
  if (towards === 'target' && target.by === 'profile' && target.slot !== undefined && sight.slot === target.slot)
    return seated(state, target.iccid, sight);
  if (isOnTheOther(trip) && trip.said === 'refused') return nextForm(state, now);
  if (inUse === 'neither' || trip.said === 'done') return go(state, wait('pace', PATIENCE.look));
  if (trip.towards === 'origin') return nextForm(state, now);
  if (trip.recovered)
    return endTrip(books, trip, { outcome: 'interrupted', why: trip.why ?? 'the box restarted', now });
  return nextForm(state, now);
}

/** The holder of that eUICC is in use: its profile comes next, as soon as the card can be asked. */
function seated({ books, trip, ...state }: At<'settling'>, iccid: string, { profiles }: SimSight): Answer {
  if (profiles === undefined) return go({ ...state, books, trip }, wait('pace', PATIENCE.look));
  if (!profiles.some((profile) => profile.iccid === iccid)) return turn(books, trip, 'no such profile on that eUICC');
  return setOut(books, { ...trip, target: { by: 'profile', iccid } }, 0);
}

/** A profile is enabled in the holder that the line did not come from. */
const isOnTheOther = ({ towards, target, origin }: Trip): boolean =>
  towards === 'target' && target.by === 'profile' && target.slot === undefined && origin?.by === 'slot';

/** The card said no, and what the baseband reads agrees: it is asked in another form, while there is one. */
function nextForm({ books, trip }: At<'settling'>, now: number): Answer {
  const to = goalOf(trip);
  const form = trip.form + 1;
  if (to.by === 'profile' && form < FORMS && leftToday(books) >= costOfSwitch(to)) return setOut(books, trip, form);
  if (isOnTheOther(trip)) return turn(books, trip, trip.why ?? 'the eUICC refused the profile');
  if (trip.towards === 'target') return endTrip(books, trip, { outcome: 'unchanged', why: trip.why, now });
  return turn(books, trip, null);
}

function climb(state: At<'settling'>): Answer {
  const { books, trip } = state;
  const rung = RUNGS[trip.rung];
  if (rung === undefined || leftToday(books) < costOfRung(rung)) return go(state);
  return go(
    { ...state, books: spend(books, costOfRung(rung)), trip: { ...trip, rung: trip.rung + 1 } },
    tell({ step: 'settling', rung }),
    { do: 'climb', rung },
  );
}

export function onTurning(state: At<'turning'>, event: SwapEvent): Answer {
  const { books, trip } = state;
  switch (event.on) {
    case 'looked': {
      if (event.seen === undefined) return go(state, wait('pace', PATIENCE.look));
      if (cardInUse(trip, event.seen) === 'origin') return arrive(books, trip, event.seen, event.now);
      return goBack(state, event.now);
    }
    case 'waited':
      if (event.name === 'pace') return go(state, { do: 'look' });
      return event.name === 'dead-man' ? goBack(state, event.now) : go(state);
    case 'not-kept':
      return go(state, { do: 'look' });
    default:
      return go(state);
  }
}

function goBack(state: At<'turning'>, now: number): Answer {
  const { books, trip } = state;
  const { origin } = trip;
  if (origin === null || trip.returns >= MOST_RETURNS)
    return endTrip(books, trip, { outcome: 'stranded', why: trip.why, now });
  if (leftToday(books) >= costOfSwitch(origin))
    return setOut(books, { ...trip, returns: trip.returns + 1, fits: 0 }, 0);
  // Ways back beyond those that were paid for, and those that restarts broke off, may have to wait for the next day.
  const until = millis(untilTomorrow(now));
  return go(state, tell({ step: 'waiting-for-budget', until }), wait('dead-man', until));
}

export function onVerifying(state: At<'verifying'>, event: SwapEvent): Answer {
  const { books, trip } = state;
  switch (event.on) {
    case 'checked':
      return checked(state, event.line, event.now);
    case 'not-kept':
      return go(state, checkOf(trip));
    case 'waited':
      if (event.name === 'pace') return go(state, checkOf(trip));
      if (event.name !== 'dead-man') return go(state);
      if (trip.towards === 'target') return turn(books, trip, 'no traffic passed in time');
      return endTrip(books, trip, { outcome: 'unproven', why: trip.why, now: event.now });
    default:
      return go(state);
  }
}

function checked(state: At<'verifying'>, line: LineCheck | undefined, now: number): Answer {
  const { books, trip } = state;
  if (line?.carries === true) {
    const outcome = trip.towards === 'target' ? 'swapped' : 'returned';
    return endTrip(books, trip, { outcome, why: outcome === 'swapped' ? null : trip.why, now });
  }
  if (line?.refusedFor === undefined) return go(state, wait('pace', PATIENCE.look));
  const why = `the network refuses the card, cause ${line.refusedFor}`;
  if (trip.towards === 'target') return turn(books, trip, why);
  return endTrip(books, trip, { outcome: 'unproven', why: `${trip.why ?? ''}; the old card: ${why}`, now });
}
