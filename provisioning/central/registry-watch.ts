import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { registryPaths } from '../registry/paths.ts';
import { type Registry, readRegistry } from '../registry/registry.ts';

type RegistryWatch = { close(): void };

const PACE = 1_000;

/** Reads the registry again whenever `relais provision` has written to it. A registry that cannot be read is news, once. */
export function watchRegistry(
  directory: string,
  onChange: (registry: Registry) => void,
  onFault: (error: unknown) => void,
): RegistryWatch {
  let seen = fingerprint(directory);
  const timer = setInterval(() => {
    const now = fingerprint(directory);
    if (now === seen) return;
    seen = now;
    try {
      onChange(readRegistry(directory));
    } catch (error) {
      onFault(error);
    }
  }, PACE);
  return { close: () => clearInterval(timer) };
}

/** Every write of the registry is a rename, so it shows in the times of the folders. */
function fingerprint(directory: string): string {
  const { devices, accounts, writeOffs } = registryPaths(directory);
  const folders = [
    accounts,
    writeOffs,
    devices,
    ...(existsSync(devices) ? readdirSync(devices).map((name) => join(devices, name)) : []),
  ];
  return folders.map((folder) => (existsSync(folder) ? `${folder}@${statSync(folder).mtimeMs}` : folder)).join();
}
