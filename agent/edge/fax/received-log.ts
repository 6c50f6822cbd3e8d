import { z } from 'zod';
import type { ReceivedFax } from '../../model/fax-documents.ts';
import type { FaxEnding, IncomingFax } from '../../ports/fax-spool.ts';
import { type Files, keepJson, readJson } from './files.ts';
import type { StoredFax } from './inbox.ts';

const EntrySchema = z.strictObject({
  number: z.int().min(1),
  folder: z.string(),
  line: z.string(),
  from: z.string(),
  station: z.string(),
  ...{ began: z.number(), ended: z.number(), pages: z.int() },
  ...{ rate: z.number().optional(), ecm: z.boolean().optional() },
  ...{ outcome: z.string(), text: z.string() },
  mail: z.enum(['waiting', 'delivered', 'stuck']),
});
type Entry = z.infer<typeof EntrySchema>;
const LogSchema = z.strictObject({ last: z.int().min(0), faxes: z.array(EntrySchema) });

/** Descriptions outlive their faxes by so much: personal data is kept no longer than questions come (U-4). */
const MOST = 100;
const LONGEST = 30 * 86_400_000;

/** What came in of late, described: who, when, how many pages, how it ended, and whether its mail has left. */
export type ReceivedLog = {
  readonly list: () => readonly ReceivedFax[];
  readonly folderOf: (number: number) => string | undefined;
  /** A fax is complete; one that is known already stays as it is. */
  readonly add: (folder: string, fax: IncomingFax, ending: FaxEnding) => Promise<void>;
  readonly mailed: (folder: string, mail: Entry['mail']) => Promise<void>;
};

/** The log in one file; what is damaged begins anew, for nothing depends on it. */
export async function openReceivedLog(files: Files, path: string, wall: () => number): Promise<ReceivedLog> {
  const read = LogSchema.safeParse(await readJson(files, path));
  let { last, faxes } = read.success ? read.data : { last: 0, faxes: [] };
  let working: Promise<unknown> = Promise.resolve();
  // One write at a time: the next one holds what came meanwhile.
  const keep = (next: Entry[]): Promise<void> => {
    faxes = next.filter(({ ended }) => ended > wall() - LONGEST).slice(-MOST);
    const written = working.then(() => keepJson(files, path, { last, faxes }));
    working = written.catch(() => undefined);
    return written;
  };
  return {
    list: () => faxes.map(({ folder: _, ...fax }) => fax),
    folderOf: (number) => faxes.find((one) => one.number === number)?.folder,
    async add(folder, { line, peer = '', station, began }, { outcome, text, pages, ended, rate, ecm }) {
      if (faxes.some((one) => one.folder === folder)) return;
      last += 1;
      const about = { line, from: peer, station, began, ended, pages, rate, ecm, outcome, text };
      await keep([...faxes, { number: last, folder, ...about, mail: 'waiting' }]);
    },
    async mailed(folder, mail) {
      const entry = faxes.find((one) => one.folder === folder);
      if (entry === undefined || entry.mail === mail) return;
      await keep(faxes.map((one) => (one === entry ? { ...one, mail } : one)));
    },
  };
}

/** What a life before left in the spool and not in the log; and what left the spool, which it does by mail alone. */
export async function catchUp(log: ReceivedLog, stored: readonly StoredFax[]): Promise<void> {
  for (const { folder, fax, ending } of stored) await log.add(folder, fax, ending);
  const there = new Set(stored.map(({ folder }) => folder));
  for (const { number, mail } of log.list()) {
    const folder = log.folderOf(number) ?? '';
    if (mail !== 'delivered' && !there.has(folder)) await log.mailed(folder, 'delivered');
  }
}
