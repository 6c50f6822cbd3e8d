import { z } from 'zod';
import type { FaxJob } from '../../ports/fax-spool.ts';
import { EndingSchema } from './ending.ts';
import { type Files, readJson } from './files.ts';

const JobSchema = z.strictObject({
  state: z.enum(['waiting', 'calling', 'sent', 'failed']),
  line: z.string(),
  to: z.string(),
  pages: z.int(),
  confirmed: z.int(),
  tries: z.int(),
  notBefore: z.number(),
  last: EndingSchema.optional(),
  call: z.strictObject({ fax: z.string(), before: z.int() }).optional(),
});
export type KeptJob = z.infer<typeof JobSchema>;

export type FaxProgress = Pick<KeptJob, 'pages' | 'confirmed' | 'tries'> & {
  readonly state: 'preparing' | 'refused' | KeptJob['state'];
  readonly text: string;
};

export async function readJob(files: Files, path: string): Promise<KeptJob | undefined> {
  const read = JobSchema.safeParse(await readJson(files, path));
  return read.success ? read.data : undefined;
}

/** What was confirmed in a call that was cut stands in the ledger: the job says how far it was before. */
export const jobOf = (id: string, { line, to, pages, confirmed, tries, notBefore, call }: KeptJob): FaxJob => ({
  ...{ id, line, to, pages, tries, notBefore },
  confirmed: call?.before ?? confirmed,
  cut: call?.fax,
});

const ID = /^(.{1,150})-[0-9a-z]{6,20}$/;
/** The name that a document was put into the outbox under. */
export const nameOfJob = (id: string): string => ID.exec(id)?.[1] ?? id;
