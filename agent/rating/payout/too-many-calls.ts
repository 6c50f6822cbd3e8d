import type { PayoutReadings } from '../../model/readings/payout.ts';
import { parisDay } from '../calendar/paris.ts';
import type { ReceivedCall } from './received-call.ts';

/**
 * The calls of those callers that passed the limit of calls a day to one number, all calls of such a day (R2; cmi,
 * Numéros spéciaux art. 4). The text counts the calls that are made ("émis"), so unanswered ones count as well.
 */
export function tooManyCalls(calls: readonly ReceivedCall[], readings: PayoutReadings): ReadonlySet<ReceivedCall> {
  const byCaller = new Map<string, ReceivedCall[]>();
  for (const call of calls) {
    if (call.caller === undefined) continue;
    const key = `${parisDay(call.at)} ${call.caller}`;
    const sameDay = byCaller.get(key);
    if (sameDay === undefined) byCaller.set(key, [call]);
    else sameDay.push(call);
  }
  return new Set([...byCaller.values()].filter((sameDay) => sameDay.length > readings.per_day_limit).flat());
}
