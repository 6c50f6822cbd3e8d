import type { PayoutReadings } from '../../model/readings/payout.ts';
import { monthOfDay } from '../calendar/civil-month.ts';
import type { ReceivedCall, SpecialNumber } from './received-call.ts';

/** Why a client earns nothing in a month (cmi, Numéros spéciaux art. 4, "ne pourra pas être éligible"). */
export type Ineligible = 'rules-not-respected' | 'payphone-callback' | 'ported-out' | 'too-many-calls';

/** What eligibility depends on; `calls` and `tooMany` are those of the month. */
export type Conduct = {
  readonly month: number;
  readonly rulesRespected: boolean;
  readonly numbers: readonly SpecialNumber[];
  readonly calls: readonly ReceivedCall[];
  readonly tooMany: ReadonlySet<ReceivedCall>;
};

/**
 * Every ground on which the client, not the number or the call, is not eligible for the month (R3, R12). The article
 * excludes the client, so one number that was ported out takes the month from all of them.
 */
export function ineligible(conduct: Conduct, readings: PayoutReadings): readonly Ineligible[] {
  const { month, rulesRespected, numbers, calls, tooMany } = conduct;
  const portedOut = numbers.some(({ portedOutOn }) => {
    if (portedOutOn === undefined) return false;
    const portMonth = monthOfDay(portedOutOn);
    return month <= portMonth && month >= portMonth - readings.port_out_months;
  });
  return [
    ...(rulesRespected ? [] : (['rules-not-respected'] as const)),
    ...(calls.some((call) => call.automaticCallback && call.origin === 'payphone')
      ? (['payphone-callback'] as const)
      : []),
    ...(portedOut ? (['ported-out'] as const) : []),
    ...(readings.over50_policy === 'client_month' && tooMany.size > 0 ? (['too-many-calls'] as const) : []),
  ];
}
