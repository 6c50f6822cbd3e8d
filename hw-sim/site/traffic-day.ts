import type { Class } from '../../agent/model/destination.ts';
import { hours, type Millis, millis, seconds } from '../../agent/model/units.ts';
import type { CallPlan } from './call-plan.ts';
import { type DayItem, incidentsOfDay } from './day-incidents.ts';
import { createSimRandom, type SimRandom } from './sim-random.ts';

type DayOrder = {
  readonly seed: string;
  readonly calls: number;
  /** Names of the phones that call and are called. */
  readonly phones: readonly [string, ...string[]];
  /** The link that fails most, and the other one. */
  readonly mainLink: string;
  readonly secondLink: string;
  readonly incidents: boolean;
};

/** A business day at an office in Paris, counted from its midnight: who calls whom, and what goes wrong. */
export function trafficDay(order: DayOrder): readonly DayItem[] {
  const random = createSimRandom(`day/${order.seed}`);
  const calls = Array.from({ length: order.calls }, (_, index) => callItem(random.fork(`call/${index}`), order, index));
  const incidents = order.incidents ? incidentsOfDay(random.fork('incidents'), order) : [];
  return [...calls, ...incidents].toSorted((a, b) => a.at - b.at);
}

/** Share of the day's calls that begin in each hour of Paris civil time. */
const CALLS_BY_HOUR: readonly (readonly [hour: number, weight: number])[] = [
  [7, 1],
  [8, 5],
  [9, 14],
  [10, 17],
  [11, 15],
  [12, 5],
  [13, 4],
  [14, 13],
  [15, 14],
  [16, 12],
  [17, 8],
  [18, 3],
  [19, 1],
];

/** Seconds of talk at the 0th, 10th … 100th percentile: many short calls, a long tail. */
const TALK_DECILES = [3, 14, 28, 47, 72, 105, 150, 220, 340, 620, 2_700];

type Ways = readonly [Class, number, (random: SimRandom) => string];

/** Numbers are of the ranges kept for fiction by Arcep (decision 18-0881) and Ofcom; special numbers are invented. */
const OUTGOING: readonly Ways[] = [
  ['geographic', 46, (random) => `019900${digits(random, 4)}`],
  ['mobile', 38, (random) => `063998${digits(random, 4)}`],
  ['international-fixed', 9, (random) => `004420794600${digits(random, 2)}`],
  ['ordinary-special', 5, (random) => `0825${digits(random, 6)}`],
  ['emergency', 2, (random) => random.pick(['112', '15', '17', '18'])],
];

const INCOMING: readonly Ways[] = [
  ['geographic', 60, (random) => `+3319900${digits(random, 4)}`],
  ['mobile', 40, (random) => `+3363998${digits(random, 4)}`],
];

function callItem(random: SimRandom, order: DayOrder, index: number): DayItem {
  const hour = weighted(random, CALLS_BY_HOUR, ([, weight]) => weight)[0];
  const direction = random.chance(0.35) ? 'incoming' : 'outgoing';
  const ways = direction === 'incoming' ? INCOMING : OUTGOING;
  const [destination, , number] = weighted(random, ways, ([, weight]) => weight);
  const call: CallPlan = {
    id: `call-${index}`,
    direction,
    phone: random.pick(order.phones),
    far: number(random),
    class: destination,
    destiny: destinyOf(random, destination),
  };
  return { at: millis(hours(hour) + random.between(millis(0), millis(hours(1) - 1))), what: 'call', call };
}

function destinyOf(random: SimRandom, destination: Class): CallPlan['destiny'] {
  const dice = random.fraction();
  const unlucky = dice < 0.06 ? 'busy' : dice < 0.18 ? 'rings-out' : 'answers';
  return {
    answer: destination === 'emergency' ? 'answers' : unlucky,
    ring: random.between(seconds(2), seconds(18)),
    talk: talkOf(random),
    hungUpBy: random.chance(0.55) ? 'caller' : 'called',
    patience: random.between(seconds(25), seconds(45)),
  };
}

function talkOf(random: SimRandom): Millis {
  const place = random.fraction() * (TALK_DECILES.length - 1);
  const below = TALK_DECILES[Math.floor(place)] ?? 0;
  const above = TALK_DECILES[Math.floor(place) + 1] ?? below;
  return millis(Math.round((below + (above - below) * (place % 1)) * 1_000));
}

function weighted<T>(random: SimRandom, choices: readonly T[], weightOf: (choice: T) => number): T {
  let left = random.fraction() * choices.reduce((sum, choice) => sum + weightOf(choice), 0);
  for (const choice of choices) {
    left -= weightOf(choice);
    if (left < 0) return choice;
  }
  throw new Error('nothing to choose from');
}

const digits = (random: SimRandom, count: number): string =>
  String(Math.floor(random.fraction() * 10 ** count)).padStart(count, '0');
