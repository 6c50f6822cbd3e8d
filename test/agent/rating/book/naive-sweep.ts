import type { Change, Demand, Outcome, SweepRules } from '../../../../agent/rating/book/demand.ts';

type Asking = {
  readonly stream: Extract<Demand, { is: 'stream' }>;
  bundle: number;
  paid: number;
  ticks: number;
  refusedAt?: number;
};

/** Articles 12.2 and 13 of mie by hand: the clock goes on by one second, and each call in turn asks for it. */
export function naiveSweep(demands: readonly Demand[], changes: readonly Change[], rules: SweepRules) {
  const outcomes = new Map<string, Outcome>();
  const asking: Asking[] = [];
  let cap = 0;
  let spent = 0;
  let limited = false;
  let pools: Record<string, number> = {};

  const buy = (ticks: number): boolean => {
    const allowed = ticks === 0 || !rules.hard || (spent + ticks <= cap && !(rules.sticky && limited));
    if (allowed) spent += ticks;
    else limited = true;
    return allowed;
  };
  const answer = ({ stream, bundle, paid, ticks, refusedAt }: Asking): void => {
    outcomes.set(stream.id, { bundleSeconds: bundle, paid, ticks, refusedAt });
  };

  const arrive = (demand: Demand): void => {
    if (demand.is === 'stream') {
      const call: Asking = { stream: demand, bundle: 0, paid: 0, ticks: 0 };
      if (!buy(demand.cost(0))) call.refusedAt = 0;
      else call.ticks = demand.cost(0);
      if (call.refusedAt === 0 || demand.seconds === 0) answer(call);
      else asking.push(call);
      return;
    }
    let units = 0;
    while (units < demand.units && buy(demand.cost(units + 1) - demand.cost(units))) units += 1;
    const refusedAt = units < demand.units ? units : undefined;
    outcomes.set(demand.id, { bundleSeconds: 0, paid: units, ticks: demand.cost(units), refusedAt });
  };

  const askSecond = (call: Asking): void => {
    const { pool, cost } = call.stream;
    if (pool !== undefined && (pools[pool] ?? 0) > 0) {
      pools[pool] = (pools[pool] ?? 0) - 1;
      call.bundle += 1;
    } else if (buy(cost(call.paid + 1) - cost(call.paid))) {
      call.ticks += cost(call.paid + 1) - cost(call.paid);
      call.paid += 1;
    } else call.refusedAt = call.bundle + call.paid;
    if (call.refusedAt !== undefined || call.bundle + call.paid === call.stream.seconds) {
      answer(call);
      asking.splice(asking.indexOf(call), 1);
    }
  };

  const last = Math.max(
    0,
    ...demands.map((demand) => demand.at + (demand.is === 'stream' ? demand.seconds * 1000 : 0)),
    ...changes.map(({ at }) => at),
  );
  for (let now = 0; now * 1000 <= last + 1000; now += 1) {
    const here = (at: number): boolean => Math.floor(at / 1000) === now;
    for (const change of changes.filter(({ at }) => here(at))) {
      if ('cap' in change) {
        if (change.cap > cap) limited = false;
        cap = change.cap;
      } else {
        pools = { ...change.month };
        spent = 0;
        limited = false;
      }
    }
    const arrivals = demands.filter(({ at }) => here(at)).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    for (const demand of arrivals) arrive(demand);
    for (const call of [...asking]) askSecond(call);
  }
  return { outcomes, spent, pools };
}
