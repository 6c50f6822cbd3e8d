import { type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import type { Signal } from '../../agent/model/signal.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../../agent/rating/credit/site-account.ts';
import { keyOf } from '../../agent/rating/limits/orders.ts';
import { emptySiteLimits, foldLimits, type SiteLimits } from '../../agent/rating/limits/site-limits.ts';
import { siteSignals } from '../../agent/rating/limits/site-signals.ts';
import type { Connection } from './store/connection.ts';

const RECORDS = 'SELECT body FROM records WHERE device = $1 ORDER BY position';

/** What a box says that it carries out, and what the same rules make of its records. Instants in Unix ms. */
export type SeenLimits = {
  readonly device: string;
  readonly carriedOut: readonly Signal[];
  /** Due now by the central's own count; the box knows it too, unless its last records are still on their way. */
  readonly due: readonly Signal[];
  /** Rule and subject of what one of them has and the other has not. */
  readonly differ: readonly string[];
  readonly days: readonly CountedDay[];
};

type CountedDay = Pick<
  Extract<LedgerRecord['event'], { kind: 'day-counted' }>,
  'day' | 'attempts' | 'answered' | 'seconds'
>;

/** The limits of one box from its records, by the fold that the box itself runs, and the newest configuration. */
export function limitsSeen(records: readonly LedgerRecord[], config: SiteConfig, now: number): SeenLimits {
  const limits = foldAll(records, config);
  const due = siteSignals(limits, contractOf(config), now);
  const days = records.flatMap(({ event }) => {
    if (event.kind !== 'day-counted') return [];
    const { kind: _, ...day } = event;
    return [day];
  });
  return {
    device: config.device.id,
    carriedOut: limits.inForce,
    due,
    differ: [...without(due, limits.inForce), ...without(limits.inForce, due)],
    days,
  };
}

function without(these: readonly Signal[], those: readonly Signal[]): readonly string[] {
  const known = new Set(those.map(keyOf));
  return these
    .filter((one) => !known.has(keyOf(one)))
    .map(({ rule, subject, action }) => `${rule} ${subject} ${action.name}`);
}

function foldAll(records: readonly LedgerRecord[], config: SiteConfig): SiteLimits {
  const contract = contractOf(config);
  let account = emptySiteAccount();
  let limits = emptySiteLimits();
  for (const record of records) {
    const folded = foldRecord(account, record, contract);
    account = folded.account;
    limits = foldLimits(limits, record, folded, contract);
  }
  return limits;
}

/** The limits of each box of an account. `configs` has the newest configuration of each device. */
export async function readLimits(
  database: Connection,
  account: string,
  configs: readonly SiteConfig[],
  now: number,
): Promise<readonly SeenLimits[]> {
  const seen: SeenLimits[] = [];
  for (const config of configs.filter((one) => one.account.id === account)) {
    const rows = await database.all<{ body: string }>(RECORDS, [config.device.id]);
    const records = rows.map(({ body }): LedgerRecord => RecordSchema.parse(JSON.parse(body)));
    seen.push(limitsSeen(records, config, now));
  }
  return seen;
}
