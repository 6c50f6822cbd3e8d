import { createHash } from 'node:crypto';
import {
  FAX_DOCUMENTS,
  type FaxDocument,
  type FaxDocumentWish,
  type FaxPiece,
  isOver,
} from '../../model/fax-documents.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaxDocuments, FaxRefusal } from '../../ports/fax-documents.ts';
import { composePdf } from './compose-mail.ts';
import type { Files } from './files.ts';
import { readFax } from './inbox.ts';
import type { FaxProgress } from './kept-job.ts';
import type { ReceivedLog } from './received-log.ts';
import { forget, handOver, keepPiece, keepUpload, outboxName, readUploads, refuseUpload } from './uploads.ts';

export type DocumentsMaking = {
  readonly files: Files;
  readonly clock: Clock;
  /** The spool's folder. */
  readonly root: string;
  readonly log: ReceivedLog;
  readonly fault: (error: unknown) => void;
};

type Works = DocumentsMaking & {
  readonly documents: Map<number, FaxDocument>;
  /** When something was last heard of a document that is on its way in, Unix ms. */
  readonly heard: Map<number, number>;
  working: Promise<unknown>;
  /** The PDF that is being read; one is enough. */
  shown: { readonly number: number; readonly pdf: Uint8Array; readonly sha256: string } | undefined;
};

/** Documents that are over and still shown; and after how long a document whose pieces stay away is given up, ms. */
const SHOWN = 50;
const ABANDONED = 86_400_000;

/** The medium's side of documents over the management plane. `told` takes what the outbox says of them. */
export async function openDocuments(
  making: DocumentsMaking,
): Promise<FaxDocuments & { readonly told: (name: string, progress: FaxProgress) => void }> {
  const documents = new Map((await readUploads(making)).map((document) => [document.number, document]));
  const heard = new Map([...documents.keys()].map((number) => [number, making.clock.wall()]));
  const works: Works = { ...making, documents, heard, working: Promise.resolve(), shown: undefined };
  return {
    list: () => [...documents.values()].toSorted((one, other) => one.number - other.number),
    received: making.log.list,
    begin(wish, done) {
      const refusal = reserve(works, wish);
      if (refusal !== undefined) return done(refusal);
      inTurn(works, () => begin(works, wish), done);
    },
    put: (number, piece, done) => inTurn(works, () => put(works, number, piece), done),
    withdraw: (number, done) => inTurn(works, () => withdraw(works, number), done),
    read: (number, offset, done) => void read(works, number, offset).then(done, (error) => done(failed(works, error))),
    told(name, { state, pages, confirmed, tries, text }) {
      for (const document of documents.values()) {
        if (outboxName(document) !== name) continue;
        documents.set(document.number, { ...document, state, pages, confirmed, text, calls: tries });
      }
    },
  };
}

function inTurn(works: Works, work: () => Promise<FaxRefusal>, done: (refusal: FaxRefusal) => void): void {
  works.working = works.working.then(() =>
    work().then(done, (error) => {
      done(failed(works, error).refusal);
    }),
  );
}

function failed({ fault }: Works, error: unknown): { readonly refusal: string } {
  fault(error);
  return { refusal: 'the medium of the box did not take it: ask again later, from BytesKept on' };
}

/** At once, so that the same wish said twice is seen to be the same. */
function reserve(works: Works, wish: FaxDocumentWish): FaxRefusal {
  const { documents, clock, heard } = works;
  const open = [...documents.values()].filter((one) => !isOver(one) && !isAbandoned(works, one));
  if (open.length >= FAX_DOCUMENTS.most)
    return `Name: ${open.length} documents are not over, at most ${FAX_DOCUMENTS.most}; wait for one of them, or withdraw it`;
  const began = clock.wall();
  const progress = { bytesKept: 0, pages: 0, confirmed: 0, calls: 0, text: '' };
  documents.set(wish.number, { ...wish, ...progress, began, state: 'receiving' });
  heard.set(wish.number, began);
  return undefined;
}

async function begin(works: Works, wish: FaxDocumentWish): Promise<undefined> {
  const { documents, clock } = works;
  await giveUpAbandoned(works);
  try {
    await keepUpload(works, { ...wish, began: clock.wall() });
  } catch (error) {
    documents.delete(wish.number);
    throw error;
  }
}

type Piece = { readonly offset: number; readonly octets: string };

async function put(works: Works, number: number, { offset, octets }: Piece): Promise<FaxRefusal> {
  const { documents, heard, clock } = works;
  const document = documents.get(number);
  if (document === undefined) return `Document ${number}: there is none`;
  const piece = Buffer.from(octets, 'base64');
  const end = offset + piece.length;
  const isWhole = document.state === 'receiving' && document.bytesKept === document.bytes;
  if (end <= document.bytesKept) return isWhole ? finish(works, document) : undefined;
  if (document.state !== 'receiving') return `Document ${number}: it is ${document.state}, nothing more is taken`;
  if (offset !== document.bytesKept) return `Offset: ${offset}; the next piece begins at ${document.bytesKept}`;
  if (end > document.bytes) return `Octets: the document would have ${end} octets, ${document.bytes} were announced`;
  await keepPiece(works, number, offset, piece);
  heard.set(number, clock.wall());
  documents.set(number, { ...document, bytesKept: end });
  return end === document.bytes ? finish(works, { ...document, bytesKept: end }) : undefined;
}

async function finish(works: Works, document: FaxDocument): Promise<FaxRefusal> {
  const { documents } = works;
  const handed = await handOver(works, document);
  const { number } = document;
  if ('refusal' in handed) {
    documents.set(number, { ...document, state: 'refused', text: handed.refusal });
    return handed.refusal;
  }
  // What the outbox has said meanwhile is newer.
  const now = documents.get(number);
  if (now?.state === 'receiving') documents.set(number, { ...now, state: 'preparing' });
  return undefined;
}

async function withdraw(works: Works, number: number): Promise<FaxRefusal> {
  const document = works.documents.get(number);
  if (document?.state !== 'receiving')
    return `Document ${number}: ${document?.state ?? 'there is none'}; only what is on its way in can be withdrawn`;
  return giveUp(works, document, 'Le document a été retiré avant d’être complet.');
}

async function giveUp(works: Works, document: FaxDocument, text: string): Promise<undefined> {
  await refuseUpload(works, document, text);
  works.documents.set(document.number, { ...document, state: 'refused', text });
}

const isAbandoned = ({ clock, heard }: Works, { number, state }: FaxDocument): boolean =>
  state === 'receiving' && clock.wall() - (heard.get(number) ?? 0) > ABANDONED;

/** Nobody's slot is taken for good by who never comes back; and what has long been over is forgotten. */
async function giveUpAbandoned(works: Works): Promise<void> {
  const { documents } = works;
  for (const document of [...documents.values()]) {
    if (isAbandoned(works, document))
      await giveUp(works, document, 'Le document n’est jamais arrivé en entier : envoyez-le à nouveau.');
  }
  const over = [...documents.values()].filter(isOver).toSorted((one, other) => other.number - one.number);
  for (const document of over.slice(SHOWN)) {
    await forget(works, document);
    documents.delete(document.number);
  }
}

async function read(works: Works, number: number, offset: number): Promise<FaxPiece | { readonly refusal: string }> {
  const { files, log } = works;
  if (works.shown?.number !== number) {
    const folder = log.folderOf(number);
    const stored = folder === undefined ? undefined : await readFax(files, folder);
    if (stored === undefined)
      return { refusal: 'the fax has left the box by mail: only its description is kept; look into the mailbox' };
    const pdf = await composePdf(files, stored);
    works.shown = { number, pdf, sha256: createHash('sha256').update(pdf).digest('hex') };
  }
  const { pdf, sha256 } = works.shown;
  if (offset > pdf.length) return { refusal: `Offset: ${offset}; the document has ${pdf.length} octets` };
  const piece = pdf.subarray(offset, offset + FAX_DOCUMENTS.readPiece);
  return { offset, octets: Buffer.from(piece).toString('base64'), bytes: pdf.length, sha256 };
}
