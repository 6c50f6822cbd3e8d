import { never } from '../model/never.ts';
import { hours, type Millis, millis, seconds } from '../model/units.ts';

/*
 *   content ──short──▶ wishing ──granted, or no longer short──▶ content
 *                        │  ▲
 *              nothing ──┴──┘ asked again after a while, later each time; at once when something else runs short
 *
 * A wish has a name and keeps it until it is granted: asked twice, it is granted once (C-3).
 */

export type Wish = { readonly ticks: number; readonly bundleSeconds: number };

export type Credit =
  | { readonly at: 'content'; readonly granted: number }
  | { readonly at: 'wishing'; readonly granted: number; readonly wish: Wish; readonly declined: number };

export type CreditEvent =
  /** What the account would like now; undefined when it has enough. */
  | { readonly on: 'account-changed'; readonly wish: Wish | undefined }
  | { readonly on: 'central-reached' }
  /** A new life of the store: leases of before are void, and wishes are numbered from 1 again (C-3). */
  | { readonly on: 'epoch-began' }
  | { readonly on: 'lease-received' }
  | { readonly on: 'wish-declined' }
  | { readonly on: 'waited' };

export type CreditEffect =
  /** `number` counts the wishes of this epoch from 1 and names this one. */
  | { readonly do: 'ask-lease'; readonly number: number; readonly wish: Wish }
  | { readonly do: 'wait'; readonly for: Millis };

type Answer = readonly [Credit, readonly CreditEffect[]];

const ANSWER_PATIENCE = seconds(10);
const DECLINED_PATIENCE = seconds(60);
/** A central that has nothing to give is asked less and less often, at last every hour: a metered link is paid by the byte. */
const LONGEST_PATIENCE = hours(1);

/** `granted` is the number of leases that the ledger of this epoch already holds. */
export const startCredit = (granted: number): Credit => ({ at: 'content', granted });

export function stepCredit(state: Credit, event: CreditEvent): Answer {
  if (event.on === 'epoch-began') return [startCredit(0), []];
  switch (state.at) {
    case 'content':
      if (event.on !== 'account-changed' || event.wish === undefined) return [state, []];
      return ask({ at: 'wishing', granted: state.granted, wish: event.wish, declined: 0 });
    case 'wishing':
      return wishing(state, event);
    default:
      return never(state);
  }
}

function wishing(
  state: Extract<Credit, { at: 'wishing' }>,
  event: Exclude<CreditEvent, { on: 'epoch-began' }>,
): Answer {
  switch (event.on) {
    case 'account-changed':
      return wishChanged(state, event.wish);
    case 'lease-received':
      return [{ at: 'content', granted: state.granted + 1 }, []];
    case 'wish-declined':
      return [{ ...state, declined: state.declined + 1 }, [{ do: 'wait', for: patienceAfter(state.declined) }]];
    case 'central-reached':
    case 'waited':
      return ask(state);
    default:
      return never(event);
  }
}

function wishChanged(state: Extract<Credit, { at: 'wishing' }>, wish: Wish | undefined): Answer {
  if (wish === undefined) return [{ at: 'content', granted: state.granted }, []];
  const other =
    (wish.ticks > 0 && state.wish.ticks === 0) || (wish.bundleSeconds > 0 && state.wish.bundleSeconds === 0);
  return other ? ask({ ...state, wish, declined: 0 }) : [{ ...state, wish }, []];
}

const patienceAfter = (declined: number): Millis =>
  millis(Math.min(LONGEST_PATIENCE, DECLINED_PATIENCE * 2 ** Math.min(declined, 10)));

function ask(state: Extract<Credit, { at: 'wishing' }>): Answer {
  return [
    state,
    [
      { do: 'ask-lease', number: state.granted + 1, wish: state.wish },
      { do: 'wait', for: ANSWER_PATIENCE },
    ],
  ];
}
