import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import { Fault } from '../../agent/model/fault.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { writeAtomic } from '../atomic-file.ts';
import { initAuthority } from '../authority/authority.ts';
import { createSecret } from '../broker/password.ts';
import { readChecked } from '../json-file.ts';
import { createOperatorKey } from '../signing.ts';
import { writeBrokerFiles } from './broker-files.ts';
import { createConfigReader } from './config-reader.ts';
import { registryPaths } from './paths.ts';

/** What support may change without an order: the cap (C-1) and the cycle, which only an explicit order opens (M1). */
const AccountSchema = z.strictObject({ capMicroEuro: z.int().min(0), cycle: z.int().min(0) });
export type Account = z.infer<typeof AccountSchema>;

/** What support gives up, once and for good: nobody takes it back (C-3). */
export const WriteOffSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,120}$/, 'lower-case letters, digits and dashes'),
  device: z.string().min(1),
  epoch: z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits'),
  by: z.string().min(1).max(200),
  why: z.string().min(1).max(1_000),
});
export type WriteOffOrder = z.infer<typeof WriteOffSchema>;

export type Registry = {
  /** Every version that was ever signed, so that old records are priced by the contract of their day. */
  readonly configs: readonly SiteConfig[];
  readonly accounts: Readonly<Record<string, Account>>;
  readonly writeOffs: readonly WriteOffOrder[];
};

/**
 * Makes an empty registry with its keys and its authority; what is there already stays, certificates that are due are made
 * anew. Answers whether anything was made.
 */
export function initRegistry(directory: string, now = Date.now()): boolean {
  const paths = registryPaths(directory);
  const fresh = !existsSync(paths.operatorKey);
  if (fresh) {
    const key = createOperatorKey();
    writeAtomic(paths.operatorPublicKey, key.publicPem);
    writeAtomic(paths.operatorKey, key.privatePem, 'secret');
  }
  if (!existsSync(paths.centralSecret)) writeAtomic(paths.centralSecret, createSecret(), 'secret');
  initAuthority(directory, now);
  writeBrokerFiles(directory, latestConfigs(readRegistry(directory).configs), now);
  return fresh;
}

/** @throws Fault when a file of the registry is damaged or follows no schema. */
export function readRegistry(directory: string): Registry {
  const paths = registryPaths(directory);
  const readConfig = createConfigReader();
  const configs = namesIn(paths.devices).flatMap((device) =>
    versionsIn(join(paths.devices, device)).map((version) => readConfig(paths.payload(device, version))),
  );
  const accounts = namesIn(paths.accounts)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -'.json'.length), readChecked(join(paths.accounts, name), AccountSchema)] as const);
  const writeOffs = namesIn(paths.writeOffs)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readChecked(join(paths.writeOffs, name), WriteOffSchema));
  return { configs, accounts: Object.fromEntries(accounts), writeOffs };
}

/** The configuration in force of each device: the one with the highest version. */
export function latestConfigs(configs: readonly SiteConfig[]): readonly SiteConfig[] {
  const latest = new Map<string, SiteConfig>();
  for (const config of configs) {
    const known = latest.get(config.device.id);
    if (known === undefined || known.version < config.version) latest.set(config.device.id, config);
  }
  return [...latest.values()];
}

export function writeAccount(directory: string, account: string, entry: Account): void {
  writeAtomic(registryPaths(directory).account(account), `${canonical(entry)}\n`);
}

export function writeWriteOff(directory: string, order: WriteOffOrder): void {
  writeAtomic(registryPaths(directory).writeOff(order.id), `${canonical(order)}\n`);
}

/** A secret of the registry, without the line end that an editor may have left. */
export function readSecret(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Fault('config.unreadable', { path }, { cause });
  }
}

const namesIn = (directory: string): readonly string[] =>
  existsSync(directory) ? readdirSync(directory).toSorted() : [];

const versionsIn = (directory: string): readonly number[] =>
  readdirSync(directory)
    .flatMap((name) => /^(\d+)\.site\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((one, other) => one - other);
