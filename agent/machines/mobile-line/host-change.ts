import type { HostChange } from '../../model/mobile-line.ts';
import type { LedgerRecord } from '../../model/record.ts';
import type { SimOrder } from '../../model/sim-swap.ts';
import { hours, minutes } from '../../model/units.ts';

/** What the records say of the moves of one campaign. */
export type Moves = { readonly order: string; readonly tries: number; readonly lastAt: number; readonly done: boolean };

/** A card that did not work now may work when the new operator has activated it. */
const PAUSE = hours(6);
const QUIET = minutes(1);

type Asked = {
  readonly moves: Moves | undefined;
  /** Calls are on the link whose card is to be changed. */
  readonly busy: boolean;
  /** When a move was ordered last in this life; its record comes later. */
  readonly orderedAt: number | undefined;
  readonly now: number;
};

/** A swap to order now, or when to look again; nothing once it is done or its time is over. */
type Due = { readonly swap: SimOrder } | { readonly lookAt: number } | undefined;

/**
 * S-9 (nexis 2, 11): the line moves to its card of the new host operator within the window, while nobody calls by it. The
 * swap itself goes back to the old card where the new one does not carry (S-1), and is tried again until the window ends;
 * then the old card stays.
 */
export function dueMove(plan: HostChange, { moves, busy, orderedAt, now }: Asked): Due {
  const { order, by, from, until, target, accessPoint } = plan;
  const mine = moves?.order === order ? moves : undefined;
  if (mine?.done || now >= until) return undefined;
  const last = Math.max(orderedAt ?? 0, mine?.lastAt ?? 0);
  const next = last === 0 ? from : Math.max(from, last + PAUSE);
  if (now < next) return { lookAt: Math.min(next, until) };
  if (busy) return { lookAt: now + QUIET };
  const id = `${order}${MARK}${(mine?.tries ?? 0) + 1}`;
  return { swap: { id, target, ...(accessPoint !== undefined && { accessPoint }), reason: 'host-change', by } };
}

/** Between the name of a campaign and the number of the try. */
const MARK = '#';

/** Folds a record of a swap of a campaign. */
export function noteMove(moves: Moves | undefined, { event }: LedgerRecord): Moves | undefined {
  if (event.kind !== 'sim-swapped' || event.reason !== 'host-change') return moves;
  const cut = event.swap.lastIndexOf(MARK);
  if (cut === -1) return moves;
  const order = event.swap.slice(0, cut);
  const before = moves?.order === order ? moves : { order, tries: 0, lastAt: 0, done: false };
  const tries = Math.max(before.tries, Number(event.swap.slice(cut + 1)) || 0);
  const done = before.done || event.outcome === 'swapped' || event.outcome === 'unchanged';
  return { order, tries, lastAt: Math.max(before.lastAt, event.at), done };
}
