import { type Usage, UsageSchema } from '../../agent/model/usage.ts';
import type { Cell, CsvRow } from '../pricing/csv-text.ts';
import { type Read, readDuration, readLine, readParty, readStart, readVolume, readWhole } from './cells.ts';
import type { Column, HostFormat } from './format.ts';

/** Where something is wrong, and what should stand there. */
export type BadCell = Cell & { readonly remedy: string };

/** One line of a host operator's file. `use` has no name of its own yet (see `nameRecords`). */
export type HostRecord = {
  readonly line: number;
  readonly action: 'new' | 'corrects' | 'cancels';
  readonly recordId: string | undefined;
  readonly replaces: string | undefined;
  readonly use: Exclude<Usage, { kind: 'canceled' }>;
};

/** The cell of a column in the row at hand. */
export type CellAt = (column: Column) => Cell;

/** Reads one row: the record, or every cell of it that is wrong. */
export function readHostRecord(row: CsvRow, cellAt: CellAt, format: HostFormat): HostRecord | readonly BadCell[] {
  const bad: BadCell[] = [];
  const take = <T>(cell: Cell, read: Read<T>): T | undefined => {
    if ('value' in read) return read.value;
    bad.push({ ...cell, remedy: read.remedy });
    return undefined;
  };
  const kind = takeTold(format.kind, cellAt, take);
  const fields = {
    kind,
    id: 'unnamed',
    line: take(cellAt(format.line), readLine(cellAt(format.line).text, format.numbers)),
    at: startOf(cellAt, format, take),
    visited: visitedOf(cellAt, format, take),
    ...(kind === undefined ? {} : quantityOf(kind, cellAt, format, take)),
  };
  const names = namesOf(cellAt, format, take);
  if (bad.length > 0) return bad;
  const read = UsageSchema.safeParse(fields);
  if (read.success && read.data.kind !== 'canceled') return { line: row.line, ...names, use: read.data };
  const [first = { line: row.line, column: 1, text: '' }] = row.cells;
  const issues = read.success ? [] : read.error.issues;
  return [{ ...first, remedy: issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }];
}

type Take = <T>(cell: Cell, read: Read<T>) => T | undefined;
type Told<T extends string> =
  | { readonly is: T }
  | { readonly column: Column; readonly means: Readonly<Record<string, T>> };

function takeTold<T extends string>(told: Told<T>, cellAt: CellAt, take: Take): T | undefined {
  if ('is' in told) return told.is;
  const cell = cellAt(told.column);
  return take(cell, meaningOf(cell.text, told.means));
}

function meaningOf<T extends string>(text: string, means: Readonly<Record<string, T>>): Read<T> {
  const value = Object.entries(means).find(([written]) => written === text.trim())?.[1];
  if (value !== undefined) return { value };
  return {
    remedy: `one of ${Object.keys(means)
      .map((written) => written || '(empty)')
      .join(', ')}`,
  };
}

function startOf(cellAt: CellAt, { start }: HostFormat, take: Take): number | undefined {
  const date = cellAt(start.column);
  const text =
    start.timeColumn === undefined ? date.text : `${date.text.trim()} ${cellAt(start.timeColumn).text.trim()}`;
  return take({ ...date, text }, readStart(text, start));
}

/** Undefined at home. */
function visitedOf(cellAt: CellAt, { visited }: HostFormat, take: Take): string | undefined {
  if (visited === undefined) return undefined;
  const cell = cellAt(visited.column);
  const text = cell.text.trim();
  if (text === '' || visited.home.includes(text)) return undefined;
  const known = Object.entries(visited.means).find(([written]) => written === text)?.[1];
  const read = /^[A-Z]{2}$/.test(known ?? text) ? { value: known ?? text } : { remedy: 'a territory such as US' };
  return take(cell, read);
}

function quantityOf(kind: string, cellAt: CellAt, format: HostFormat, take: Take): Readonly<Record<string, unknown>> {
  const { duration, volume, segments, decimalMark, numbers } = format;
  if (kind === 'data') {
    const cell = volume && cellAt(volume.column);
    return { bytes: cell && volume && take(cell, readVolume(cell.text, volume.unit, decimalMark)) };
  }
  const party = format.party === undefined ? '' : readParty(cellAt(format.party).text, numbers);
  const direction = takeTold(format.direction, cellAt, take);
  if (kind === 'mms') return { party, direction };
  if (kind === 'sms') {
    const cell = segments === undefined ? undefined : cellAt(segments);
    return {
      party,
      direction,
      segments: cell === undefined ? 1 : take(cell, readWhole(cell.text)),
    };
  }
  const cell = duration && cellAt(duration.column);
  return {
    party,
    direction,
    seconds: cell && duration && take(cell, readDuration(cell.text, duration.unit, decimalMark)),
  };
}

function namesOf(
  cellAt: CellAt,
  { recordId, replaces, action }: HostFormat,
  take: Take,
): Pick<HostRecord, 'action' | 'recordId' | 'replaces'> {
  const does = (action === undefined ? 'new' : takeTold(action, cellAt, take)) ?? 'new';
  if (recordId === undefined || replaces === undefined)
    return { action: does, recordId: undefined, replaces: undefined };
  const own = cellAt(recordId);
  const earlier = cellAt(replaces);
  const written = /^[^\p{Cc}]{1,80}$/u;
  if (!written.test(own.text)) take(own, { remedy: 'the name of the record, 1 to 80 characters' });
  if (does === 'new') {
    if (earlier.text !== '') take(earlier, { remedy: 'empty, because the record is new' });
    return { action: does, recordId: own.text, replaces: undefined };
  }
  if (!written.test(earlier.text))
    take(earlier, { remedy: 'the name of the record that this one corrects or cancels' });
  if (earlier.text === own.text) take(earlier, { remedy: 'another name than its own: a record cannot replace itself' });
  return { action: does, recordId: own.text, replaces: earlier.text };
}
