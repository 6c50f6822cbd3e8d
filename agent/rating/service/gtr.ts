import type { Access, GtrReadings, GtrTerms } from '../../model/readings/gtr.ts';
import { type WorkingWeek, workingMillis, workingWeek } from '../calendar/working-time.ts';
import { share } from '../share.ts';
import { whole } from '../whole.ts';
import type { GtrReason } from './gtr-reason.ts';
import { admitted, type ExcusedTime } from './outage.ts';

/** One interruption of a service with a guaranteed restoration time. Instants in Unix milliseconds. */
export type GtrIncident = {
  readonly access: Access;
  readonly total: boolean;
  readonly reported: number;
  /** The access equipment was restarted and the states of the modem's LEDs were given (G-2). */
  readonly restarted?: number;
  readonly restored: number;
  readonly excused: readonly ExcusedTime[];
  /** G9: one invoice of the operator is due and unpaid. */
  readonly unpaidInvoice: boolean;
  /** Subscription of the interrupted service, micro-euro a month. */
  readonly monthlyFee: number;
  /** G5: what was paid for restoration time in the year, as the year is counted for this client; micro-euro. */
  readonly paidInYear: number;
  /** Equipment lent or sold was found defective. */
  readonly equipmentFailed?: number;
};

export type GtrOutcome = {
  /** Absent where the clock never started. */
  readonly clockStart?: number;
  /** Working milliseconds from there to the restoration, without the excused time. */
  readonly lost: number;
  /** The same, as far as it lies beyond the target. */
  readonly beyondTarget: number;
  /** Number of the tier, 1 for the first; 0 for none. */
  readonly tier: number;
  /** Of the monthly fee, by the tier; 0 also where the compensation is not due at all. */
  readonly percent: number;
  /** Compensation in micro-euro, half-up to 1 micro-euro. */
  readonly amount: number;
  readonly onRequest: boolean;
  readonly replaceEquipmentBy?: number;
  /** Each step of the decision, in its order. */
  readonly reasons: readonly GtrReason[];
};

type Tier = GtrTerms['tiers']['value'][number];
type Measured = { readonly start: number | undefined; readonly lost: number; readonly reasons: readonly GtrReason[] };
type Priced = Pick<GtrOutcome, 'tier' | 'percent' | 'amount'> & { readonly reasons: readonly GtrReason[] };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Compensation of one incident: G-1, G-2, G-3 and G-7 with readings G1 to G9 (imesit CGS 7, cmi CGV 10.2 and Services
 * Internet 1.1.1 to 1.1.3, nexis 18).
 * @throws RangeError on an instant or an amount that is not a whole number, on a negative amount, or on an incident that
 * is restored before it is reported.
 */
export function gtrCompensation(incident: GtrIncident, terms: GtrTerms, readings: GtrReadings): GtrOutcome {
  refuseImpossible(incident);
  const { start, lost, reasons } = measured(incident, terms, readings);
  const priced = pricedAt(lost, incident, terms, readings);
  const { equipmentFailed } = incident;
  const hours = terms.equipmentHours?.value;
  return {
    ...(start === undefined ? {} : { clockStart: start }),
    lost,
    beyondTarget: Math.max(0, lost - terms.targetMinutes.value * MINUTE),
    tier: priced.tier,
    percent: priced.percent,
    amount: priced.amount,
    onRequest: terms.onRequest.value,
    ...(equipmentFailed === undefined || hours === undefined
      ? {}
      : { replaceEquipmentBy: whole(equipmentFailed + hours * HOUR) }),
    reasons: [...reasons, ...priced.reasons],
  };
}

function refuseImpossible({ reported, restored, monthlyFee, paidInYear }: GtrIncident): void {
  if (whole(restored) < whole(reported)) throw new RangeError(`restored before reported: ${restored}`);
  if (whole(monthlyFee) < 0) throw new RangeError(`a negative monthly fee: ${monthlyFee}`);
  if (whole(paidInYear) < 0) throw new RangeError(`a negative amount paid in the year: ${paidInYear}`);
}

/** The working time lost, and how it came about. */
function measured(incident: GtrIncident, terms: GtrTerms, readings: GtrReadings): Measured {
  const { at: start, reason } = clockStart(incident, terms, readings);
  if (start === undefined) return { start, lost: 0, reasons: [reason] };
  const week = workingWeek(terms.weeklyHours.value, readings.alsace_moselle);
  const { lost, reasons } = timeLost(start, incident, week, excuses(incident, terms, readings));
  return {
    start,
    lost,
    reasons: [reason, ...reasons, { is: 'time-lost', millis: lost, article: terms.weeklyHours.article }],
  };
}

/** G-2, G6: the later of the report and of the restart, for the kinds of access that the contract names. */
function clockStart(
  incident: GtrIncident,
  terms: GtrTerms,
  readings: GtrReadings,
): {
  readonly at?: number;
  readonly reason: GtrReason;
} {
  const { article, value } = terms.restartNeeded;
  const { reported, restarted } = incident;
  if (readings.clock_start === 'report' || !value.includes(incident.access)) {
    return { at: reported, reason: { is: 'clock-from-report', at: reported, article } };
  }
  if (restarted === undefined) return { reason: { is: 'clock-never-started', article } };
  if (restarted <= reported) return { at: reported, reason: { is: 'clock-from-report', at: reported, article } };
  return { at: restarted, reason: { is: 'clock-from-restart', at: restarted, reported, article } };
}

type Excuses = {
  readonly article: string;
  readonly counted: readonly ExcusedTime[];
  readonly reasons: readonly GtrReason[];
};

/** G-7, G8: which of the excuses stop the clock. */
function excuses({ excused }: GtrIncident, terms: GtrTerms, readings: GtrReadings): Excuses {
  const { article, value } = terms.excuses;
  const causes = readings.maintenance_stops_clock ? value : value.filter((cause) => cause !== 'maintenance');
  const counted = admitted(excused, causes);
  const refused = [...new Set(excused.map(({ cause }) => cause))]
    .filter((cause) => cause !== 'unseen')
    .filter((cause) => !causes.includes(cause));
  return { article, counted, reasons: refused.map((cause) => ({ is: 'excuse-not-known', cause, article })) };
}

function timeLost(
  start: number,
  incident: GtrIncident,
  week: WorkingWeek,
  { article, counted, reasons }: Excuses,
): { readonly lost: number; readonly reasons: readonly GtrReason[] } {
  const window = { from: start, to: Math.max(start, incident.restored) };
  const open = workingMillis(window, week);
  const lost = workingMillis(window, week, counted);
  if (open === lost) return { lost, reasons };
  const causes = [...new Set(counted.map(({ cause }) => cause))].toSorted();
  return { lost, reasons: [...reasons, { is: 'excused', causes, millis: open - lost, article }] };
}

/** G-3: the tier, and what of its amount is due. */
function pricedAt(lost: number, incident: GtrIncident, terms: GtrTerms, readings: GtrReadings): Priced {
  const { article, value: tiers } = terms.tiers;
  if (tiers.length === 0) return nothing({ is: 'nothing-promised', article });
  const index = tiers.findLastIndex((tier) => holds(tier, lost, readings));
  const tier = tiers[index];
  if (tier === undefined)
    return nothing({ is: 'within-first-bound', fromMinutes: tiers[0]?.fromMinutes ?? 0, article });
  const included = isInclusive(tier, readings);
  const { fromMinutes, percent } = tier;
  const inTier: GtrReason = { is: 'tier', tier: index + 1, fromMinutes, included, percent, article };
  if (terms.totalInterruptionOnly.value && !incident.total) {
    return nothing(inTier, { is: 'not-total', article: terms.totalInterruptionOnly.article });
  }
  if (incident.unpaidInvoice) return nothing(inTier, { is: 'unpaid-invoice', article: terms.weeklyHours.article });
  const full = share(incident.monthlyFee, percent, 100);
  const ceiling = ceilingOf(incident, terms);
  const amount = Math.min(full, ceiling?.room ?? full);
  const cut: readonly GtrReason[] = ceiling !== undefined && amount < full ? [{ is: 'ceiling', ...ceiling }] : [];
  return { tier: index + 1, percent, amount, reasons: [inTier, ...cut, { is: 'amount', amount, article }] };
}

/** What the year leaves (G5). */
function ceilingOf({ monthlyFee, paidInYear }: GtrIncident, { yearlyCeilingFees }: GtrTerms) {
  if (yearlyCeilingFees === undefined) return undefined;
  const room = Math.max(0, whole(monthlyFee * yearlyCeilingFees.value) - paidInYear);
  return { room, paid: paidInYear, fees: yearlyCeilingFees.value, article: yearlyCeilingFees.article };
}

const holds = (tier: Tier, lost: number, readings: GtrReadings): boolean => {
  const from = tier.fromMinutes * MINUTE;
  return isInclusive(tier, readings) ? lost >= from : lost > from;
};

const isInclusive = ({ bound }: Tier, readings: GtrReadings): boolean =>
  (bound === 'inclusive' || bound === 'exclusive' ? bound : readings[bound]) === 'inclusive';

const nothing = (...reasons: readonly GtrReason[]): Priced => ({
  tier: reasons.reduce((found, reason) => (reason.is === 'tier' ? reason.tier : found), 0),
  percent: 0,
  amount: 0,
  reasons,
});
