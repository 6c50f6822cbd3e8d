import type { PayoutReadings, PayoutTerms } from '../../model/readings/payout.ts';
import { monthOfInstant } from '../calendar/civil-month.ts';
import { whole } from '../whole.ts';
import { type CallLine, callLine } from './call-line.ts';
import { type Ineligible, ineligible } from './eligibility.ts';
import type { ReceivedCall, SpecialNumber } from './received-call.ts';
import { tooManyCalls } from './too-many-calls.ts';

/** A client and its special numbers. `month` is counted from year 0: year × 12 + month − 1. */
export type ClientMonth = {
  readonly month: number;
  /** The client keeps the law and the rules of conduct of its services. */
  readonly rulesRespected: boolean;
  readonly numbers: readonly SpecialNumber[];
};

/** The month's statement. Amounts HT; ticks are exact, only the two totals are rounded (R9). */
export type Statement = {
  /** By start, then id. */
  readonly lines: readonly CallLine[];
  readonly notEligible: readonly Ineligible[];
  readonly grossTicks: number;
  readonly costTicks: number;
  readonly thresholdReached: boolean;
  /** To the client. */
  readonly payoutMicroEuro: number;
  /** From the client: costs that no pay-out covers. */
  readonly billedMicroEuro: number;
};

const TICKS_PER_MICRO_EURO = 60;
const TICKS_PER_CENT = 600_000;
const MICRO_EURO_PER_CENT = 10_000;

/**
 * What the calls of one month earn and cost the client (R-4; R1 to R9, R12 to R14; cmi, Numéros spéciaux art. 4). Calls
 * that start in another month are left out (R1). The order of numbers and calls makes no difference.
 * @throws RangeError when an amount leaves the safe integers
 */
export function payoutStatement(client: ClientMonth, terms: PayoutTerms, readings: PayoutReadings): Statement {
  const numbers = client.numbers.map((special) => ({
    ...special,
    calls: special.calls.filter((call) => monthOfInstant(call.at) === client.month),
  }));
  const calls = numbers.flatMap((special) => special.calls);
  const tooMany = new Set(numbers.flatMap((special) => [...tooManyCalls(special.calls, readings)]));
  const notEligible = ineligible({ ...client, calls, tooMany }, readings);
  const lines = numbers
    .flatMap((special) => {
      const mobilesCost = special.tier.is === 'free' && mobileShareOver(special.calls, terms);
      const frame = { special, clientEligible: notEligible.length === 0, mobilesCost, tooMany, terms, readings };
      return special.calls.map((call) => ({ at: call.at, line: callLine(call, frame) }));
    })
    .toSorted((a, b) => a.at - b.at || byText(a.line.id, b.line.id))
    .map(({ line }) => line);
  return { lines, notEligible, ...totals(lines, terms, readings) };
}

/** R6: strictly over the share, by number of answered calls. */
function mobileShareOver(calls: readonly ReceivedCall[], terms: PayoutTerms): boolean {
  const answered = calls.filter((call) => call.seconds !== undefined);
  const mobiles = answered.filter((call) => call.origin === 'mobile').length;
  return mobiles * 100 > answered.length * terms.freeTierMobile.value.overPercent;
}

function totals(
  lines: readonly CallLine[],
  terms: PayoutTerms,
  readings: PayoutReadings,
): Omit<Statement, 'lines' | 'notEligible'> {
  const grossTicks = lines.reduce((sum, line) => whole(sum + line.earnedTicks), 0);
  const costTicks = lines.reduce((sum, line) => whole(sum + line.costTicks), 0);
  const compared = readings.threshold_on === 'gross' ? grossTicks : grossTicks - costTicks;
  const thresholdReached = compared >= whole(terms.threshold.value.microEuro * TICKS_PER_MICRO_EURO);
  const net = (thresholdReached ? grossTicks : 0) - costTicks;
  return {
    grossTicks,
    costTicks,
    thresholdReached,
    payoutMicroEuro: toCent(Math.max(0, net)),
    billedMicroEuro: toCent(Math.max(0, -net)),
  };
}

/** R9: half-up to the cent. By remainder, since a quotient of large numbers is not exact. */
function toCent(ticks: number): number {
  const rest = ticks % TICKS_PER_CENT;
  const down = ((ticks - rest) / TICKS_PER_CENT) * MICRO_EURO_PER_CENT;
  return rest * 2 >= TICKS_PER_CENT ? down + MICRO_EURO_PER_CENT : down;
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
