import { canonical } from '../../agent/model/canonical.ts';
import type { Usage } from '../../agent/model/usage.ts';
import type { BadCell, HostRecord } from './read-host-record.ts';

/** A record with the name by which it is known for ever, and the hash of everything that it says. */
export type NamedRecord = { readonly line: number; readonly use: Usage; readonly content: string };

type Named = { readonly records: readonly NamedRecord[]; readonly bad: readonly BadCell[] };

/**
 * U-7: names the records of one file. A record of an operator that names its records has that name; said again with other
 * content in one file, it is refused. Any other is known by the hash of its content and its place among its equals in the
 * file: two equal lines of one file are two calls, for the operator's own count and sums say so; equal lines of two files
 * are the same calls sent again, whichever file comes first. So there are as many as the file that has most of them.
 */
export function nameRecords(host: string, read: readonly HostRecord[], sha256hex: (text: string) => string): Named {
  const equals = new Map<string, number>();
  const told = new Map<string, string>();
  const records: NamedRecord[] = [];
  const bad: BadCell[] = [];
  for (const record of read) {
    const said = sha256hex(canonical({ ...record.use, id: '' }));
    const place = `${record.action === 'cancels' ? 'cancels' : 'tells'} ${said}`;
    const ordinal = equals.get(place) ?? 0;
    equals.set(place, ordinal + 1);
    const use = record.recordId === undefined ? byContent(host, record, said, ordinal) : byName(host, record);
    const content = sha256hex(canonical(use));
    const before = told.get(use.id);
    if (before === undefined) records.push({ line: record.line, use, content });
    else if (before !== content) {
      const remedy = 'a name of its own: another record of this file has it, and says something else';
      bad.push({ line: record.line, column: 1, text: record.recordId ?? '', remedy });
    }
    told.set(use.id, content);
  }
  return { records, bad };
}

function byName(host: string, { action, recordId, replaces, use }: HostRecord): Usage {
  const named = (name: string | undefined): string => `cdr:${host}:${name}`;
  if (action === 'new' || replaces === undefined) return { ...use, id: named(recordId) };
  if (action === 'corrects') return { ...use, id: named(recordId), replaces: named(replaces) };
  return { kind: 'canceled', id: named(recordId), line: use.line, at: use.at, replaces: named(replaces) };
}

/** A cancellation without names says what it takes back: the first one the first of its equals, and so on. */
function byContent(host: string, { action, use }: HostRecord, said: string, ordinal: number): Usage {
  const id = `cdr:${host}:${said}:${ordinal}`;
  if (action === 'new') return { ...use, id };
  return { kind: 'canceled', id: `${id}:canceled`, line: use.line, at: use.at, replaces: id };
}
