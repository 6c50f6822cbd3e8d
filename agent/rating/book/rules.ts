import type { Account } from '../../model/account.ts';
import type { Regime } from '../../model/regime.ts';
import type { Cycle } from '../calendar/cycles.ts';
import { whole } from '../whole.ts';
import type { SweepRules } from './demand.ts';

const TICKS_PER_MICRO_EURO = 60;

/** C-1, C-4, M3: does the account's limit cut what runs, and is it final once reached? */
export const sweepRulesOf = ({ credit, cap }: Regime): SweepRules => ({
  hard: credit.kind.value === 'hard-cap' && credit.cut_running_calls.value,
  sticky: cap.sticky,
});

/** C-1, C-2: the limit in ticks where none was set for the client; undefined where the contract has none. */
export const limitOf = ({ credit }: Regime): number | undefined =>
  credit.limitMicroEuro === undefined ? undefined : whole(credit.limitMicroEuro.value * TICKS_PER_MICRO_EURO);

/** S-6, in ticks. */
export const roamingCeilingOf = ({ limits }: Regime): number | undefined =>
  limits.roamingCeiling === undefined
    ? undefined
    : whole(limits.roamingCeiling.value.ceilingMicroEuro * TICKS_PER_MICRO_EURO);

/** M1: how the months of bundle and cap run. */
export function allowanceCycle({ cap }: Regime, { cycle, months }: Account): Cycle {
  switch (cap.reset) {
    case 'explicit':
      return { is: 'explicit', months };
    case 'calendar_month':
      return { is: 'calendar' };
    case 'anniversary':
      return cycle;
    default:
      return cap.reset;
  }
}

/** V-7, in micro-euro: what a line is charged once when its unlimited plan was abused. */
export function abusePenaltyOf(regime: Regime | undefined): number {
  const steps = regime?.limits.automaticDialing?.value.steps ?? [];
  return steps.reduce((most, step) => Math.max(most, 'penaltyMicroEuro' in step.do ? step.do.penaltyMicroEuro : 0), 0);
}
