import { type PlanCharge, wholeCharge } from './plan-charge.ts';
import type { PlanRules, PlanUse } from './plan-use.ts';
import { type PlanState, planStep, UNUSED } from './step.ts';

export type PlanMonth = {
  /** By (at, id) (U8). */
  readonly charges: readonly { readonly use: PlanUse; readonly charge: PlanCharge }[];
  readonly state: PlanState;
};

/**
 * What the limits of an unlimited plan say of one line and one month, in whatever order its uses are given (R-7, U1;
 * nexis art. 15). With U1 set, a service whose limits are passed is billed for the whole month.
 * @param uses each once, all of one month by their start (U7)
 */
export function planMonth(uses: readonly PlanUse[], rules: PlanRules): PlanMonth {
  let state = UNUSED;
  const charges: PlanMonth['charges'][number][] = [];
  for (const use of uses.toSorted(byStart)) {
    const [next, charge] = planStep(state, use, rules);
    state = next;
    charges.push({ use, charge });
  }
  if (!rules.readings.retroactive) return { charges, state };
  const whole = charges.map(({ use, charge }) =>
    use.included && state[use.kind].breach !== undefined
      ? { use, charge: wholeCharge(use, rules.readings) }
      : { use, charge },
  );
  return { charges: whole, state };
}

const byStart = (a: PlanUse, b: PlanUse): number => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id));
