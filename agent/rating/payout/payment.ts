import type { PayoutReadings, PayoutTerms } from '../../model/readings/payout.ts';
import { dayOfMonth, monthOfDay } from '../calendar/civil-month.ts';

/** Days of the payment of one month's pay-out; day numbers in Paris. */
export type Payment = {
  /** The client is asked for its invoice. */
  readonly askedOn: number;
  /** Last day on which the invoice may come; later, the pay-out is void. */
  readonly invoiceUntil: number;
  /** Undefined: no invoice yet, or it came too late. */
  readonly due: number | undefined;
};

/**
 * When the pay-out of a month is paid (R-4, R11; cmi, Numéros spéciaux art. 4).
 * @param month counted from year 0
 * @param received day number in Paris on which the client's invoice came, if it came
 */
export function payoutPayment(
  month: number,
  received: number | undefined,
  terms: PayoutTerms,
  readings: PayoutReadings,
): Payment {
  const { askedOnDay, withinMonths } = terms.invoice.value;
  const askedOn = dayOfMonth(month + 1, askedOnDay);
  const invoiceUntil = dayOfMonth(month + 1 + withinMonths, askedOnDay);
  if (received === undefined || received > invoiceUntil) return { askedOn, invoiceUntil, due: undefined };
  return { askedOn, invoiceUntil, due: dueDay(received, terms, readings) };
}

/** "Trente jours fin de mois". */
function dueDay(received: number, terms: PayoutTerms, readings: PayoutReadings): number {
  const { days } = terms.payment.value;
  if (readings.payment_term === 'month_end_then_d30') return monthEnd(received) + days;
  return monthEnd(received + days);
}

const monthEnd = (day: number): number => dayOfMonth(monthOfDay(day) + 1, 0);
