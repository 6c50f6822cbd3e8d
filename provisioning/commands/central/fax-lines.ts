import { civilDay, parisDay, parisTimeOfDay } from '../../../agent/rating/calendar/paris.ts';
import type { SeenFax } from '../../central/faxes.ts';

/** One fax for the client: `04/03/2026 10:00:02, envoyé de … à …, 3 pages, 14 400 bit/s avec correction d’erreurs, 1 min 27 s : …`. */
export function faxLine(fax: SeenFax): string {
  const { line, party, pages, text, again, complete } = fax;
  const other = party === '' ? 'un numéro masqué' : party;
  const way = fax.direction === 'sent' ? `envoyé de ${line} à ${other}` : `reçu de ${other} sur ${line}`;
  const parts = [
    dateOf(fax.startedAt),
    way,
    pages === 0 ? 'aucune page confirmée' : pages === 1 ? '1 page confirmée' : `${pages} pages confirmées`,
    ...(fax.rate === null
      ? []
      : [`${grouped(fax.rate)} bit/s ${fax.ecm === true ? 'avec' : 'sans'} correction d’erreurs`]),
    ...mendedOf(fax),
    ...(fax.answeredAt === null ? [] : [durationOf(fax.seconds)]),
  ];
  const more = [
    ...(complete ? [] : ['Relevé incomplet.']),
    ...(again && fax.direction === 'sent' && fax.outcome !== 'all-confirmed' ? ['Un nouvel essai peut aboutir.'] : []),
  ];
  return `${parts.join(', ')} : ${[text, ...more].join(' ')}`;
}

function mendedOf({ mended: { ppr, rtn } }: SeenFax): readonly string[] {
  return [
    ...(ppr === 0 ? [] : [`${ppr} ${ppr === 1 ? 'correction' : 'corrections'} en cours de page`]),
    ...(rtn === 0 ? [] : [`${rtn} ${rtn === 1 ? 'page renvoyée' : 'pages renvoyées'}`]),
  ];
}

function dateOf(instant: number): string {
  const { year, month, day } = civilDay(parisDay(instant));
  const seconds = Math.floor(parisTimeOfDay(instant) / 1_000);
  const time = [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part)));
  return `${two(day)}/${two(month)}/${year} ${time.join(':')}`;
}

const two = (part: number): string => String(part).padStart(2, '0');

/** A thin space between thousands would not survive every terminal. */
const grouped = (rate: number): string => String(rate).replace(/(\d)(?=(\d{3})+$)/g, '$1 ');

const durationOf = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
