import type { SimReport, SwapOutcome } from '../../model/sim-swap.ts';
import type { Books } from '../../model/swap-journal.ts';
import { type Answer, type At, go, PATIENCE, rest, type SwapEffect, type SwapEvent, tell, wait } from './step.ts';

type End = {
  readonly outcome: SwapOutcome;
  readonly from: string | null;
  readonly to: string | null;
  readonly why: string | null;
  readonly now: number;
};

/** How it ended goes into the record; the books remember the order. */
export function endOrder(
  books: Books,
  order: At<'telling'>['order'],
  end: End,
  ...first: readonly SwapEffect[]
): Answer {
  const { outcome, from, to, why, now } = end;
  const report: SimReport = {
    ...{ kind: 'sim-swapped', swap: order.id, stage: 'ended', reason: order.reason, by: order.by },
    ...{ from, to, outcome, why: why?.slice(0, 200) ?? null, at: now },
  };
  const settled = [...books.settled.slice(-15), order.id];
  const ended = tell({ step: 'ended', outcome, why: why ?? undefined, to: to ?? undefined });
  return go({ at: 'telling', books: { ...books, settled }, order, report }, ...first, ...recording(report), ended);
}

export function onTelling(state: At<'telling'>, event: SwapEvent): Answer {
  if (event.on === 'not-kept') return go(state, ...recording(state.report));
  const isOver = event.on === 'recorded' || (event.on === 'waited' && event.name === 'record');
  if (!isOver) return go(state);
  if (event.on === 'recorded' && event.so === 'kept') return go(rest(state.books));
  const books = withUntold(state.books, state.report);
  const again = event.on === 'recorded' && event.so === 'later' ? [] : [wait('record', PATIENCE.record)];
  return go(rest(books), ...again);
}

/** Recorded, or given up until later: a report that cannot be written holds nothing up for ever. */
export const recording = (report: SimReport | undefined): readonly SwapEffect[] =>
  report === undefined ? [] : [{ do: 'record', report }, wait('record', PATIENCE.record)];

export const withUntold = (books: Books, report: SimReport | undefined): Books =>
  report === undefined ? books : { ...books, untold: [...books.untold, report].slice(-16) };
