import type { Change, Demand, Outcome, Stream, SweepRules, Swept } from './demand.ts';
import { change, emptyPurse, outcomeOf, type Purse, pay, type Running, serve } from './purse.ts';
import { advance } from './spans.ts';

/** A point of the time line: what happens at it, in the order of instants and ids. */
type Point = { readonly at: number; readonly id: string; readonly does: Change | Demand };

/**
 * Bundle and cap of one account over all its demands, as if every running call asked for each of its seconds, the
 * oldest call first (M2, M4, M5, M6; C-1, C-4). Spans in which nothing changes are taken in one step, so that the work
 * grows with the number of demands, not of seconds. The order of `demands` does not matter.
 *
 * @throws RangeError when an amount leaves the safe integers.
 */
export function sweep(demands: readonly Demand[], changes: readonly Change[], rules: SweepRules): Swept {
  const purse = emptyPurse();
  const outcomes = new Map<string, Outcome>();
  const books = { purse, rules, outcomes };
  let running: readonly Running[] = [];
  let now = 0;
  for (const { at, does } of timeLine(demands, changes)) {
    running = advance(running, { from: now, until: second(at) }, books);
    now = second(at);
    if (!('is' in does)) change(purse, does);
    else if (does.is === 'lump') outcomes.set(does.id, serve(does, purse, rules));
    else {
      const begun = begin(does, purse, rules);
      if (begun.runs) running = [...running, begun.call];
      else outcomes.set(does.id, outcomeOf(begun.call, begun.refusedAt));
    }
  }
  advance(running, { from: now, until: Number.MAX_SAFE_INTEGER }, books);
  return { outcomes, spent: purse.spent, pools: purse.pools, limitedAt: purse.limitedAt };
}

const second = (at: number): number => Math.floor(at / 1000);

/**
 * A change counts from the start of its second: a month begins before what happens in it. What happens at one instant
 * (a page, a set-up fee) comes before the running calls ask for the second in which it lies.
 */
function timeLine(demands: readonly Demand[], changes: readonly Change[]): readonly Point[] {
  const points: Point[] = changes.map((does) => ({ at: second(does.at) * 1000, id: '', does }));
  for (const does of demands) points.push({ at: does.at, id: does.id, does });
  return points.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

type Begun =
  | { readonly runs: true; readonly call: Running }
  | { readonly runs: false; readonly call: Running; readonly refusedAt: number | undefined };

function begin(stream: Stream, purse: Purse, rules: SweepRules): Begun {
  const due = stream.cost(0);
  const paid = pay(purse, due, rules, stream.at);
  const call: Running = {
    stream,
    until: second(stream.at) + stream.seconds,
    bundle: 0,
    paid: 0,
    ticks: paid ? due : 0,
  };
  if (!paid) return { runs: false, call, refusedAt: 0 };
  return stream.seconds > 0 ? { runs: true, call } : { runs: false, call, refusedAt: undefined };
}
