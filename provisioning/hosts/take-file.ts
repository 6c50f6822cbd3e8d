import { createHash } from 'node:crypto';
import { canonical } from '../../agent/model/canonical.ts';
import type { Desk } from '../central/desk.ts';
import type { DeskRow, TakenFile } from '../central/desk-words.ts';
import type { HostFormat } from './format.ts';
import { readHostFile } from './read-host-file.ts';
import type { BadCell } from './read-host-record.ts';

export type HostDelivery = {
  readonly bytes: Uint8Array;
  /** As it was called when it came. */
  readonly name: string;
  readonly host: string;
  readonly format: HostFormat;
  /** What becomes of a file with a wrong line: it is refused as a whole, or taken without that line. */
  readonly wrongLines: 'refuse' | 'set-aside';
  readonly now: number;
};

/** What became of a file. */
export type Intake =
  | { readonly so: 'taken'; readonly file: TakenFile; readonly fresh: number; readonly bad: readonly BadCell[] }
  /** The very same bytes were taken before, under whatever name: nothing was done. */
  | { readonly so: 'known'; readonly before: TakenFile }
  /** Nothing of it was taken. */
  | { readonly so: 'refused'; readonly bad: readonly BadCell[] };

/**
 * U-5, U-7: takes a file of a host operator, all of its rows in one transaction. A file is known by the hash of its bytes,
 * a record by its name (see `nameRecords`). A broken file (cut off, sums that do not agree) is always refused.
 */
export async function takeHostFile(desk: Pick<Desk, 'takeFile'>, delivery: HostDelivery): Promise<Intake> {
  const { bytes, name, host, format, now } = delivery;
  const { records, bad, broken } = readHostFile(bytes, { host, format, sha256hex });
  if (broken.length > 0 || (bad.length > 0 && delivery.wrongLines === 'refuse'))
    return { so: 'refused', bad: [...broken, ...bad] };
  const hash = sha256hex(bytes);
  const lines = new Set(bad.map(({ line }) => line)).size;
  const file = {
    hash,
    host,
    format: `${format.id}@${format.version}`,
    name,
    records: records.length,
    bad: lines,
    at: now,
  };
  const rows: DeskRow[] = [
    ...records.map(({ line, use, content }): DeskRow => {
      const body = canonical(use);
      return { keep: 'host-record', id: use.id, content, file: hash, fileLine: line, line: use.line, body, at: now };
    }),
    ...bad.map(({ line, column, text, remedy }): DeskRow => {
      return { keep: 'host-bad', file: hash, fileLine: line, fileColumn: column, text, remedy };
    }),
  ];
  const taken = await desk.takeFile(file, rows);
  return 'before' in taken ? { so: 'known', before: taken.before } : { so: 'taken', file, fresh: taken.fresh, bad };
}

const sha256hex = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
