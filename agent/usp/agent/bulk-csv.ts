import type { Values } from '../model/object-type.ts';
import type { ReportedValue } from './bulk-report.ts';

/** RFC 4180, as `CSVEncoding.` of a profile has it; what the profile does not say has the default of TR-181. */
type Layout = {
  readonly field: string;
  readonly row: string;
  readonly quote: string;
  readonly perRow: boolean;
  readonly timestamp: string;
};

export const CSV_ROW = '\r\n';

export const layoutOf = ({
  FieldSeparator,
  RowSeparator,
  EscapeCharacter,
  ReportFormat,
  RowTimestamp,
}: Values): Layout => ({
  field: FieldSeparator || ',',
  row: RowSeparator || CSV_ROW,
  quote: EscapeCharacter || '"',
  perRow: ReportFormat === 'ParameterPerRow',
  timestamp: RowTimestamp ?? 'Unix-Epoch',
});

/**
 * One report: its line of headers, and its rows (TR-369 1.4, R-BULK.11 to R-BULK.13), which stay apart until it is known
 * what is sent together.
 */
export function csvReport(values: readonly ReportedValue[], time: string | undefined, layout: Layout): string {
  const stamp = time === undefined ? [] : [time];
  const head = time === undefined ? [] : ['ReportTimestamp'];
  const line = (fields: readonly string[]): string => fields.map((one) => fieldOf(one, layout)).join(layout.field);
  const [heads, rows] = layout.perRow
    ? [
        [...head, 'ParameterName', 'ParameterValue', 'ParameterType'],
        values.map(({ name, value, type }) => [...stamp, name, value, type]),
      ]
    : [[...head, ...values.map(({ name }) => name)], [[...stamp, ...values.map(({ value }) => value)]]];
  return JSON.stringify([line(heads), rows.map(line).join(layout.row), layout.row]);
}

function fieldOf(text: string, { field, row, quote }: Layout): string {
  const isPlain = ![field, row, quote, '\r', '\n'].some((sign) => text.includes(sign));
  return isPlain ? text : `${quote}${text.split(quote).join(quote + quote)}${quote}`;
}

/** Under one line of headers as long as it stays the same; rows of other columns have their own. */
export function joinCsv(reports: readonly string[]): string {
  const lines: string[] = [];
  let separator = CSV_ROW;
  let last: string | undefined;
  for (const report of reports) {
    const [heads = '', rows = '', row = CSV_ROW] = JSON.parse(report) as readonly string[];
    separator = row;
    if (heads !== last) lines.push(heads);
    if (rows !== '') lines.push(rows);
    last = heads;
  }
  return [...lines, ''].join(separator);
}
