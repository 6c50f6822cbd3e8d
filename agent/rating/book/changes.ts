import { type Cycle, cycleOf } from '../calendar/cycles.ts';
import { whole } from '../whole.ts';
import { type Prepared, regimeOn } from './context.ts';
import type { Change } from './demand.ts';
import { poolsOf } from './pools.ts';
import { allowanceCycle, limitOf } from './rules.ts';

const TICKS_PER_MICRO_EURO = 60;
/** Where a contract sets no limit. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Everything that changes bundle and cap between two instants: new months (M1) and caps set for the client (C-1, C-2). */
export function changesOf(from: number, to: number, prepared: Prepared): readonly Change[] {
  const { account } = prepared.context;
  const regime = regimeOn(prepared, from);
  if (regime === undefined) return [];
  const first: Change = { at: 0, cap: limitOf(regime) ?? NO_LIMIT };
  const caps = account.caps
    .toSorted((a, b) => a.from - b.from)
    .map((cap): Change => ({ at: cap.from, cap: whole(cap.microEuro * TICKS_PER_MICRO_EURO) }));
  return [...months(from, to, allowanceCycle(regime, account), prepared), first, ...caps];
}

function months(from: number, to: number, cycle: Cycle, prepared: Prepared): readonly Change[] {
  const found: Change[] = [];
  let month = cycleOf(from, cycle);
  while (month.start <= to) {
    found.push({ at: found.length === 0 ? 0 : month.start, month: poolsOf(month, prepared) });
    const next = cycleOf(month.end, cycle);
    if (next.start <= month.start) break;
    month = next;
  }
  return found;
}
