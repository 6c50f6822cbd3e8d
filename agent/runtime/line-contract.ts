import type { OrderTerms } from '../machines/mobile-line/obey.ts';
import type { LineLimits, LineRules } from '../machines/mobile-line/services.ts';
import type { LineOrder } from '../model/mobile-line.ts';
import type { Signal } from '../model/signal.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { Suspensions } from '../model/suspension.ts';
import { after } from '../rating/calendar/after.ts';
import { inAlsaceMoselle } from '../rating/calendar/holidays.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { bytesUntil, type LineData } from '../rating/limits/data-signals.ts';
import { planOf } from '../rating/limits/line-plan.ts';

/** S-7: usual where a contract says "reduced" and no more. */
const SLOW_KBPS = 128;

/** S-3: of a line for which nobody ordered any option. */
export const OPTIONS = { international: false, fourG: true, iphone: false };

/** What the contract and the plan of the line say whatever is ordered (S-4, S-5, S-7). */
export function lineRulesOf(contract: Contract, line: string): LineRules {
  const { sim, roaming } = contract.regime;
  const plan = planOf(contract, line);
  return {
    roamingByDefault: roaming.byDefault.value,
    // Of a plan that nobody named it is not known whether it has data; whoever ordered the link for data knows.
    dataOpen: plan === undefined || plan.data !== undefined || sim.dataByDefault.value === 'open',
    slowKbps: plan?.data?.throttledKbps ?? SLOW_KBPS,
  };
}

/** S-5, S-9, S-10: the times of the contract, counted on the calendar of the site. */
export function orderTermsOf(order: LineOrder, { regime, site }: SiteConfig): OrderTerms {
  const { effectiveAfter, openedBy } = regime.roaming;
  const { hostChangeNotice, portingInterruptionHours } = regime.sim;
  const local = inAlsaceMoselle(site.inseeCommune);
  const received = 'received' in order ? order.received : 0;
  const announced = order.do === 'change-host' ? order.announced : 0;
  const at = order.do === 'port-number' ? order.at : 0;
  return {
    roamingAt: effectiveAfter === undefined ? received : after(received, effectiveAfter.value, local),
    grounds: openedBy?.value,
    noticeOver: hostChangeNotice === undefined ? announced : after(announced, hostChangeNotice.value, local),
    portingUntil: at + (portingInterruptionHours?.value ?? 0) * 3_600_000,
  };
}

/** What is reached for the line or its account, and what is left of its data until it is cut. */
export function lineLimitsOf(inForce: readonly Signal[], asked: LineData, abroad: boolean): LineLimits {
  const theirs = inForce.filter(({ scope, subject }) => scope !== 'line' || subject === asked.line);
  const reached = theirs.map(({ rule, action }) => ({ rule, action: action.name }));
  return { reached, bytesLeft: bytesUntil(asked, abroad).cut };
}

/** C-5: an order of the central holds for all lines, or names this one. */
export const isLineSuspended = ({ orders }: Suspensions, line: string, now: number): boolean =>
  orders.some(({ lines, from }) => from <= now && (lines === null || lines.includes(line)));
