import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';

import { writeAtomic } from '../atomic-file.ts';
import { createSecret } from '../broker/password.ts';
import { readChecked } from '../json-file.ts';
import { accountLimit } from '../orders/account-limit.ts';
import { checkOrder } from '../orders/checks.ts';
import { compileOrder } from '../orders/compile.ts';
import { createNeighborhood, type Neighborhood } from '../orders/neighborhood.ts';
import { OrderSchema } from '../orders/order.ts';
import { planProblems, zoneProblems } from '../orders/plans.ts';
import { type Problem, schemaProblems } from '../orders/problem.ts';
import { serviceProblems } from '../orders/services.ts';
import { payloadOf, signConfig } from '../signing.ts';
import { writeBrokerFiles } from './broker-files.ts';
import { registryPaths } from './paths.ts';
import { latestConfigs, type Registry, readRegistry, readSecret, writeAccount } from './registry.ts';

/** The folders of the operator's data. */
export type OperatorData = { readonly regimes: string; readonly tariffs: string; readonly numbering: string };

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
export function issueOrder(directory: string, input: unknown, from: OperatorData): Issue {
  const issues = issueOrders(directory, [input], from);
  if (!issues.issued) return { issued: false, problems: issues.refused.flatMap(({ problems }) => problems) };
  const [site] = issues.sites;
  if (site === undefined) throw new Error('one order makes one site');
  return { issued: true, ...site };
}

/** Many orders at once, each checked against all sites before it; if one has a problem nothing is changed. */
export function issueOrders(directory: string, inputs: readonly unknown[], from: OperatorData): Issues {
  const registry = readRegistry(directory);
  const neighborhood = createNeighborhood(latestConfigs(registry.configs));
  const versions = highestVersions(registry);
  const caps = new Map(Object.entries(registry.accounts).map(([id, { capMicroEuro }]) => [id, capMicroEuro]));
  const find = createFinder(from);
  const drafts: Draft[] = [];
  const refused: { order: number; problems: readonly Problem[] }[] = [];
  for (const [index, input] of inputs.entries()) {
    const draft = draw(input, { find, neighborhood, versions, caps });
    if ('problems' in draft) {
      refused.push({ order: index, problems: draft.problems });
      continue;
    }
    drafts.push(draft);
    neighborhood.place(draft.config);
    versions.set(draft.config.device.id, draft.config.version);
    caps.set(draft.config.account.id, draft.capMicroEuro);
  }
  if (refused.length > 0) return { issued: false, refused };
  keep(directory, drafts, registry, neighborhood.all());
  return { issued: true, sites: drafts };
}

type Draft = Issued & { readonly capMicroEuro: number };
type Desk = {
  readonly find: ReturnType<typeof createFinder>;
  readonly neighborhood: Neighborhood;
  /** The highest version of each device. */
  readonly versions: ReadonlyMap<string, number>;
  readonly caps: ReadonlyMap<string, number>;
};

function draw(
  input: unknown,
  { find, neighborhood, versions, caps }: Desk,
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
    ...(tariff.found === undefined ? [] : planProblems(order, tariff.found, near)),
    ...(limit?.problems ?? []),
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
  });
  const contradictions = serviceProblems(config);
  if (contradictions.length > 0) return { problems: contradictions };
  return { config, warnings: verdict.warnings, capMicroEuro: limit.microEuro };
}

/** The signed envelope comes last: a cut before it leaves the device with the version it had, and a number that is not used again. */
function keep(directory: string, drafts: readonly Draft[], registry: Registry, newest: readonly SiteConfig[]): void {
  const paths = registryPaths(directory);
  const operatorKey = readSecret(paths.operatorKey);
  for (const { config, capMicroEuro } of drafts) {
    const secret = paths.uplinkSecret(config.device.id);
    if (!existsSync(secret)) writeAtomic(secret, createSecret(), 'secret');
    keepAccount(directory, config.account.id, capMicroEuro, registry);
    writeAtomic(paths.payload(config.device.id, config.version), payloadOf(config));
  }
  writeBrokerFiles(directory, newest);
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

/** Each file of the operator's data is read and checked once. */
function createFinder(from: OperatorData) {
  const once = <T>(look: (id: string) => Found<T>): ((id: string) => Found<T>) => {
    const known = new Map<string, Found<T>>();
    return (id) => {
      const found = known.get(id) ?? look(id);
      known.set(id, found);
      return found;
    };
  };
  return {
    regime: once((id) => find('regime', id, from.regimes, RegimeSchema)),
    tariff: once((id) => find('tariff', id, from.tariffs, DeckSchema)),
    numbering: once((id) => find('numbering', id, from.numbering, NumberingSchema)),
  };
}

type Found<T> = { readonly found: T | undefined; readonly problems: readonly Problem[] };

/** P-4: operator data is named by id; the file has the name of what it holds. */
function find<T extends z.ZodType<{ id: string }>>(
  field: string,
  id: string,
  folder: string,
  schema: T,
): Found<z.output<T>> {
  const known = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => /^([a-z0-9-]+)\.json$/.exec(name)?.[1] ?? [])
    : [];
  if (!known.includes(id)) {
    const remedy = `no such ${field} in ${basename(folder)}; known: ${known.toSorted().join(', ') || 'none'}`;
    return { found: undefined, problems: [{ field, value: id, remedy }] };
  }
  const found = readChecked(join(folder, `${id}.json`), schema);
  if (found.id === id) return { found, problems: [] };
  const remedy = `the file ${id}.json says that it is "${found.id}"; correct its name or its id`;
  return { found: undefined, problems: [{ field, value: id, remedy }] };
}
