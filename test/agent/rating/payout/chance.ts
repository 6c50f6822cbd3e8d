import { dayNumber } from '../../../../agent/rating/calendar/paris.ts';
import type { Origin, ReceivedCall, SpecialNumber } from '../../../../agent/rating/payout/received-call.ts';
import type { ClientMonth } from '../../../../agent/rating/payout/statement.ts';
import type { Tier } from '../../../../agent/rating/payout/tier.ts';
import { pick } from '../dice.ts';

type Roll = (sides: number) => number;

/** October 2026, a month of 745 hours. */
export const OCTOBER = 2026 * 12 + 9;
const FROM = Date.UTC(2026, 8, 30, 20);

const tiers: readonly [Tier, ...Tier[]] = [
  { is: 'free' },
  { is: 'per-minute', priceMicroEuroTtc: 60_000, payoutMicroEuro: 20_000 },
  { is: 'per-minute', priceMicroEuroTtc: 150_000, payoutMicroEuro: 999_983 },
  { is: 'per-minute', priceMicroEuroTtc: 800_000, payoutMicroEuro: 600_007 },
  { is: 'per-call', priceMicroEuroTtc: 500_000, payoutMicroEuro: 15_000 },
  { is: 'per-call', priceMicroEuroTtc: 3_000_000, payoutMicroEuro: 30_000_000 },
];
const origins: readonly [Origin, ...Origin[]] = [
  'geographic',
  'geographic',
  'geographic',
  'mobile',
  'mobile',
  'overseas',
  'payphone',
  'international',
  'unpaid',
  'no-agreement',
];

export const chanceCall = (roll: Roll, id: string): ReceivedCall => ({
  id,
  // Often near midnight of the same days, so that callers meet their limit and months their edges.
  at: FROM + (roll(3) === 0 ? roll(760) * 3_600_000 : pick(roll, [3, 14, 28, 746, 747]) * 3_600_000) + roll(3_600_000),
  seconds: pick(roll, [undefined, 0, roll(30), roll(90), roll(90), roll(400), 1_795 + roll(10)]),
  caller: pick(roll, [undefined, '+33111111111', '+33111111111', '+33222222222']),
  origin: pick(roll, origins),
  automaticCallback: roll(40) === 0,
});

const chanceNumber = (roll: Roll, number: string): SpecialNumber => ({
  number,
  tier: pick(roll, tiers),
  route: roll(8) === 0 ? 'elsewhere' : 'geo_metro',
  portedOutOn: roll(12) === 0 ? dayNumber({ year: 2026, month: 8 + roll(6), day: 1 + roll(28) }) : undefined,
  calls: Array.from({ length: roll(7) }, (_, at) => chanceCall(roll, `${number}-${at}`)),
});

export const chanceClient = (roll: Roll): ClientMonth => ({
  month: OCTOBER,
  rulesRespected: roll(20) > 0,
  numbers: Array.from({ length: 1 + roll(2) }, (_, at) => chanceNumber(roll, `+3389000000${at}`)),
});
