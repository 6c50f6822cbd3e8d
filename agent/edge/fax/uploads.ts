import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FaxDocument, FaxDocumentWish } from '../../model/fax-documents.ts';
import { type Files, keepFile, keepFolder, keepJson, readJson } from './files.ts';
import { nameOfJob } from './kept-job.ts';

/*
 *   uploads/N/upload.json, piece-OFFSET … ─whole, SHA-256 fits─► out/usp-N-HASH.document, out/usp-N-HASH.json ─► as any document
 *
 * The document is handed over once: what the outbox has under that name in whatever state is never put there again.
 */

const UploadSchema = z.strictObject({
  ...{ number: z.int().min(1), by: z.string(), name: z.string() },
  ...{ line: z.string(), to: z.string(), bytes: z.int(), sha256: z.string(), began: z.number() },
  request: z.strictObject({ number: z.int(), controller: z.int(), command: z.string(), commandKey: z.string() }),
  /** Why it was not handed over. */
  refused: z.string().optional(),
});
type Upload = FaxDocumentWish & { readonly began: number; readonly refused?: string | undefined };
type Place = { readonly files: Files; readonly root: string };

const folderOf = ({ root }: Place, number: number): string => `${root}/uploads/${number}`;
const OFFSET_DIGITS = 10;
const PIECE = /^piece-(\d{10})$/;

/** The name of a document in the outbox. */
export const outboxName = ({ number, sha256 }: Pick<FaxDocument, 'number' | 'sha256'>): string =>
  `usp-${number}-${sha256.slice(0, 8)}`;

export async function keepUpload(place: Place, upload: Upload): Promise<void> {
  const folder = folderOf(place, upload.number);
  await keepFolder(place.files, folder);
  await keepJson(place.files, `${folder}/upload.json`, upload);
}

export const keepPiece = (place: Place, number: number, offset: number, octets: Uint8Array): Promise<void> =>
  keepFile(place.files, `${folderOf(place, number)}/piece-${String(offset).padStart(OFFSET_DIGITS, '0')}`, octets);

/** Puts a whole document into the outbox, or says why it is not what was announced. */
export async function handOver(
  place: Place,
  document: Upload,
): Promise<{ readonly handed: true } | { readonly refusal: string }> {
  const { files, root } = place;
  const folder = folderOf(place, document.number);
  const pieces = await Promise.all((await piecesIn(files, folder)).map(({ path }) => files.read(path)));
  const octets = Buffer.concat(pieces.map((piece) => piece ?? new Uint8Array(0)));
  if (createHash('sha256').update(octets).digest('hex') !== document.sha256) {
    const refusal = 'SHA256: what came is another document than was announced; send it again, under another name';
    await refuseUpload(place, document, refusal);
    return { refusal };
  }
  const name = outboxName(document);
  const file = `${name}.document`;
  await keepFolder(files, `${root}/out`);
  await keepFile(files, `${root}/out/${file}`, octets);
  // Last: from here on the outbox takes it.
  await keepJson(files, `${root}/out/${name}.json`, { line: document.line, to: document.to, file });
  await removePieces(place, document.number);
  return { handed: true };
}

export async function refuseUpload(place: Place, document: Upload, text: string): Promise<void> {
  const { number, by, name, line, to, bytes, sha256, request, began } = document;
  const upload: Upload = { number, by, name, line, to, bytes, sha256, request, began, refused: text };
  await keepJson(place.files, `${folderOf(place, number)}/upload.json`, upload);
  await removePieces(place, number);
}

export async function forget(place: Place, document: FaxDocument): Promise<void> {
  await place.files.remove(folderOf(place, document.number));
  await place.files.remove(`${place.root}/results/${outboxName(document)}.json`);
}

type PieceFile = { readonly path: string; readonly offset: number };

async function piecesIn(files: Files, folder: string): Promise<readonly PieceFile[]> {
  return (await files.list(folder)).flatMap((name) => {
    const digits = PIECE.exec(name)?.[1];
    return digits === undefined ? [] : [{ path: `${folder}/${name}`, offset: Number(digits) }];
  });
}

async function removePieces(place: Place, number: number): Promise<void> {
  for (const { path } of await piecesIn(place.files, folderOf(place, number))) await place.files.remove(path);
}

/** What lives before left behind; a document that was whole and not yet in the outbox is put there. */
export async function readUploads(place: Place): Promise<readonly FaxDocument[]> {
  const { files, root } = place;
  await files.makeFolder(`${root}/uploads`);
  await files.sync(root);
  const known = await namesKnown(place);
  const documents: FaxDocument[] = [];
  for (const name of await files.list(`${root}/uploads`)) {
    const read = UploadSchema.safeParse(await readJson(files, `${root}/uploads/${name}/upload.json`));
    if (read.success) documents.push(await takeUp(place, read.data, known));
    else await files.remove(`${root}/uploads/${name}`);
  }
  return documents;
}

/** Names that the outbox has, in whatever state. */
async function namesKnown({ files, root }: Place): Promise<ReadonlySet<string>> {
  const bare = (names: readonly string[]): readonly string[] =>
    names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const [out, jobs, results] = [`${root}/out`, `${root}/jobs`, `${root}/results`];
  const claimed: string[] = [];
  // A job's folder is made before the request moves into it.
  for (const id of await files.list(jobs))
    if ((await files.list(`${jobs}/${id}`)).length > 0) claimed.push(nameOfJob(id));
  return new Set([...bare(await files.list(out)), ...claimed, ...bare(await files.list(results))]);
}

async function takeUp(place: Place, { refused, ...upload }: Upload, known: ReadonlySet<string>): Promise<FaxDocument> {
  const { files, root } = place;
  const { number, bytes } = upload;
  const base = { ...upload, bytesKept: bytes, pages: 0, confirmed: 0, calls: 0, text: '' };
  if (refused !== undefined) return { ...base, bytesKept: 0, state: 'refused', text: refused };
  if (known.has(outboxName(upload))) {
    await removePieces(place, number);
    return withResult(
      { ...base, state: 'preparing' },
      await readJson(files, `${root}/results/${outboxName(upload)}.json`),
    );
  }
  let bytesKept = 0;
  for (const { path, offset } of await piecesIn(files, folderOf(place, number))) {
    if (offset !== bytesKept) break;
    bytesKept += (await files.read(path))?.length ?? 0;
  }
  if (bytesKept < bytes) return { ...base, bytesKept, state: 'receiving' };
  const handed = await handOver(place, upload);
  return 'refusal' in handed ? { ...base, state: 'refused', text: handed.refusal } : { ...base, state: 'preparing' };
}

const ResultSchema = z.looseObject({
  state: z.enum(['sent', 'failed', 'refused']),
  ...{ pages: z.int(), confirmed: z.int(), tries: z.int() },
  text: z.string(),
});

function withResult(document: FaxDocument, kept: unknown): FaxDocument {
  const read = ResultSchema.safeParse(kept);
  if (!read.success) return document;
  const { state, pages, confirmed, tries, text } = read.data;
  return { ...document, state, pages, confirmed, text, calls: tries };
}
