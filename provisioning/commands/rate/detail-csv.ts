import type { DetailRow } from '../../../agent/rating/book/detail.ts';
import { euro } from '../../../agent/rating/explain/euro.ts';

const HEADER = 'date;ligne;type;sens;correspondant;classe;quantite;compris;paye;montant;taxe';

/** U-6: the itemised communications as a CSV that a French spreadsheet opens as it is; instants in UTC (ISO 8601). */
export const detailCsv = (rows: readonly DetailRow[]): string => [HEADER, ...rows.map(line)].join('\r\n');

const line = (row: DetailRow): string =>
  [
    new Date(row.at).toISOString(),
    row.line,
    row.kind,
    row.direction === undefined ? '' : row.direction === 'outgoing' ? 'sortant' : 'entrant',
    row.party ?? '',
    row.class ?? '',
    row.quantity,
    row.included,
    row.paid,
    euro(row.ticks, ','),
    row.tax,
  ]
    .map((field) => quoted(String(field)))
    .join(';');

/** RFC 4180 2.5 to 2.7; a text that a spreadsheet would take for a formula is marked as a text. */
function quoted(field: string): string {
  const plain = /^[=@\t\r]|^[+-](?!\d)/.test(field) ? `'${field}` : field;
  return /[";\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
