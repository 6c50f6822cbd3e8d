import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { registryPaths } from '../registry/paths.ts';
import { type Registry, readRegistry } from '../registry/registry.ts';

type RegistryWatch = { close(): void };

const PACE = 1_000;

/**
 * Reads the registry again whenever `relais provision` has written to it. A registry that cannot be read is news, once.
 * `seen` is its fingerprint from before it was read the first time.
 */
export function watchRegistry(
  directory: string,
  seen: string,
  onChange: (registry: Registry) => void,
  onFault: (error: unknown) => void,
): RegistryWatch {
  let known = seen;
  const timer = setInterval(() => {
    const now = registryFingerprint(directory);
    if (now === known) return;
    known = now;
    try {
      onChange(readRegistry(directory));
    } catch (error) {
      onFault(error);
    }
  }, PACE);
  return { close: () => clearInterval(timer) };
}

/**
 * Every write of the registry is a rename, so it shows in the times of the folders; whoever issues a configuration writes
 * the broker's files anew as well. A few looks, however many devices there are.
 */
export function registryFingerprint(directory: string): string {
  const { devices, accounts, writeOffs, suspensions, lineOrders, broker } = registryPaths(directory);
  return [accounts, devices, writeOffs, suspensions, lineOrders, dirname(broker.passwords)]
    .map((folder) => (existsSync(folder) ? `${folder}@${statSync(folder).mtimeMs}` : folder))
    .join();
}
