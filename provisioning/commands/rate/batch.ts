import { readFileSync } from 'node:fs';
import { canonical } from '../../../agent/model/canonical.ts';
import { Fault } from '../../../agent/model/fault.ts';
import { type AccountUses, accountUses } from '../../../agent/rating/book/account-uses.ts';
import { type Prepared, prepare } from '../../../agent/rating/book/context.ts';
import { type Rated, rateUses } from '../../../agent/rating/book/rate-uses.ts';
import { type DataFolders, readContext } from './context-files.ts';
import { type BadLine, readRecords } from './read-records.ts';

export type Batch = {
  readonly prepared: Prepared;
  readonly settled: AccountUses;
  readonly rated: Rated;
  readonly bad: readonly BadLine[];
};

const STANDARD_INPUT = 0;

/** Rates all records of a file, or of standard input, for one account. @throws Fault on a file that cannot be read. */
export function rateBatch(account: string, records: string | undefined, folders: DataFolders): Batch {
  const prepared = prepare(readContext(account, folders));
  const { records: read, bad } = readRecords(textOf(records ?? STANDARD_INPUT));
  const settled = accountUses(read, prepared, canonical);
  return { prepared, settled, rated: rateUses(settled.uses, prepared), bad };
}

export function textOf(file: string | number): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault('config.unreadable', { path: file === STANDARD_INPUT ? 'standard input' : file }, { cause });
  }
}
