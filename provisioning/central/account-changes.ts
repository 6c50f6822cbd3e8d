import type { Account } from '../../agent/model/account.ts';
import { type Suspension, SuspensionSchema } from '../registry/suspensions.ts';
import type { Connection } from './store/connection.ts';

type Entry = { readonly cap: number; readonly cycle: number; readonly at: number };

const REOPENINGS = `
  SELECT body FROM suspensions
  WHERE account = $1 AND position IN (SELECT max(position) FROM suspensions WHERE account = $2 GROUP BY id)
  ORDER BY position`;
const ENTRIES = 'SELECT cap_micro_euro AS cap, cycle, at FROM accounts WHERE account = $1 ORDER BY position';

type Changes = Partial<Pick<Account, 'caps' | 'months'>> & Pick<Account, 'reopenings'>;

/**
 * Caps (C-1), new months (M1) and re-openings that are paid for (C-5) of an account as the central heard of them, each with
 * its instant. Where the central knows the account, its caps and months hold and not what an account's file says: the sites
 * were lent credit by them.
 */
export async function readAccountChanges(database: Connection, account: string): Promise<Changes> {
  const entries = await database.all<Entry>(ENTRIES, [account]);
  const orders = await database.all<{ body: string }>(REOPENINGS, [account, account]);
  const reopenings = orders.flatMap(({ body }) => reopeningIn(SuspensionSchema.parse(JSON.parse(body))));
  if (entries.length === 0) return { reopenings };
  const changed = entries.filter(({ cap }, index) => cap !== entries[index - 1]?.cap);
  const opened = entries.filter(({ cycle }, index) => index > 0 && cycle > (entries[index - 1]?.cycle ?? 0));
  return {
    reopenings,
    caps: changed.map(({ cap, at }) => ({ from: at, microEuro: cap })),
    months: opened.map(({ at }) => at),
  };
}

const reopeningIn = ({ lifted }: Suspension): Account['reopenings'] =>
  lifted?.feeLine === undefined ? [] : [{ line: lifted.feeLine, at: lifted.at }];
