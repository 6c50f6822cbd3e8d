import type { Usage } from '../../../agent/model/usage.ts';
import { type Prepared, regimeOn } from '../../../agent/rating/book/context.ts';
import { monthOfDay } from '../../../agent/rating/calendar/civil-month.ts';
import { dayNumber, readDay } from '../../../agent/rating/calendar/paris.ts';
import { receivedCalls } from '../../../agent/rating/payout/received-calls.ts';
import type { PayoutQuestion } from './payout.ts';
import { monthPeriod } from './times.ts';
import { readingsOf } from './with-regime.ts';

/**
 * The question of R-4 that an account's own records ask for one month, by the contract in force when it ends. Calls of
 * other months go along: the rules need none of them, and the answer lists them.
 */
export function reversalOf(
  month: string,
  uses: readonly Usage[],
  prepared: Prepared,
): PayoutQuestion | { readonly missing: string } {
  const { account } = prepared.context;
  const number = monthOfDay(dayNumber(readDay(`${month}-01`)));
  const regime = regimeOn(prepared, monthPeriod(number).end - 1);
  if (account.specialNumbers.length === 0) return { missing: `${account.id}: the account has no special numbers` };
  if (regime?.payoutTerms === undefined) {
    return { missing: `${account.id}: its contract of ${month} says nothing of a pay-out (R-4)` };
  }
  const invoice = account.payoutInvoices.find((one) => one.month === month);
  const numberingAt = (at: number) => prepared.numberings.findLast(({ start }) => start <= at)?.is;
  return {
    month: number,
    rulesRespected: !account.rulesBroken.includes(month),
    numbers: account.specialNumbers.map(({ origins, portedOutOn, tierRequests, ...special }) => ({
      ...special,
      tierRequests: tierRequests.map((request) => ({ ...request, day: dayNumber(readDay(request.day)) })),
      ...(portedOutOn === undefined ? {} : { portedOutOn: dayNumber(readDay(portedOutOn)) }),
      calls: receivedCalls({ number: special.number, origins }, uses, numberingAt).map((call) => ({
        ...call,
        seconds: call.seconds ?? null,
        caller: call.caller ?? null,
      })),
    })),
    ...(invoice === undefined ? {} : { invoiceReceivedOn: dayNumber(readDay(invoice.day)) }),
    terms: regime.payoutTerms,
    readings: readingsOf(regime.payout),
  };
}
