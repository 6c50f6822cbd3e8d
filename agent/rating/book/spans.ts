import { whole } from '../whole.ts';
import type { Outcome, SweepRules } from './demand.ts';
import { drawsFrom, largest, outcomeOf, type Purse, pay, type Running, roomOf } from './purse.ts';

/** Seconds since 1970, from the first to before the last. */
type Span = { readonly from: number; readonly until: number };

type Books = { readonly purse: Purse; readonly rules: SweepRules; readonly outcomes: Map<string, Outcome> };

/** Lets the running calls ask for the seconds of a span in which nothing begins; answers those that still run. */
export function advance(before: readonly Running[], span: Span, books: Books): readonly Running[] {
  let running = before;
  let now = span.from;
  while (now < span.until && running.length > 0) {
    const nextEnd = running.reduce((soonest, call) => Math.min(soonest, call.until), span.until);
    now += step(running, { from: now, until: nextEnd }, books);
    running = stillRunning(running, now, books.outcomes);
  }
  return running;
}

function stillRunning(running: readonly Running[], now: number, outcomes: Map<string, Outcome>): readonly Running[] {
  for (const call of running) {
    const { id } = call.stream;
    if (call.until <= now && !outcomes.has(id)) outcomes.set(id, outcomeOf(call, undefined));
  }
  return running.filter((call) => !outcomes.has(call.stream.id));
}

/** As many seconds as can be taken at once, at least one; answers how many. */
function step(running: readonly Running[], span: Span, books: Books): number {
  const { purse, rules } = books;
  const even = evenLength(running, span.until - span.from, purse);
  const paying = running.filter((call) => !drawsFrom(call, purse));
  const fitting = even === 0 ? 0 : fittingLength(paying, even, purse, rules);
  if (fitting === 0) {
    oneSecond(running, span.from, books);
    return 1;
  }
  const draws = drawers(running, purse);
  for (const call of running) {
    if (drawsFrom(call, purse)) call.bundle += fitting;
    else payFor(call, fitting, purse);
  }
  for (const [pool, count] of draws) purse.pools[pool] = (purse.pools[pool] ?? 0) - count * fitting;
  return fitting;
}

/** How many calls draw from each pool. */
function drawers(running: readonly Running[], purse: Purse): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const call of running) {
    const { pool } = call.stream;
    if (pool !== undefined && drawsFrom(call, purse)) counts.set(pool, (counts.get(pool) ?? 0) + 1);
  }
  return counts;
}

/** Seconds in which each call draws all along or pays all along; 0 when a pool runs dry within the first. */
function evenLength(running: readonly Running[], length: number, purse: Purse): number {
  let even = length;
  for (const [pool, count] of drawers(running, purse)) {
    even = Math.min(even, Math.floor((purse.pools[pool] ?? 0) / count));
  }
  return even;
}

/** The longest run of seconds, up to `length`, that the cap pays for all of the paying calls. */
function fittingLength(paying: readonly Running[], length: number, purse: Purse, rules: SweepRules): number {
  if (!rules.hard || paying.length === 0) return length;
  const room = roomOf(purse, rules);
  return largest(length, (seconds) => priceOf(paying, seconds) <= room);
}

const priceOf = (paying: readonly Running[], seconds: number): number =>
  paying.reduce((sum, { stream, paid }) => whole(sum + stream.cost(paid + seconds) - stream.cost(paid)), 0);

function payFor(call: Running, seconds: number, purse: Purse): void {
  const { cost } = call.stream;
  const ticks = cost(call.paid + seconds) - cost(call.paid);
  call.paid += seconds;
  call.ticks = whole(call.ticks + ticks);
  purse.spent = whole(purse.spent + ticks);
}

/** One second asked for by each call in turn; who is refused is cut before it (M6). */
function oneSecond(running: readonly Running[], now: number, { purse, rules, outcomes }: Books): void {
  for (const call of running) {
    const { pool, cost, id } = call.stream;
    if (pool !== undefined && drawsFrom(call, purse)) {
      purse.pools[pool] = (purse.pools[pool] ?? 0) - 1;
      call.bundle += 1;
      continue;
    }
    const ticks = cost(call.paid + 1) - cost(call.paid);
    if (pay(purse, ticks, rules, now * 1000)) {
      call.paid += 1;
      call.ticks = whole(call.ticks + ticks);
    } else outcomes.set(id, outcomeOf(call, call.bundle + call.paid));
  }
}
