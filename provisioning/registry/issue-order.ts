import { existsSync, readFileSync } from 'node:fs';
import { canonical } from '../../agent/model/canonical.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';

import { writeAtomic } from '../atomic-file.ts';
import { createSecret } from '../broker/password.ts';
import { accountLimit } from '../orders/account-limit.ts';
import { checkOrder } from '../orders/checks.ts';
import { compileOrder } from '../orders/compile.ts';
import { faxProblems } from '../orders/fax.ts';
import { createNeighborhood, type Neighborhood } from '../orders/neighborhood.ts';
import { OrderSchema } from '../orders/order.ts';
import { planProblems, zoneProblems } from '../orders/plans.ts';
import { preselectionProblems } from '../orders/preselection.ts';
import { type Problem, schemaProblems } from '../orders/problem.ts';
import { serviceProblems } from '../orders/services.ts';
import { simLinkProblems } from '../orders/sim-links.ts';
import { payloadOf, signConfig } from '../signing.ts';
import { writeBrokerFiles } from './broker-files.ts';
import { createListenerBook, type ListenerBook } from './listeners.ts';
import { createFinder, type OperatorData } from './operator-data.ts';
import { registryPaths } from './paths.ts';
import { latestConfigs, type Registry, readRegistry, readSecret, writeAccount } from './registry.ts';

type Issued = { readonly config: SiteConfig; readonly warnings: readonly Problem[] };
type Issue = ({ readonly issued: true } & Issued) | { readonly issued: false; readonly problems: readonly Problem[] };
type Issues =
  | { readonly issued: true; readonly sites: readonly Issued[] }
  /** `order` counts from 0. */
  | {
      readonly issued: false;
      readonly refused: readonly { readonly order: number; readonly problems: readonly Problem[] }[];
    };

/** From an order to a signed configuration (P-1). An order with a problem changes nothing. */
export function issueOrder(directory: string, input: unknown, from: OperatorData, now = Date.now()): Issue {
  const issues = issueOrders(directory, [input], from, now);
  if (!issues.issued) return { issued: false, problems: issues.refused.flatMap(({ problems }) => problems) };
  const [site] = issues.sites;
  if (site === undefined) throw new Error('one order makes one site');
  return { issued: true, ...site };
}

/** Many orders at once, each checked against all sites before it; if one has a problem nothing is changed. */
export function issueOrders(
  directory: string,
  inputs: readonly unknown[],
  from: OperatorData,
  now = Date.now(),
): Issues {
  const registry = readRegistry(directory);
  const latest = latestConfigs(registry.configs);
  const neighborhood = createNeighborhood(latest);
  const listeners = createListenerBook(latest);
  const versions = highestVersions(registry);
  const caps = new Map(Object.entries(registry.accounts).map(([id, { capMicroEuro }]) => [id, capMicroEuro]));
  const find = createFinder(from);
  const { root } = registryPaths(directory).authority;
  const roots = existsSync(root) ? readFileSync(root, 'utf8') : undefined;
  const drafts: Draft[] = [];
  const refused: { order: number; problems: readonly Problem[] }[] = [];
  for (const [index, input] of inputs.entries()) {
    const draft = draw(input, { find, neighborhood, listeners, versions, caps, roots, now });
    if ('problems' in draft) {
      refused.push({ order: index, problems: draft.problems });
      continue;
    }
    drafts.push(draft);
    neighborhood.place(draft.config);
    listeners.place(draft.config);
    versions.set(draft.config.device.id, draft.config.version);
    caps.set(draft.config.account.id, draft.capMicroEuro);
  }
  if (refused.length > 0) return { issued: false, refused };
  keep(directory, drafts, { registry, newest: neighborhood.all(), now });
  return { issued: true, sites: drafts };
}

type Draft = Issued & { readonly capMicroEuro: number };
type Desk = {
  readonly find: ReturnType<typeof createFinder>;
  readonly neighborhood: Neighborhood;
  readonly listeners: ListenerBook;
  /** The highest version of each device. */
  readonly versions: ReadonlyMap<string, number>;
  readonly caps: ReadonlyMap<string, number>;
  /** Of the operator's authority, in PEM; absent from a registry of before. */
  readonly roots: string | undefined;
  readonly now: number;
};

function draw(
  input: unknown,
  { find, neighborhood, listeners, versions, caps, roots, now }: Desk,
): Draft | { readonly problems: readonly Problem[] } {
  const read = OrderSchema.safeParse(input);
  if (!read.success) return { problems: schemaProblems(read.error, input) };
  const order = read.data;
  const regime = find.regime(order.regime);
  const tariff = find.tariff(order.tariff);
  const numbering = find.numbering(order.numbering);
  const near = neighborhood.near(order);
  const verdict = checkOrder(order, near);
  const limit = regime.found && accountLimit(order, regime.found, caps.get(order.account.id));
  const problems = [
    ...[...regime.problems, ...tariff.problems, ...numbering.problems],
    ...(tariff.found && numbering.found ? zoneProblems(tariff.found, numbering.found) : []),
    ...verdict.problems,
    ...(regime.found === undefined ? [] : preselectionProblems(order, regime.found)),
    ...(tariff.found === undefined ? [] : planProblems(order, tariff.found, near)),
    ...(tariff.found && regime.found ? simLinkProblems(order, { tariff: tariff.found, regime: regime.found }) : []),
    ...(limit?.problems ?? []),
    ...listeners.problems(order),
    ...(order.central.tls !== undefined && roots === undefined ? [NO_AUTHORITY] : []),
  ];
  if (problems.length > 0 || !regime.found || !tariff.found || !numbering.found || limit?.microEuro === undefined) {
    return { problems };
  }
  const config = compileOrder(order, {
    regime: regime.found,
    tariff: tariff.found,
    numbering: numbering.found,
    version: 1 + (versions.get(order.device.id) ?? 0),
    failover: verdict.failover,
    issuedAt: now,
    ...(roots === undefined ? {} : { roots }),
  });
  const contradictions = [...serviceProblems(config), ...faxProblems(config)];
  if (contradictions.length > 0) return { problems: contradictions };
  return { config, warnings: verdict.warnings, capMicroEuro: limit.microEuro };
}

type Book = { readonly registry: Registry; readonly newest: readonly SiteConfig[]; readonly now: number };

const NO_AUTHORITY: Problem = {
  field: 'central.tls',
  value: 'wanted',
  remedy: 'the registry has no authority of its own yet; run relais provision init on it again',
};

/** The signed envelope comes last: a cut before it leaves the device with the version it had, and a number that is not used again. */
function keep(directory: string, drafts: readonly Draft[], { registry, newest, now }: Book): void {
  const paths = registryPaths(directory);
  const operatorKey = readSecret(paths.operatorKey);
  for (const { config, capMicroEuro } of drafts) {
    const secret = paths.uplinkSecret(config.device.id);
    if (!existsSync(secret)) writeAtomic(secret, createSecret(), 'secret');
    keepAccount(directory, config.account.id, capMicroEuro, registry);
    writeAtomic(paths.payload(config.device.id, config.version), payloadOf(config));
  }
  writeBrokerFiles(directory, newest, now);
  for (const { config } of drafts) {
    const signed = signConfig(readFileSync(paths.payload(config.device.id, config.version), 'utf8'), operatorKey);
    writeAtomic(paths.signed(config.device.id), `${canonical(signed)}\n`);
  }
}

/** The cycle is never an order's business (M1). */
function keepAccount(directory: string, account: string, capMicroEuro: number, registry: Registry): void {
  const known = registry.accounts[account];
  if (capMicroEuro === known?.capMicroEuro) return;
  writeAccount(directory, account, { capMicroEuro, cycle: known?.cycle ?? 1 });
}

function highestVersions({ configs }: Registry): Map<string, number> {
  const highest = new Map<string, number>();
  for (const { device, version } of configs) highest.set(device.id, Math.max(version, highest.get(device.id) ?? 0));
  return highest;
}
