import type { UnlimitedReadings } from '../../model/readings/unlimited.ts';

/**
 * Does a number count as one of "01, 02, 03, 04, 05, 09, 06, 07" (U10; nexis art. 15)? By prefix the overseas
 * departments do, since they are dialled 0262, 0590, 0690 and so on; by territory only metropolitan France does.
 * @param number in E.164 with plus
 */
export function countsAsNational(number: string, { national_by }: UnlimitedReadings): boolean {
  if (METROPOLITAN.test(number)) return true;
  return national_by === 'prefix' && OVERSEAS.test(number);
}

const METROPOLITAN = /^\+33[1-79]\d{8,}$/;
/** Réunion and Mayotte, St-Pierre-et-Miquelon, Guadeloupe, Guyane, Martinique: nine digits after the code, as at home. */
const OVERSEAS = /^\+(?:262|508|590|594|596)[1-79]\d{8}$/;
