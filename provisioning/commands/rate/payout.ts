import { z } from 'zod';
import { TierSchema } from '../../../agent/model/account-services.ts';
import { PayoutReadingsSchema, PayoutTermsSchema } from '../../../agent/model/readings/payout.ts';
import { microEuro, ticks } from '../../../agent/model/units.ts';
import { monthOfInstant } from '../../../agent/rating/calendar/civil-month.ts';
import type { CallLine } from '../../../agent/rating/payout/call-line.ts';
import { type Payment, payoutPayment } from '../../../agent/rating/payout/payment.ts';
import { payoutStatement } from '../../../agent/rating/payout/statement.ts';
import { longestService } from '../../../agent/rating/payout/tier.ts';
import { tierInMonth } from '../../../agent/rating/payout/tier-change.ts';
import { caseOf } from './case.ts';
import { refuseTwice } from './refuse-twice.ts';
import { dayField, monthField, timeField, writeDayNumber, writeMonth } from './times.ts';
import { readingsOf } from './with-regime.ts';

const id = z.string().min(1).max(200);
const CallSchema = z.strictObject({
  id,
  at: timeField,
  /** Null: nobody answered. */
  seconds: z.int().min(0).max(10_000_000).nullable(),
  /** Null: withheld. */
  caller: z.string().min(1).max(200).nullable(),
  origin: z.enum(['geographic', 'mobile', 'overseas', 'payphone', 'international', 'unpaid', 'no-agreement']),
  automaticCallback: z.boolean().default(false),
});

const NumberSchema = z.strictObject({
  number: z.string().min(1).max(200),
  tier: TierSchema,
  /** Requests for another tier, by the day on which they were made. */
  tierRequests: z.array(z.strictObject({ id, day: dayField, tier: TierSchema })).default([]),
  route: z.enum(['geo_metro', 'elsewhere']),
  portedOutOn: dayField.optional(),
  calls: z.array(CallSchema).max(1_000_000),
});

const InputSchema = z.strictObject({
  month: monthField,
  rulesRespected: z.boolean().default(true),
  numbers: z.array(NumberSchema).min(1).max(10_000),
  /** Day on which the client's invoice came. */
  invoiceReceivedOn: dayField.optional(),
  terms: PayoutTermsSchema,
  readings: PayoutReadingsSchema.prefault({}),
});

/** R-4, R1 to R14: what the holder of special numbers is paid for a month. */
export const payoutCase = caseOf(
  'What the holder of special numbers is paid for a month, call by call (R-4)',
  InputSchema.superRefine(({ numbers }, context) => {
    const calls = numbers.flatMap((one, at) =>
      one.calls.map(({ id }, place) => ({ id, path: ['numbers', at, 'calls', place, 'id'] })),
    );
    refuseTwice(calls, context);
    refuseTwice(
      numbers.map(({ number }, at) => ({ id: number, path: ['numbers', at, 'number'] })),
      context,
    );
  }),
  payoutJson,
  ({ payoutTerms, payout }) => ({ terms: payoutTerms, readings: readingsOf(payout) }),
);

/** The statement of one month with its days of payment; field names stay. */
export function payoutJson(input: PayoutQuestion): unknown {
  const numbers = input.numbers.map((one) => atMonth(one, input));
  const statement = payoutStatement({ ...input, numbers }, input.terms, input.readings);
  const payment = payoutPayment(input.month, input.invoiceReceivedOn, input.terms, input.readings);
  return {
    month: writeMonth(input.month),
    notEligible: statement.notEligible,
    calls: statement.lines.map(shown),
    otherMonths: numbers
      .flatMap((one) => one.calls)
      .filter((call) => monthOfInstant(call.at) !== input.month)
      .map((call) => call.id),
    numbers: numbers.map(({ number, tier }) => ({
      number,
      tier,
      longestServiceSeconds: longestService(tier, input.terms, input.readings) ?? null,
    })),
    ...grossAndCost(statement),
    thresholdReached: statement.thresholdReached,
    payoutMicroEuro: statement.payoutMicroEuro,
    billedMicroEuro: statement.billedMicroEuro,
    ...(statement.payoutMicroEuro > 0 ? days(payment) : NOTHING_TO_PAY),
  };
}

const NOTHING_TO_PAY = { askedOn: null, invoiceUntil: null, due: null };

const days = ({ askedOn, invoiceUntil, due }: Payment) => ({
  askedOn: writeDayNumber(askedOn),
  invoiceUntil: writeDayNumber(invoiceUntil),
  due: due === undefined ? null : writeDayNumber(due),
});

export type PayoutQuestion = z.output<typeof InputSchema>;

const atMonth = (one: PayoutQuestion['numbers'][number], { month, readings }: PayoutQuestion) => ({
  number: one.number,
  route: one.route,
  tier: tierInMonth(one.tier, one.tierRequests, month, readings),
  portedOutOn: one.portedOutOn,
  calls: one.calls.map((call) => ({
    ...call,
    seconds: call.seconds ?? undefined,
    caller: call.caller ?? undefined,
  })),
});

/** Exact amounts are ticks, 1/60 micro-euro; beside them the micro-euro that a person reads, half-up. */
const grossAndCost = ({ grossTicks, costTicks }: { readonly grossTicks: number; readonly costTicks: number }) => ({
  grossTicks,
  grossMicroEuro: microEuro(ticks(grossTicks)),
  costTicks,
  costMicroEuro: microEuro(ticks(costTicks)),
});

const shown = (line: CallLine) => ({
  id: line.id,
  number: line.number,
  because: line.because,
  earnedTicks: line.earnedTicks,
  earnedMicroEuro: microEuro(ticks(line.earnedTicks)),
  costBecause: line.costBecause ?? null,
  costTicks: line.costTicks,
  costMicroEuro: microEuro(ticks(line.costTicks)),
});
