import { encodePage } from '../../fax/page/page-encoder.ts';
import type { CodedPage, FaxLabel } from '../../fax/page/page-format.ts';
import { readTiff } from '../../fax/page/read-tiff.ts';
import { writePdf } from '../../fax/page/write-pdf.ts';
import type { Files } from './files.ts';
import type { StoredFax } from './inbox.ts';

export type FaxMail = {
  /** The same whenever it is made again: a repeat after a crash is recognizable (RFC 5322 3.6.4). */
  readonly messageId: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly date: number;
  readonly name: string;
  readonly pdf: Uint8Array;
};

/** Octets of pages in one mail: with base64 and its head it stays below 10 MB, which mail servers take. */
const LARGEST = 7_000_000;

/** All pages of a fax as one PDF. */
export async function composePdf(files: Files, stored: StoredFax): Promise<Uint8Array> {
  return writePdf(await pagesOf(files, stored), labelOf(stored));
}

async function pagesOf(files: Files, { pages }: StoredFax): Promise<readonly CodedPage[]> {
  const coded: CodedPage[] = [];
  for (const path of pages) coded.push(...codedPages((await files.read(path)) ?? new Uint8Array(0)));
  return coded;
}

const senderOf = ({ fax }: StoredFax): string | undefined => fax.peer ?? (fax.station === '' ? undefined : fax.station);
const labelOf = (stored: StoredFax): FaxLabel => ({ sender: senderOf(stored) ?? '', time: timeOf(stored.fax.began) });

/** The mails of a fax: one, or more where its pages are too many octets (X-2). */
export async function composeMails(
  files: Files,
  stored: StoredFax,
  addresses: { readonly from: string; readonly to: string },
): Promise<readonly FaxMail[]> {
  const pages = await pagesOf(files, stored);
  const parts = partsOf(pages);
  return parts.map((part, at) => mailOf(stored, part, { at, of: parts.length, total: pages.length, ...addresses }));
}

/** Dot for dot what the spool holds, in the coding that every reader of PDF agrees on. */
function codedPages(tiff: Uint8Array): readonly CodedPage[] {
  return (readTiff(tiff).pages ?? []).map(({ width, resolution, lines }) => ({
    coding: 'mmr',
    width,
    resolution,
    height: lines.length,
    octets: encodePage({ coding: 'mmr', width }, lines),
  }));
}

function partsOf(pages: readonly CodedPage[]): readonly (readonly CodedPage[])[] {
  const parts: CodedPage[][] = [];
  let size = 0;
  for (const page of pages) {
    const last = parts.at(-1);
    if (last === undefined || size + page.octets.length > LARGEST) {
      parts.push([page]);
      size = page.octets.length;
      continue;
    }
    last.push(page);
    size += page.octets.length;
  }
  return parts;
}

type Part = {
  readonly at: number;
  readonly of: number;
  readonly total: number;
  readonly from: string;
  readonly to: string;
};

function mailOf(stored: StoredFax, pages: readonly CodedPage[], part: Part): FaxMail {
  const { fax, ending, folder } = stored;
  const shown = senderOf(stored) ?? 'un numéro masqué';
  const place = part.of > 1 ? ` (partie ${part.at + 1} sur ${part.of})` : '';
  const count = `${part.total} page${part.total > 1 ? 's' : ''}`;
  const id = folder.slice(folder.lastIndexOf('/') + 1);
  return {
    messageId: `<fax.${id}.${part.at + 1}-${part.of}@${part.from.slice(part.from.lastIndexOf('@') + 1)}>`,
    from: part.from,
    to: part.to,
    date: fax.began,
    subject: `Fax de ${shown}, ${count}${place}`,
    name: `fax-${id}${part.of > 1 ? `-${part.at + 1}` : ''}.pdf`,
    pdf: writePdf(pages, labelOf(stored)),
    text: [
      'Bonjour,',
      '',
      `Vous avez reçu un fax sur la ligne ${fax.line}.`,
      '',
      `Expéditeur : ${shown}${fax.peer !== undefined && fax.station !== '' ? ` (se présente comme « ${fax.station} »)` : ''}`,
      `Reçu le : ${spoken().format(fax.began)} (heure de Paris)`,
      `Pages : ${part.total}${place}`,
      `Résultat : ${resultOf(ending)}`,
      '',
      'Le document est joint au format PDF.',
      '',
    ].join('\n'),
  };
}

const resultOf = ({ outcome, text }: StoredFax['ending']): string =>
  outcome === 'all-confirmed' ? 'toutes les pages ont été reçues.' : `réception incomplète. ${text}`;

/** Made when a fax is mailed, and not before: the first of them brings six megabytes of tables into memory. */
const spoken = once(
  () => new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeStyle: 'medium', timeZone: 'Europe/Paris' }),
);
const inParts = once(
  () =>
    new Intl.DateTimeFormat('en-US', {
      timeZone: 'Europe/Paris',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
);

/** A function declaration, for the constants above want it before the module has been run to its end. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function timeOf(at: number): FaxLabel['time'] {
  const parts = inParts().formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}
