import type { PayoutReadings, PayoutTerms } from '../../../../agent/model/readings/payout.ts';
import type { ReceivedCall, SpecialNumber } from '../../../../agent/rating/payout/received-call.ts';
import type { ClientMonth } from '../../../../agent/rating/payout/statement.ts';
import { parisHour } from '../paris-hours.ts';

const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];

/** R-4 a second time: second by second, caller by caller, with the months and days of the machine's time zones. */
export function naiveStatement(client: ClientMonth, terms: PayoutTerms, readings: PayoutReadings): string {
  const month = `2026-${MONTHS[client.month - 2026 * 12]}`;
  const ofMonth = (special: SpecialNumber): readonly ReceivedCall[] =>
    special.calls.filter((call) => parisHour(call.at).month === month);
  const overLimit = (call: ReceivedCall, special: SpecialNumber): boolean => {
    if (call.caller === undefined) return false;
    let sameDay = 0;
    for (const other of ofMonth(special)) {
      if (other.caller === call.caller && parisHour(other.at).day === parisHour(call.at).day) sameDay += 1;
    }
    return sameDay > readings.per_day_limit;
  };
  let eligible = client.rulesRespected;
  for (const special of client.numbers) {
    if (special.portedOutOn !== undefined) {
      const [year, ofYear] = new Date(special.portedOutOn * 86_400_000).toISOString().split('-').map(Number);
      const ported = (year ?? 0) * 12 + (ofYear ?? 0) - 1;
      for (let back = 0; back <= readings.port_out_months; back += 1) {
        if (client.month === ported - back) eligible = false;
      }
    }
    for (const call of ofMonth(special)) {
      if (call.origin === 'payphone' && call.automaticCallback) eligible = false;
      if (readings.over50_policy === 'client_month' && overLimit(call, special)) eligible = false;
    }
  }
  let gross = 0;
  let cost = 0;
  for (const special of client.numbers) {
    const answered = ofMonth(special).filter((call) => call.seconds !== undefined);
    let mobiles = 0;
    for (const call of answered) if (call.origin === 'mobile') mobiles += 1;
    const costly =
      special.tier.is === 'free' && mobiles * 100 > answered.length * terms.freeTierMobile.value.overPercent;
    for (const call of answered) {
      const earns =
        eligible &&
        (call.origin === 'geographic' || call.origin === 'mobile') &&
        special.route === 'geo_metro' &&
        !overLimit(call, special);
      const [earned, spent] = secondBySecond(call, special, costly, [terms, readings]);
      if (earns) gross += earned;
      cost += spent;
    }
  }
  const reached = (readings.threshold_on === 'gross' ? gross : gross - cost) >= terms.threshold.value.microEuro * 60;
  const net = BigInt((reached ? gross : 0) - cost);
  const cents = (amount: bigint): bigint => (amount <= 0n ? 0n : (amount * 2n + 600_000n) / 1_200_000n);
  return `${gross} ${cost} ${reached} ${cents(net) * 10_000n} ${cents(-net) * 10_000n}`;
}

function secondBySecond(
  call: ReceivedCall,
  { tier }: SpecialNumber,
  mobilesCost: boolean,
  [terms, readings]: readonly [PayoutTerms, PayoutReadings],
): readonly [number, number] {
  const { overMicroEuroTtcPerMinute: bound, maximumSeconds } = terms.longService.value;
  let earned = tier.is === 'per-call' ? tier.payoutMicroEuro * 60 : 0;
  let cost = 0;
  for (let second = 1; second <= (call.seconds ?? 0); second += 1) {
    if (tier.is === 'per-minute') {
      const dear =
        readings.long_service_over === 'inclusive' ? tier.priceMicroEuroTtc >= bound : tier.priceMicroEuroTtc > bound;
      if (!dear || second <= maximumSeconds) earned += tier.payoutMicroEuro;
    }
    if (tier.is === 'per-call' && second > terms.perCallLoss.value.afterSeconds) {
      earned = Math.max(0, earned - terms.perCallLoss.value.microEuroPerMinute);
    }
    if (call.origin === 'overseas' || call.origin === 'payphone') cost += terms.farOrigin.value.microEuroPerMinute;
    if (call.origin === 'mobile' && mobilesCost) cost += terms.freeTierMobile.value.microEuroPerMinute;
  }
  return [earned, cost];
}
