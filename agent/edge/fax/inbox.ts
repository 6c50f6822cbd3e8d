import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FaxEnding, FaxInbox, IncomingFax } from '../../ports/fax-spool.ts';
import { EndingSchema } from './ending.ts';
import { type Files, keepFile, keepFolder, keepJson, readJson } from './files.ts';

const FaxSchema = z.strictObject({
  id: z.string(),
  line: z.string(),
  peer: z.string().optional(),
  station: z.string(),
  began: z.number(),
});

/** A fax that came in and lies in a folder of its own. */
export type StoredFax = {
  readonly folder: string;
  readonly fax: IncomingFax;
  readonly ending: FaxEnding;
  /** Pages in order, each a TIFF. */
  readonly pages: readonly string[];
};

export type InboxMaking = {
  readonly files: Files;
  /** The folder that holds those of the faxes. */
  readonly root: string;
  /** A fax is complete, by its folder. */
  readonly ended: (folder: string) => Promise<void>;
  readonly fault: (error: unknown) => void;
};

/** Begins with the number of the moment, so that a listing is in order; the same for the same call. */
const nameOf = ({ id, began }: IncomingFax): string =>
  `${began}-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;
const pageName = (page: number): string => `page-${String(page).padStart(4, '0')}.tif`;
const PAGE = /^page-\d{4}\.tif$/;

/** Faxes that come in, in files: a page that was confirmed lies on the medium under its name before. */
export function createInbox(making: InboxMaking): FaxInbox {
  const { files, root, ended, fault } = making;
  let working: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>, failed: (error: unknown) => void): void => {
    working = working.then(() => work().catch(failed));
  };
  return {
    keep(fax, page, tiff, done) {
      inTurn(
        async () => {
          const folder = `${root}/${nameOf(fax)}`;
          if ((await files.read(`${folder}/fax.json`)) === undefined) await open(files, folder, fax);
          await keepFile(files, `${folder}/${pageName(page)}`, tiff);
          done(true);
        },
        (error) => {
          fault(error);
          done(false);
        },
      );
    },
    end(fax, ending) {
      inTurn(async () => {
        const folder = `${root}/${nameOf(fax)}`;
        if ((await files.read(`${folder}/fax.json`)) === undefined) return;
        // What the sender calls itself may have become known since the first page.
        await keepJson(files, `${folder}/fax.json`, fax);
        await keepJson(files, `${folder}/ended.json`, ending);
        await ended(folder);
      }, fault);
    },
  };
}

async function open(files: Files, folder: string, fax: IncomingFax): Promise<void> {
  await keepFolder(files, folder);
  await keepJson(files, `${folder}/fax.json`, fax);
}

/** What a life before left behind: a fax without an end was cut off with it, and its pages go out all the same. */
export async function recoverInbox(files: Files, root: string, now: number): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const name of await files.list(root)) {
    const folder = `${root}/${name}`;
    const names = await files.list(folder);
    const pages = names.filter((one) => PAGE.test(one)).length;
    if (!FaxSchema.safeParse(await readJson(files, `${folder}/fax.json`)).success || pages === 0) {
      await files.remove(folder);
      continue;
    }
    if (!names.includes('ended.json')) await keepJson(files, `${folder}/ended.json`, cutOff(pages, now));
    folders.push(folder);
  }
  return folders;
}

const cutOff = (pages: number, ended: number): FaxEnding => ({
  outcome: 'box-restarted',
  text: 'La réception a été interrompue par un redémarrage du boîtier ; les pages déjà reçues sont jointes.',
  pages,
  ended,
});

/** A complete fax; undefined when its folder holds none. */
export async function readFax(files: Files, folder: string): Promise<StoredFax | undefined> {
  const fax = FaxSchema.safeParse(await readJson(files, `${folder}/fax.json`));
  const ending = EndingSchema.safeParse(await readJson(files, `${folder}/ended.json`));
  const names = (await files.list(folder)).filter((one) => PAGE.test(one));
  if (!fax.success || !ending.success || names.length === 0) return undefined;
  const { peer, ...known } = fax.data;
  const pages = names.map((name) => `${folder}/${name}`);
  return { folder, fax: { ...known, peer }, ending: ending.data, pages };
}
