import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type Account, AccountSchema } from '../../../agent/model/account.ts';
import { DeckSchema } from '../../../agent/model/deck.ts';
import { Fault } from '../../../agent/model/fault.ts';
import { NumberingSchema } from '../../../agent/model/numbering.ts';
import { type Regime, RegimeSchema } from '../../../agent/model/regime.ts';
import type { RatingContext } from '../../../agent/rating/book/context.ts';
import { readChecked } from '../../json-file.ts';

/** Folders of the operator's data, the operator's own before those shipped with the project. */
export type DataFolders = {
  readonly accounts: readonly string[];
  readonly regimes: readonly string[];
  readonly decks: readonly string[];
  readonly numbering: readonly string[];
};

/** The operator's own folders before those shipped. */
export function withOwn(shipped: DataFolders, own: string | undefined): DataFolders {
  if (own === undefined) return shipped;
  const before = (name: keyof DataFolders): readonly string[] => [`${own}/${name}`, ...shipped[name]];
  return {
    accounts: before('accounts'),
    regimes: before('regimes'),
    decks: before('decks'),
    numbering: before('numbering'),
  };
}

/** A regime by its id. @throws Fault `config.unreadable` or `config.refused`, naming file and field. */
export const readRegimeOf = (id: string, folders: DataFolders): Regime =>
  readChecked(fileOf(id, folders.regimes), RegimeSchema);

/**
 * Everything that rating an account needs, from the account's file or the name of a shipped one.
 * @throws Fault `config.unreadable` or `config.refused`, naming file and field.
 */
export function readContext(account: string, folders: DataFolders): RatingContext {
  const read: Account = readChecked(existsSync(account) ? account : fileOf(account, folders.accounts), AccountSchema);
  const from = <S extends z.ZodType>(id: string, among: readonly string[], schema: S): z.output<S> =>
    readChecked(fileOf(id, among), schema);
  return {
    account: read,
    regimes: read.regimes.map((one) => ({ from: one.from, is: readRegimeOf(one.regime, folders) })),
    decks: read.decks.map((id) => from(id, folders.decks, DeckSchema)),
    numberings: read.numberings.map((id) => from(id, folders.numbering, NumberingSchema)),
  };
}

function fileOf(id: string, folders: readonly string[]): string {
  const found = folders.map((folder) => join(folder, `${id}.json`)).find((path) => existsSync(path));
  if (found === undefined) throw new Fault('config.unreadable', { file: `${id}.json`, lookedIn: folders });
  return found;
}
