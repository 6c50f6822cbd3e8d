import { never } from '../model/never.ts';
import type { SimOrder } from '../model/sim-swap.ts';
import type { Books, Swap, Trip } from '../model/swap-journal.ts';
import { onAnnouncing, onDownloading } from './swap/announce.ts';
import { isLoss, onPreparing, ordered } from './swap/prepare.ts';
import {
  type Answer,
  type At,
  go,
  PATIENCE,
  refuse,
  rest,
  type SwapEffect,
  type SwapEvent,
  tell,
  wait,
} from './swap/step.ts';
import { endOrder, onTelling, recording } from './swap/telling.ts';
import { onSettling, onSwitching, onTurning, onVerifying } from './swap/travel.ts';
import { settle, turn } from './swap/ways.ts';
import { onDay } from './swap/wear.ts';

/*
 *   resting ──▶ preparing ──▶ announcing ──▶ [downloading] ──▶ switching ──▶ settling ──▶ verifying ──▶ telling ──▶ resting
 *      ▲            │ refused      │                               ▲  ▲          │ dead-man,   │ dead-man,   ▲
 *      └────────────┴──────────────┘                    next form  │  └──────────┤ PIN         │ refusal     │
 *                                                                  │             ▼             ▼             │
 *                                                    (to the origin)└────────── turning ◀──────┘             │
 *                                                                                └── the old card is in use ─┘
 *
 * The change of the card that a mobile line lives on (S-1, S-2): slots, profiles of one eUICC, and profiles that are
 * downloaded first. Its state is its journal: kept before any effect of a step is performed. What the baseband reads
 * decides, never what was answered; the old card is never disabled, another one is enabled in its place.
 */

export const FRESH_SWAP: Swap = rest({
  wear: { day: 0, spent: 0 },
  barred: [],
  settled: [],
  untold: [],
  home: null,
});

/** After a start of the box, from whatever the journal says. */
export function recoverSwap(found: Swap, now: number): Answer {
  const state = { ...found, books: onDay(found.books, now) };
  const recovering = tell({ step: 'recovering', from: state.at });
  switch (state.at) {
    case 'resting':
      return go(state, { do: 'look' }, ...recording(state.books.untold[0]));
    case 'preparing':
    case 'announcing':
      // S-2: a loss that was ordered is not forgotten over a restart. Anything else is for somebody to order again.
      if (isLoss(state.order)) return look(state.books, state.order, recovering);
      return abandoned(state, recovering, now);
    case 'downloading':
      return abandoned(state, recovering, now);
    case 'switching':
    case 'settling':
    case 'verifying':
      return begunAgain(state, recovering);
    case 'turning':
      return turn(state.books, onceMore(state.trip), null);
    case 'telling':
      return go(state, recovering, { do: 'deliver' }, ...recording(state.report));
    default:
      return never(state);
  }
}

const look = (books: Books, order: SimOrder, recovering: SwapEffect): Answer =>
  go(
    { at: 'preparing', books, order, patient: true, unlocked: false },
    recovering,
    { do: 'look' },
    wait('dead-man', PATIENCE.prepare),
  );

/** No card was touched. A profile that was installed by then stays, disabled. */
function abandoned(
  { books, order }: At<'preparing' | 'announcing' | 'downloading'>,
  recovering: SwapEffect,
  now: number,
) {
  const end = { outcome: 'interrupted', from: books.home, to: null, why: 'the box restarted', now } as const;
  return endOrder(books, order, end, recovering, { do: 'deliver' });
}

/** What was reached is finished, what was not reached is undone: what the baseband reads tells which. */
function begunAgain({ books, trip }: At<'switching' | 'settling' | 'verifying'>, recovering: SwapEffect): Answer {
  if (trip.towards === 'origin') return turn(books, onceMore(trip), null);
  const [state, effects] = settle(books, { ...trip, recovered: true, fits: 0, said: 'nothing' });
  return [state, [recovering, ...effects, wait('dead-man', PATIENCE.there)]];
}

/** A way back that power broke off was no try: neither the card nor the modem's choice was asked for in vain. */
const onceMore = (trip: Trip): Trip => ({ ...trip, returns: 0, fits: 0 });

/** @returns the state to keep first, and what is to be done then. */
export function stepSwap(before: Swap, event: SwapEvent): Answer {
  const books = onDay(before.books, event.now);
  const state = books === before.books ? before : { ...before, books };
  if (event.on === 'ordered' && state.at !== 'resting') return busy(state, event.order);
  switch (state.at) {
    case 'resting':
      return onResting(state, event);
    case 'preparing':
      return onPreparing(state, event);
    case 'announcing':
      return onAnnouncing(state, event);
    case 'downloading':
      return onDownloading(state, event);
    case 'switching':
      return onSwitching(state, event);
    case 'settling':
      return onSettling(state, event);
    case 'verifying':
      return onVerifying(state, event);
    case 'turning':
      return onTurning(state, event);
    case 'telling':
      return onTelling(state, event);
    default:
      return never(state);
  }
}

/** The order that is being carried out, said again, is the same order. */
function busy(state: Exclude<Swap, { readonly at: 'resting' }>, order: SimOrder): Answer {
  const underWay = 'trip' in state ? state.trip.order : state.order;
  return underWay.id === order.id ? go(state) : [state, refuse(state.books, order, 'busy')[1]];
}

function onResting(state: At<'resting'>, event: SwapEvent): Answer {
  const { books } = state;
  switch (event.on) {
    case 'ordered':
      return ordered(state, event.order);
    case 'restarted':
      return go(state, { do: 'look' });
    case 'looked':
      return lookedAround(books, event.seen?.iccid);
    case 'recorded':
      return event.so === 'kept' ? told(books) : waitToTell(state, event.so);
    case 'waited':
      if (event.name === 'record') return go(state, ...recording(books.untold[0]));
      return event.name === 'pace' ? go(state, { do: 'look' }) : go(state);
    default:
      return go(state);
  }
}

/** A lost card is kept off the network; an eUICC for things may have fallen back to another profile (SGP.32 3.5). */
function lookedAround(books: Books, iccid: string | undefined): Answer {
  // A modem takes seconds to start; one that is not there is asked now and then.
  if (iccid === undefined) return go(rest(books), wait('pace', PATIENCE.turn));
  const isForeign = books.home !== null && books.home !== iccid;
  return go(
    rest({ ...books, home: books.home ?? iccid }),
    ...(books.barred.includes(iccid) ? ([tell({ step: 'barring' }), { do: 'bar' }] as const) : []),
    ...(isForeign ? [tell({ step: 'foreign-card', iccid })] : []),
  );
}

function told(books: Books): Answer {
  const untold = books.untold.slice(1);
  return go(rest({ ...books, untold }), ...recording(untold[0]));
}

const waitToTell = (state: At<'resting'>, so: 'later' | 'no-room'): Answer =>
  so === 'later' ? go(state) : go(state, wait('record', PATIENCE.record));
