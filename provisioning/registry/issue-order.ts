import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import { type SiteConfig, SiteConfigSchema } from '../../agent/model/site-config.ts';

import { writeAtomic } from '../atomic-file.ts';
import { createSecret } from '../broker/password.ts';
import { readChecked } from '../json-file.ts';
import { accountLimit } from '../orders/account-limit.ts';
import { checkOrder } from '../orders/checks.ts';
import { compileOrder } from '../orders/compile.ts';
import { type Order, OrderSchema } from '../orders/order.ts';
import { planProblems, zoneProblems } from '../orders/plans.ts';
import { type Problem, schemaProblems } from '../orders/problem.ts';
import { payloadOf, signConfig } from '../signing.ts';
import { writeBrokerFiles } from './broker-files.ts';
import { registryPaths } from './paths.ts';
import { latestConfigs, type Registry, readRegistry, readSecret, writeAccount } from './registry.ts';

/** The folders of the operator's data. */
export type OperatorData = { readonly regimes: string; readonly tariffs: string; readonly numbering: string };

type Issue =
  | { readonly issued: true; readonly config: SiteConfig; readonly warnings: readonly Problem[] }
  | { readonly issued: false; readonly problems: readonly Problem[] };

/** From an order to a signed configuration (P-1). An order with a problem changes nothing. */
export function issueOrder(directory: string, input: unknown, from: OperatorData): Issue {
  const read = OrderSchema.safeParse(input);
  if (!read.success) return { issued: false, problems: schemaProblems(read.error, input) };
  const order = read.data;
  const regime = find('regime', order.regime, from.regimes, RegimeSchema);
  const tariff = find('tariff', order.tariff, from.tariffs, DeckSchema);
  const numbering = find('numbering', order.numbering, from.numbering, NumberingSchema);
  const registry = readRegistry(directory);
  const verdict = checkOrder(order, latestConfigs(registry.configs));
  const limit = regime.found && accountLimit(order, regime.found, registry.accounts[order.account.id]?.capMicroEuro);
  const plans = tariff.found === undefined ? [] : planProblems(order, tariff.found, latestConfigs(registry.configs));
  const problems = [
    ...[...regime.problems, ...tariff.problems, ...numbering.problems],
    ...(tariff.found && numbering.found ? zoneProblems(tariff.found, numbering.found) : []),
    ...[...verdict.problems, ...plans, ...(limit?.problems ?? [])],
  ];
  if (problems.length > 0 || !regime.found || !tariff.found || !numbering.found || limit?.microEuro === undefined) {
    return { issued: false, problems };
  }
  const config = compileOrder(order, {
    regime: regime.found,
    tariff: tariff.found,
    numbering: numbering.found,
    version: nextVersion(order, registry),
    failover: verdict.failover,
  });
  keep(directory, SiteConfigSchema.parse(config), limit.microEuro, registry);
  return { issued: true, config, warnings: verdict.warnings };
}

/** The signed envelope comes last: a cut before it leaves the device with the version it had, and a number that is not used again. */
function keep(directory: string, config: SiteConfig, capMicroEuro: number, registry: Registry): void {
  const paths = registryPaths(directory);
  const payload = payloadOf(config);
  const signed = signConfig(payload, readSecret(paths.operatorKey));
  const secret = paths.uplinkSecret(config.device.id);
  if (!existsSync(secret)) writeAtomic(secret, createSecret(), 'secret');
  keepAccount(directory, config.account.id, capMicroEuro, registry);
  writeAtomic(paths.payload(config.device.id, config.version), payload);
  writeBrokerFiles(directory, latestConfigs([...registry.configs, config]));
  writeAtomic(paths.signed(config.device.id), `${canonical(signed)}\n`);
}

/** The cycle is never an order's business (M1). */
function keepAccount(directory: string, account: string, capMicroEuro: number, registry: Registry): void {
  const known = registry.accounts[account];
  if (capMicroEuro === known?.capMicroEuro) return;
  writeAccount(directory, account, { capMicroEuro, cycle: known?.cycle ?? 1 });
}

const nextVersion = (order: Order, registry: Registry): number =>
  1 +
  Math.max(0, ...registry.configs.filter(({ device }) => device.id === order.device.id).map((known) => known.version));

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
