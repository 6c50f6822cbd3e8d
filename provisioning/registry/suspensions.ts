import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import { GROUNDS, SCOPES } from '../../agent/model/suspension.ts';
import { InstantSchema } from '../../agent/model/usage.ts';
import { writeAtomic } from '../atomic-file.ts';
import { readChecked } from '../json-file.ts';
import { registryPaths } from './paths.ts';

const text = z.string().min(1).max(200);

/** C-5: one order of suspension in the operator's book: of an account, of one of its sites or of one of its lines. */
export const SuspensionSchema = z.strictObject({
  id: text,
  account: text,
  device: text.optional(),
  line: text.optional(),
  scope: z.enum(SCOPES),
  reason: z.enum(GROUNDS),
  /** Who ordered it, and when (Unix ms); known to the operator alone. */
  by: text,
  orderedAt: InstantSchema,
  from: InstantSchema,
  /** From then on the contract may be ended, where it says so. */
  terminationFrom: InstantSchema.optional(),
  /** `feeLine`: the line that pays the fee of re-opening. */
  lifted: z.strictObject({ by: text, at: InstantSchema, feeLine: text.optional() }).optional(),
});
export type Suspension = z.infer<typeof SuspensionSchema>;

/** In the order of ids. @throws Fault when a file is damaged or follows no schema. */
export function readSuspensions(directory: string): readonly Suspension[] {
  const { suspensions } = registryPaths(directory);
  const names = existsSync(suspensions) ? readdirSync(suspensions).filter((name) => name.endsWith('.json')) : [];
  return names.toSorted().map((name) => readChecked(join(suspensions, name), SuspensionSchema));
}

export function suspensionsByAccount(directory: string): Readonly<Record<string, readonly Suspension[]>> {
  const all = readSuspensions(directory);
  const accounts = [...new Set(all.map(({ account }) => account))];
  return Object.fromEntries(accounts.map((account) => [account, all.filter((one) => one.account === account)]));
}

export function writeSuspension(directory: string, suspension: Suspension): void {
  const file = join(registryPaths(directory).suspensions, `${suspension.id}.json`);
  writeAtomic(file, `${canonical(SuspensionSchema.parse(suspension))}\n`);
}
