import { type CivilDay, civilDay, dayNumber } from './paris.ts';

/** Names of the public holidays of France (Code du travail L3133-1, local law of Alsace-Moselle: L3134-13). */
export type Holiday =
  | 'new-year'
  | 'good-friday'
  | 'easter-monday'
  | 'labor-day'
  | 'victory-1945'
  | 'ascension'
  | 'whit-monday'
  | 'national-day'
  | 'assumption'
  | 'all-saints'
  | 'armistice-1918'
  | 'christmas'
  | 'second-christmas-day';

/**
 * The public holiday of a day, given as days since 1970-01-01: the eleven national ones, Whit Monday included; Good
 * Friday and 26 December in Alsace-Moselle only (reading G4). A fixed day comes before one that Easter moves.
 */
export function holidayOf(day: number, alsaceMoselle: boolean): Holiday | undefined {
  const civil = civilDay(day);
  const fixed = FIXED[civil.month * 100 + civil.day];
  if (fixed !== undefined && (alsaceMoselle || fixed !== 'second-christmas-day')) return fixed;
  const afterEaster = day - easterSunday(civil.year);
  const moved = MOVED[String(afterEaster)];
  return alsaceMoselle || moved !== 'good-friday' ? moved : undefined;
}

/** Where the local law of Alsace-Moselle holds: communes of the departments 57, 67 and 68, by their INSEE code. */
export const inAlsaceMoselle = (commune: string): boolean => /^(57|67|68)\d{3}$/.test(commune);

/** Day number of Easter Sunday: Gregorian computus of Butcher (Nature, 20 April 1876), as given by Meeus. */
export function easterSunday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const days = epact + toSunday - 7 * late + 114;
  const easter: CivilDay = { year, month: Math.floor(days / 31), day: (days % 31) + 1 };
  return dayNumber(easter);
}

/** By month × 100 + day. */
const FIXED: Readonly<Record<number, Holiday>> = {
  101: 'new-year',
  501: 'labor-day',
  508: 'victory-1945',
  714: 'national-day',
  815: 'assumption',
  1101: 'all-saints',
  1111: 'armistice-1918',
  1225: 'christmas',
  1226: 'second-christmas-day',
};

/** By days after Easter Sunday. */
const MOVED: Readonly<Record<string, Holiday>> = {
  '-2': 'good-friday',
  '1': 'easter-monday',
  '39': 'ascension',
  '50': 'whit-monday',
};
