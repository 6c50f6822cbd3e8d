import { z } from 'zod';
import { encodePage } from '../../fax/page/page-encoder.ts';
import type { Page } from '../../fax/page/page-format.ts';
import { readTiff } from '../../fax/page/read-tiff.ts';
import { writeTiff } from '../../fax/page/write-tiff.ts';
import { paperWidth } from '../../fax/terminal/choose-mode.ts';
import { E164Schema } from '../../model/e164.ts';
import { type Files, keepFile } from './files.ts';
import { rasterise } from './rasterise.ts';

/** What stands beside a document in the outbox. */
export const RequestSchema = z.strictObject({
  /** The fax line that sends, E.164. */
  line: E164Schema,
  to: z.string().regex(/^\+?[0-9]{2,20}$/, 'the number to dial: 2 to 20 digits, with or without a + before'),
  /** Name of the document in the same folder. */
  file: z.string().regex(/^[^/\0]{1,200}$/, 'the name of a file beside this one, without a folder'),
});
export type FaxRequest = z.infer<typeof RequestSchema>;

export type Taken = { readonly pages: number } | { readonly refusal: string };

const LARGEST = 50 << 20;
const MOST_PAGES = 200;

/** Makes of a PDF or TIFF the pages that will be sent, in `tiff`; or says what is wrong with it, and what to do. */
export async function takeDocument(files: Files, document: string, tiff: string): Promise<Taken> {
  const octets = await files.read(document);
  if (octets === undefined || octets.length === 0) return { refusal: 'the document is not there, or empty' };
  if (octets.length > LARGEST)
    return { refusal: `the document has ${octets.length} bytes: at most ${LARGEST}; split it` };
  if (!isPdf(octets)) return keepPages(files, octets, tiff);
  const drawn = await rasterise(document, `${tiff}.drawn`);
  if (drawn.so === 'refused') return { refusal: drawn.text };
  const made = (await files.read(`${tiff}.drawn`)) ?? new Uint8Array(0);
  await files.remove(`${tiff}.drawn`);
  return keepPages(files, made, tiff);
}

/** Some writers have a few bytes before the mark (ISO 32000-1 annex H, note 13). */
const isPdf = (octets: Uint8Array): boolean => Buffer.from(octets.subarray(0, 1_024)).includes('%PDF-');

async function keepPages(files: Files, octets: Uint8Array, tiff: string): Promise<Taken> {
  const { pages, obstacle } = readTiff(octets);
  if (obstacle !== undefined) {
    const where = obstacle.page === undefined ? '' : `page ${obstacle.page}, `;
    return { refusal: `${where}${obstacle.field}: ${obstacle.found}; ${obstacle.remedy}` };
  }
  if (pages.length === 0 || pages.length > MOST_PAGES)
    return { refusal: `the document has ${pages.length} pages: send 1 to ${MOST_PAGES} at a time` };
  const odd = pages.findIndex((page) => paperWidth(page) === undefined);
  if (odd >= 0)
    return {
      refusal: `page ${odd + 1}, ImageWidth: ${widthOf(pages[odd])}; scan in the width of a fax, 1728 dots at 204 an inch`,
    };
  await keepFile(files, tiff, tiffOf(pages));
  return { pages: pages.length };
}

const widthOf = (page: Page | undefined): string => (page ? `${page.width} dots (${page.resolution})` : '');

function tiffOf(pages: readonly Page[]): Uint8Array {
  const coded = pages.map(({ width, resolution, lines }) => ({
    coding: 'mmr' as const,
    width,
    resolution,
    height: lines.length,
    octets: encodePage({ coding: 'mmr', width }, lines),
  }));
  return writeTiff(coded, { sender: '', time: { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 } });
}
