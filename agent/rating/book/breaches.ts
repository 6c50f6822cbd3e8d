import { cycleOf } from '../calendar/cycles.ts';
import { planMonth } from '../unlimited/month.ts';
import type { PlanUse } from '../unlimited/plan-use.ts';
import type { Placed } from './place.ts';

/**
 * the seconds of calls and segments of SMS that are billed although their plan is unlimited, by id of the use; a
 * use within its limits has none. Limits are counted by line and by month of the calendar (U7, nexis art. 1).
 */
export function breachesOf(placed: readonly Placed[]): ReadonlyMap<string, number> {
  const billed = new Map<string, number>();
  for (const group of byLineAndMonth(placed).values()) {
    const regime = group[0]?.holding.regime;
    if (regime === undefined) continue;
    const rules = { readings: regime.unlimited, terms: regime.unlimitedTerms };
    for (const { use, charge } of planMonth(group.flatMap(planUse), rules).charges) {
      if (charge.is === 'billed') billed.set(use.id, charge.units);
    }
  }
  return billed;
}

function byLineAndMonth(placed: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const one of placed) {
    if (!isLimited(one)) continue;
    const key = `${one.use.line} ${one.holding.plan.id} ${cycleOf(one.use.at, { is: 'calendar' }).key}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

function isLimited({ treatment, use, holding }: Placed): boolean {
  if (treatment.is === 'call') return treatment.within === 'limited';
  const { voice } = holding.plan;
  const unlimited = treatment.is === 'units' && treatment.allowance === 'unlimited';
  return use.kind === 'sms' && unlimited && voice.is === 'unlimited' && voice.limits === 'regime';
}

/** Only what the plan includes is counted (U5). */
function planUse({ use, treatment, destination }: Placed): readonly PlanUse[] {
  const common = { id: use.id, at: use.at, party: destination?.number ?? '', included: true };
  if (treatment.is === 'call') return [{ ...common, kind: 'call', seconds: treatment.seconds }];
  return treatment.is === 'units' ? [{ ...common, kind: 'sms', segments: treatment.units }] : [];
}
