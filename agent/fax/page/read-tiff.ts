import { nearestResolution, type Page } from './page-format.ts';
import { type Directory, readDirectories, type TiffObstacle } from './read-tiff-directory.ts';
import { readStrip } from './read-tiff-strip.ts';
import { COMPRESSION, TAG } from './tiff-tags.ts';

export type TiffReading =
  | { readonly pages: readonly Page[]; readonly obstacle: undefined }
  | { readonly pages: undefined; readonly obstacle: TiffObstacle };

/** A3 at 600 dots per inch, and paper from a roll of 2 m at 400. */
const WIDEST = 7_016;
const LONGEST = 32_768;
const MOST_STRIPS = LONGEST;

/** Pages of a TIFF for sending: black and white, uncompressed or T.4 or T.6, in strips. Never throws. */
export function readTiff(file: Uint8Array): TiffReading {
  const { directories, obstacle } = readDirectories(file);
  if (obstacle !== undefined) return { pages: undefined, obstacle };
  const pages: Page[] = [];
  for (const [number, directory] of directories.entries()) {
    const page = readPage(file, directory);
    if ('field' in page) return { pages: undefined, obstacle: { ...page, page: number + 1 } };
    pages.push(page);
  }
  return { pages, obstacle: undefined };
}

function readPage(file: Uint8Array, directory: Directory): Page | TiffObstacle {
  const first = (tag: number, otherwise: number): number => directory.get(tag)?.[0] ?? otherwise;
  const width = first(TAG.width, 0);
  const height = first(TAG.length, 0);
  if (width < 1 || width > WIDEST) return no('ImageWidth', `${width}`, `scan at a width of 1 to ${WIDEST} dots`);
  if (height < 1 || height > LONGEST) return no('ImageLength', `${height}`, `make pages of 1 to ${LONGEST} lines`);
  const depth = first(TAG.bitsPerSample, 1) * first(TAG.samplesPerPixel, 1);
  if (depth !== 1) return no('BitsPerSample', `${depth} bits a dot`, 'save the document in black and white, 1 bit');
  const compression = first(TAG.compression, COMPRESSION.none);
  if (!Object.values(COMPRESSION).some((known) => known === compression))
    return no('Compression', `${compression}`, 'save it with CCITT Group 3 or Group 4, or uncompressed');
  const strips = directory.get(TAG.stripOffsets) ?? [];
  if (strips.length === 0 || strips.length > MOST_STRIPS)
    return no('StripOffsets', `${strips.length} strips`, 'save the document in strips, not in tiles');
  return {
    width,
    resolution: resolutionOf(directory),
    lines: strips.flatMap((at, strip) => linesOf(file, directory, { at, strip, width, height })),
  };
}

type Strip = { readonly at: number; readonly strip: number; readonly width: number; readonly height: number };

function linesOf(file: Uint8Array, directory: Directory, { at, strip, width, height }: Strip): Page['lines'] {
  const first = (tag: number): number | undefined => directory.get(tag)?.[0];
  const rows = Math.max(1, Math.min(first(TAG.rowsPerStrip) ?? height, height));
  const count = Math.min(rows, height - strip * rows);
  if (count <= 0) return [];
  const size = directory.get(TAG.stripByteCounts)?.[strip] ?? file.length - at;
  return readStrip({
    octets: file.subarray(Math.min(at, file.length), Math.min(at + size, file.length)),
    compression: first(TAG.compression) ?? COMPRESSION.none,
    t4Options: first(TAG.t4Options) ?? 0,
    lowestBitFirst: first(TAG.fillOrder) === 2,
    blackIsZero: first(TAG.photometric) === 1,
    width,
    count,
  });
}

/** Without a word about it, a fax is fine. TIFF 6.0: unit 2 inch, 3 centimeter, 1 only the ratio. */
function resolutionOf(directory: Directory): Page['resolution'] {
  const across = ratio(directory.get(TAG.xResolution));
  const down = ratio(directory.get(TAG.yResolution));
  const unit = directory.get(TAG.resolutionUnit)?.[0] ?? 2;
  if (across === undefined || down === undefined || unit === 1) return 'fine';
  const perInch = unit === 3 ? 2.54 : 1;
  return nearestResolution(across * perInch, down * perInch);
}

function ratio(values: readonly number[] | undefined): number | undefined {
  const [over, under] = values ?? [];
  return over === undefined || under === undefined || over === 0 || under === 0 ? undefined : over / under;
}

const no = (field: string, found: string, remedy: string): TiffObstacle => ({ page: undefined, field, found, remedy });
