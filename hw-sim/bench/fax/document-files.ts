import { existsSync, readFileSync } from 'node:fs';
import { encodePage } from '../../../agent/fax/page/page-encoder.ts';
import { readTiff } from '../../../agent/fax/page/read-tiff.ts';
import { writeTiff } from '../../../agent/fax/page/write-tiff.ts';
import type { drawnLines } from './sample-document.ts';

type Lines = ReturnType<typeof drawnLines>;

const WIDTH = 1_728;
const TIME = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };

/** Pages as the file that libspandsp sends. */
export function tiffOf(documents: readonly Lines[]): Uint8Array {
  const pages = documents.map((lines) => ({
    width: WIDTH,
    height: lines.length,
    resolution: 'standard' as const,
    coding: 'mmr' as const,
    octets: encodePage({ coding: 'mmr', width: WIDTH }, lines),
  }));
  return writeTiff(pages, { sender: 'Relais', time: TIME });
}

/** Every dot of a page, in words that can be compared. */
export const dotsOf = (lines: Lines): string => lines.map((line) => line.join()).join(';');

/** The pages of a file that libspandsp has received, each in the words of `dotsOf`; none where it received none. */
export function dotsOfTiff(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return (readTiff(readFileSync(path)).pages ?? []).map(({ lines }) => dotsOf(lines));
}
