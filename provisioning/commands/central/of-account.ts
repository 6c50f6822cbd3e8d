import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { readFaxes } from '../../central/faxes.ts';
import { readLimits } from '../../central/limits.ts';
import { readOutageEvidence } from '../../central/outages.ts';
import type { Connection } from '../../central/store/connection.ts';
import { readStore } from '../../central/store/open-store.ts';
import { readUsage } from '../../central/usage.ts';
import { latestConfigs, type Registry, readRegistry } from '../../registry/registry.ts';
import { DONE } from '../command.ts';
import { withOwn } from '../rate/context-files.ts';
import { outagesLine } from '../rate/read-outages.ts';
import { faxLine } from './fax-lines.ts';
import { showDetail, showStatement } from './statement.ts';
import { noStore, refuse, unknownAccount, type WithRegistry } from './wish.ts';

export const ACCOUNT_COMMANDS = ['usage', 'outages', 'limits', 'faxes', 'statement', 'detail'] as const;
type AccountCommand = (typeof ACCOUNT_COMMANDS)[number];

/** The commands that are about one account of the registry. */
export function ofAccount(what: AccountCommand, wish: WithRegistry): number | Promise<number> {
  const { words, values, flags, directory, store, shipped, terminal } = wish;
  const [account, ...more] = words;
  if (account === undefined || more.length > 0) return refuse(terminal, `${what}: name one account`);
  const registry = readRegistry(directory);
  const unknown = unknownAccount(account, registry);
  if (unknown !== undefined) return refuse(terminal, unknown);
  if (what === 'faxes') return list(flags.has('json') ? 'faxes' : 'faxesTold', account, registry, wish);
  if (what === 'usage' || what === 'outages' || what === 'limits') return list(what, account, registry, wish);
  const { period: day, account: file, format = 'csv', mask, data } = values;
  const asked = { account, registry, store, folders: withOwn(shipped, data), file, day, now: shipped.now() };
  return what === 'detail'
    ? showDetail(asked, { format, mask }, terminal)
    : showStatement(asked, flags.has('issue'), terminal);
}

/** One JSON object a line, as `relais rate` reads it. */
async function list(
  what: keyof typeof LISTED,
  account: string,
  registry: Registry,
  { store, shipped, terminal }: WithRegistry,
): Promise<number> {
  const configs = latestConfigs(registry.configs);
  const lines = await readStore(store, (database) => LISTED[what]({ database, account, configs, now: shipped.now() }));
  if (lines === undefined) return refuse(terminal, noStore(store));
  for (const line of lines) terminal.out(line);
  return DONE;
}

type Listed = {
  readonly database: Connection;
  readonly account: string;
  readonly configs: readonly SiteConfig[];
  readonly now: number;
};

const LISTED = {
  usage: async ({ database, account, configs }: Listed) =>
    (await readUsage(database, { account, configs })).uses.map((use) => JSON.stringify(use)),
  outages: async ({ database, account, configs }: Listed) =>
    (await readOutageEvidence(database, account, configs)).map((seen) => outagesLine(...seen)),
  limits: async ({ database, account, configs, now }: Listed) =>
    (await readLimits(database, account, configs, now)).map((seen) => JSON.stringify(seen)),
  faxes: async ({ database, account, configs }: Listed) =>
    (await readFaxes(database, account, configs)).map((fax) => JSON.stringify(fax)),
  faxesTold: async ({ database, account, configs }: Listed) =>
    (await readFaxes(database, account, configs)).map(faxLine),
} as const;
