import type { DataCounted } from '../../model/data-counted.ts';
import type { LimitUse } from '../../model/limit-use.ts';
import type { LineTerms } from '../../model/mobile-line.ts';
import type { Period } from '../../model/signal.ts';
import { cycleOf } from '../calendar/cycles.ts';
import { parisDay, parisInstant } from '../calendar/paris.ts';
import { whole } from '../whole.ts';

/** Data of a SIM that passed at one place, home or in a country abroad, while nothing else changed. */
type Slice = {
  readonly id: string;
  readonly at: number;
  readonly bytes: number;
  readonly abroad: boolean;
  /** MCC of the network abroad, where it is known. */
  readonly country?: string;
};

type Day = {
  readonly day: number;
  readonly home: { readonly bytes: number; readonly uses: number };
  readonly abroad: { readonly bytes: number; readonly uses: number };
};

/**
 * What the limits of data need of a line, of bounded size: its month in few slices, one beside each pack and waiver, and
 * the days of three months before.
 */
export type DataMonths = {
  /** Of the last use; a clock that was put back makes no use undone (U-7). */
  readonly at: number;
  readonly slices: readonly Slice[];
  readonly days: readonly Day[];
  readonly packs: LineTerms['packs'];
  readonly waivers: LineTerms['waivers'];
};

export const NO_DATA: DataMonths = { at: 0, slices: [], days: [], packs: [], waivers: [] };

/** S-6, S-7: data is counted in months of the calendar, in Paris. */
const monthAt = (at: number): Period => cycleOf(at, { is: 'calendar' });

const MONTHS_COMPARED = 12;

type Told = { readonly id: string; readonly wall: number; readonly clockKnown: boolean };

/**
 * The months after one more record. A box that does not know the time adds to where it was: a month ends for it when the
 * clock is set, and no earlier.
 */
export function withData(months: DataMonths, { total, before, network, plmn }: DataCounted, told: Told): DataMonths {
  const bytes = total.up - before.up + total.down - before.down;
  if (bytes <= 0) return months;
  const at = told.clockKnown || months.at === 0 ? Math.max(told.wall, months.at) : months.at;
  const abroad = network === 'roaming';
  const country = abroad && plmn !== undefined ? { country: countryOf(plmn) } : {};
  const month = monthAt(at);
  const slices = months.slices.filter((one) => one.at >= month.start);
  return {
    ...months,
    at,
    slices: withSlice(slices, { id: told.id, at, bytes, abroad, ...country }, edges(months)),
    days: withDay(months.days, at, { bytes, abroad }),
  };
}

/** MCC of a network (ITU-T E.212); what is priced is the country. */
export const countryOf = (network: string): string => network.slice(0, 3);

/** Packs and waivers as they were ordered. */
export const withTerms = (months: DataMonths, { packs, waivers }: LineTerms): DataMonths => ({
  ...months,
  packs,
  waivers,
});

const edges = ({ packs, waivers }: DataMonths): readonly number[] => [
  ...packs.map(({ at }) => at),
  ...waivers.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])),
];

/** One sum as long as nothing happens between two uses that a limit depends on. */
function withSlice(slices: readonly Slice[], next: Slice, at: readonly number[]): readonly Slice[] {
  const last = slices.findLast(({ abroad, country }) => abroad === next.abroad && country === next.country);
  const isCut = at.some((edge) => last !== undefined && last.at < edge && edge <= next.at);
  if (last === undefined || isCut) return [...slices, next];
  return slices.map((one) => (one === last ? { ...next, bytes: whole(one.bytes + next.bytes) } : one));
}

const NONE = { bytes: 0, uses: 0 };
/** R-8 asks whether there were more than a few uses abroad: no day needs to remember thousands. */
const USES_OF_A_DAY = 100;

function withDay(days: readonly Day[], at: number, { bytes, abroad }: Pick<Slice, 'bytes' | 'abroad'>): readonly Day[] {
  const day = parisDay(at);
  const there = days.find((one) => one.day === day) ?? { day, home: NONE, abroad: NONE };
  const place = abroad ? 'abroad' : 'home';
  const more = { bytes: whole(there[place].bytes + bytes), uses: Math.min(there[place].uses + 1, USES_OF_A_DAY) };
  const oldest = parisDay(monthsBefore(at, MONTHS_COMPARED)[0]?.start ?? 0);
  return [...days.filter((one) => one.day !== day && one.day >= oldest), { ...there, [place]: more }].toSorted(
    (a, b) => a.day - b.day,
  );
}

/** So many whole months before the one of that instant, the oldest first. */
export function monthsBefore(at: number, count: number): readonly Period[] {
  const months: Period[] = [];
  for (let end = monthAt(at).start; months.length < count && end > 0; end = months[0]?.start ?? 0)
    months.unshift(monthAt(end - 1));
  return months;
}

/** Which country it is matters to the price alone. */
const SOMEWHERE = 'ZZ';

/** A use, and the country abroad where it is known. */
type MonthUse = LimitUse & { readonly country?: string };

const useAt = (line: string, one: Slice): MonthUse => ({
  use: {
    ...{ kind: 'data', id: one.id, line, at: one.at, bytes: one.bytes },
    ...(one.abroad && { visited: SOMEWHERE }),
  },
  ticks: 0,
  option: false,
  ...(one.country !== undefined && { country: one.country }),
});

/** The uses of the month in progress, by instant. */
export const usesOfMonth = (line: string, { slices }: DataMonths): readonly MonthUse[] =>
  slices.map((one) => useAt(line, one)).toSorted((a, b) => a.use.at - b.use.at);

/** the uses of days, so many on each as there were; one of them has all the bytes. */
export const usesOfDays = (line: string, { days }: DataMonths): readonly LimitUse[] =>
  days.flatMap(({ day, ...places }) =>
    (['home', 'abroad'] as const).flatMap((place) =>
      Array.from({ length: places[place].uses }, (_, index) => {
        const bytes = index === 0 ? places[place].bytes : 0;
        return useAt(line, {
          id: `${place} ${day}/${index}`,
          at: parisInstant(day),
          bytes,
          abroad: place === 'abroad',
        });
      }),
    ),
  );
