import { z } from 'zod';
import type { CommitJournal } from '../machines/commit-words.ts';
import { canonical } from '../model/canonical.ts';
import { type ManagedServices, ManagedServicesSchema } from '../model/managed-services.ts';
import type { ServiceRows } from '../usp/model/service-rows.ts';

/** Services as they are carried out, and as controllers see and change them. */
export type ServedConfig = { readonly services: ManagedServices; readonly rows: ServiceRows };

const config = z.strictObject({
  services: ManagedServicesSchema,
  rows: z.record(z.string().max(200), z.record(z.string().max(64), z.string().max(2_000))),
});
const JournalSchema = z.strictObject({
  v: z.literal(1),
  /** The standard configuration that this grew from, canonical. */
  standard: z.string(),
  committed: config,
  last: z.int().min(0),
  trial: z.strictObject({ id: z.int().min(1), by: z.string(), wanted: config, cuts: z.boolean() }).optional(),
});

type Kept = { readonly journal: CommitJournal<ServedConfig>; readonly standard: string };

/** Nothing where there is none; `damaged` is told of one that cannot be read. */
export function readServicesJournal(text: string | undefined, damaged: () => void): Kept | undefined {
  if (text === undefined) return undefined;
  try {
    const { standard, committed, last, trial } = JournalSchema.parse(JSON.parse(text));
    return { standard, journal: { committed, last, ...(trial && { trial }) } };
  } catch {
    damaged();
    return undefined;
  }
}

export const writeServicesJournal = (journal: CommitJournal<ServedConfig>, standard: ServedConfig): string =>
  JSON.stringify({ v: 1, standard: canonical(standard.services), ...journal });
