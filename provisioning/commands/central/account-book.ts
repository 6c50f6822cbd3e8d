import { canonical } from '../../../agent/model/canonical.ts';
import { Fault } from '../../../agent/model/fault.ts';
import type { Usage } from '../../../agent/model/usage.ts';
import { type AccountUses, accountUses, type Witnessed } from '../../../agent/rating/book/account-uses.ts';
import { type Prepared, prepare } from '../../../agent/rating/book/context.ts';
import { type Rated, rateUses } from '../../../agent/rating/book/rate-uses.ts';
import { type Aside, byIdAndReason } from '../../../agent/rating/book/settle.ts';
import { verdictsOf } from '../../../agent/rating/book/verdicts.ts';
import type { EvidenceByDevice } from '../../../agent/rating/service/account-credits.ts';
import { readAccountChanges } from '../../central/account-changes.ts';
import { readDecisions } from '../../central/decisions.ts';
import type { KeptDecision } from '../../central/desk-words.ts';
import { readOutageEvidence } from '../../central/outages.ts';
import { readStore, type StorePlace } from '../../central/store/open-store.ts';
import { readUsage } from '../../central/usage.ts';
import { latestConfigs, type Registry } from '../../registry/registry.ts';
import { type DataFolders, readContext } from '../rate/context-files.ts';

/** Everything that the central knows of one account, rated. */
export type AccountBook = {
  readonly prepared: Prepared;
  readonly counted: AccountUses;
  /** Ids of uses that wait for somebody to look at their record (D-2). */
  readonly disputed: readonly string[];
  /** All uses that wait, disputed or held (reconcile), and what was decided of those that waited. */
  readonly waiting: readonly Waiting[];
  readonly decisions: readonly KeptDecision[];
  readonly rated: Rated;
  /** What the boxes of the account saw of outages. */
  readonly evidence: EvidenceByDevice;
};

type Waiting = { readonly why: 'disputed' | 'held'; readonly use: Usage };

export type WhichAccount = {
  readonly account: string;
  readonly registry: Registry;
  readonly store: StorePlace;
  readonly folders: DataFolders;
  /** The account's file; absent: the one of its name in the folders. */
  readonly file: string | undefined;
};

/**
 * Rates an account from the central's own store: records of its sites, files of host operators, caps and new months as the
 * central heard of them, by the core that `relais rate` runs. Undefined when no central has run there
 * yet.
 * @throws Fault `config.unreadable` or `config.refused` on the account's file.
 */
export async function readAccountBook({
  account,
  registry,
  store,
  folders,
  file,
}: WhichAccount): Promise<AccountBook | undefined> {
  const context = readContext(file ?? account, folders);
  if (context.account.id !== account) {
    const fields = [`id: ${context.account.id}; the account asked for is ${account}`];
    throw new Fault('config.refused', { path: file ?? account, fields });
  }
  const configs = latestConfigs(registry.configs);
  const numbers = context.account.lines.map(({ number }) => number);
  const kept = await readStore(store, async (database) => ({
    changes: await readAccountChanges(database, account),
    records: await readUsage(database, { account, configs, numbers }),
    seen: await readOutageEvidence(database, account, configs),
    decisions: await readDecisions(database, account),
  }));
  if (kept === undefined) return undefined;
  const { changes, decisions } = kept;
  const reopenings = [...context.account.reopenings, ...changes.reopenings];
  const prepared = prepare({ ...context, account: { ...context.account, ...changes, reopenings } });
  const { uses } = kept.records;
  const verdicts = verdictsOf(decisions);
  const inDispute = new Set(kept.records.disputed.filter((id) => verdicts.get(id)?.verdict !== 'charge'));
  const records = uses.map(({ received, source, ...use }): Witnessed => ({ use, received, source: source ?? 'site' }));
  const undisputed = records.filter(({ use }) => !inDispute.has(use.id));
  const counting = accountUses(undisputed, prepared, canonical, verdicts);
  const waived = [...inDispute].filter((id) => verdicts.has(id)).map((id): Aside => ({ id, why: 'waived' }));
  const counted = { ...counting, aside: [...counting.aside, ...waived].toSorted(byIdAndReason) };
  const disputed = [...inDispute].filter((id) => !verdicts.has(id));
  const waiting = waitingOf(
    records.map(({ use }) => use),
    disputed,
    counted.aside,
  );
  const rated = rateUses(counted.uses, prepared);
  return { prepared, counted, disputed, waiting, decisions, rated, evidence: new Map(kept.seen) };
}

function waitingOf(uses: readonly Usage[], disputed: readonly string[], aside: readonly Aside[]): readonly Waiting[] {
  const byId = new Map(uses.map((use) => [use.id, use]));
  const held = aside.filter(({ why }) => why === 'held').map(({ id }) => ({ id, why: 'held' as const }));
  return [...disputed.map((id) => ({ id, why: 'disputed' as const })), ...held].flatMap(({ id, why }) => {
    const use = byId.get(id);
    return use === undefined ? [] : [{ why, use }];
  });
}
