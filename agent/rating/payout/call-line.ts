import type { PayoutReadings, PayoutTerms } from '../../model/readings/payout.ts';
import { whole } from '../whole.ts';
import { type Earning, earningOf } from './earning.ts';
import type { ReceivedCall, SpecialNumber } from './received-call.ts';

/** One call of the statement, with the reason for what it earns and for what it costs. */
export type CallLine = {
  readonly id: string;
  readonly number: string;
  readonly earnedTicks: number;
  /** The rule by which the call earns, or why it earns nothing. */
  readonly because: Earning['rule'] | 'unanswered' | 'origin' | 'client-not-eligible' | 'route' | 'too-many-calls';
  readonly costTicks: number;
  readonly costBecause: 'far-origin' | 'free-tier-mobile' | undefined;
};

/** What holds for all calls of one number in the month. */
export type Frame = {
  readonly special: SpecialNumber;
  readonly clientEligible: boolean;
  /** R6: the share of mobiles has been passed. */
  readonly mobilesCost: boolean;
  readonly tooMany: ReadonlySet<ReceivedCall>;
  readonly terms: PayoutTerms;
  readonly readings: PayoutReadings;
};

export function callLine(call: ReceivedCall, frame: Frame): CallLine {
  const { id } = call;
  const { number } = frame.special;
  return { id, number, ...earnedBy(call, frame), ...costOf(call, frame) };
}

function earnedBy(call: ReceivedCall, frame: Frame): Pick<CallLine, 'earnedTicks' | 'because'> {
  const nothing = (because: CallLine['because']) => ({ earnedTicks: 0, because });
  if (call.seconds === undefined) return nothing('unanswered');
  if (call.origin !== 'geographic' && call.origin !== 'mobile') return nothing('origin');
  if (!frame.clientEligible) return nothing('client-not-eligible');
  if (frame.special.route !== frame.readings.route_required) return nothing('route');
  if (frame.tooMany.has(call)) return nothing('too-many-calls');
  const { ticks, rule } = earningOf(call.seconds, frame.special.tier, frame.terms, frame.readings);
  return { earnedTicks: ticks, because: rule };
}

/** R6, R7: costs follow the call, whether the client is eligible or not. */
function costOf(call: ReceivedCall, frame: Frame): Pick<CallLine, 'costTicks' | 'costBecause'> {
  const perSecond = (ticksPerSecond: number): number => whole((call.seconds ?? 0) * ticksPerSecond);
  const { farOrigin, freeTierMobile } = frame.terms;
  if (call.origin === 'overseas' || call.origin === 'payphone') {
    return { costTicks: perSecond(farOrigin.value.microEuroPerMinute), costBecause: 'far-origin' };
  }
  if (call.origin === 'mobile' && frame.mobilesCost) {
    return { costTicks: perSecond(freeTierMobile.value.microEuroPerMinute), costBecause: 'free-tier-mobile' };
  }
  return { costTicks: 0, costBecause: undefined };
}
