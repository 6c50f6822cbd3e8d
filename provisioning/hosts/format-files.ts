import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../agent/model/fault.ts';
import { readChecked } from '../json-file.ts';
import { type HostFormat, HostFormatSchema } from './format.ts';

/**
 * The format of a host operator: a file, or the name of one in the folders, the operator's own before those shipped.
 * @throws Fault `config.unreadable` or `config.refused`, naming file and field.
 */
export function readFormat(named: string, folders: readonly string[]): HostFormat {
  if (named.endsWith('.json')) return readChecked(named, HostFormatSchema);
  const found = folders.map((folder) => join(folder, `${named}.json`)).find((path) => existsSync(path));
  if (found === undefined) throw new Fault('config.unreadable', { file: `${named}.json`, lookedIn: folders });
  return readChecked(found, HostFormatSchema);
}
