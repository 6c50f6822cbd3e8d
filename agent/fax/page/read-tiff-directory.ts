import { FIELD } from './tiff-tags.ts';

/** Why a file cannot be read: which field of which page, counted from 1, what stands there, and what helps. */
export type TiffObstacle = {
  readonly page: number | undefined;
  readonly field: string;
  readonly found: string;
  readonly remedy: string;
};

/** Values by tag; a rational is two values. */
export type Directory = ReadonlyMap<number, readonly number[]>;

type Directories =
  | { readonly directories: readonly Directory[]; readonly obstacle: undefined }
  | { readonly directories: undefined; readonly obstacle: TiffObstacle };

/** A fax of more pages is refused before it is read; X-4 knows it as mass fax. */
const MOST_PAGES = 1_000;
const MOST_VALUES = 65_536;

/** The directories of a TIFF, in the order of its pages. Never throws; a circle of directories is refused. */
export function readDirectories(file: Uint8Array): Directories {
  const order = file[0] === 0x49 && file[1] === 0x49 ? 'little' : file[0] === 0x4d && file[1] === 0x4d ? 'big' : 'none';
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const little = order === 'little';
  if (order === 'none' || file.length < 8 || view.getUint16(2, little) !== 42)
    return refused('header', 'no TIFF', 'hand over a TIFF file');
  const directories: Directory[] = [];
  const seen = new Set<number>();
  let at = view.getUint32(4, little);
  while (at !== 0) {
    if (seen.has(at)) return refused('IFD', `page ${directories.length + 1} leads back`, 'save the file anew');
    if (directories.length >= MOST_PAGES) return refused('IFD', 'more pages', `send at most ${MOST_PAGES} pages`);
    seen.add(at);
    const read = readDirectory(view, at, little);
    if (read === undefined) return refused('IFD', 'the file ends too early', 'copy the file again, it is cut short');
    directories.push(read.directory);
    at = read.next;
  }
  if (directories.length === 0) return refused('IFD', 'no page', 'hand over a TIFF with a page');
  return { directories, obstacle: undefined };
}

const refused = (field: string, found: string, remedy: string): Directories => ({
  directories: undefined,
  obstacle: { page: undefined, field, found, remedy },
});

type Read = { readonly directory: Directory; readonly next: number };

function readDirectory(view: DataView, at: number, little: boolean): Read | undefined {
  if (at + 2 > view.byteLength) return undefined;
  const count = view.getUint16(at, little);
  const end = at + 2 + 12 * count;
  if (end > view.byteLength) return undefined;
  const directory = new Map<number, readonly number[]>();
  for (let entry = at + 2; entry < end; entry += 12) {
    const values = readValues(view, entry, little);
    if (values !== undefined) directory.set(view.getUint16(entry, little), values);
  }
  // Some writers end the file without the last link.
  return { directory, next: end + 4 <= view.byteLength ? view.getUint32(end, little) : 0 };
}

/** Undefined for a type that no fax needs, or values outside of the file. */
function readValues(view: DataView, entry: number, little: boolean): readonly number[] | undefined {
  const code = view.getUint16(entry + 2, little);
  const field = Object.values(FIELD).find((known) => known.code === code);
  const count = view.getUint32(entry + 4, little);
  if (field === undefined || count > MOST_VALUES) return undefined;
  const size = field.size * count;
  const from = size <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (from + size > view.byteLength) return undefined;
  const step = field.size === 8 ? 4 : field.size;
  const values: number[] = [];
  for (let at = from; at < from + size; at += step) values.push(valueAt(view, at, step, little));
  return values;
}

function valueAt(view: DataView, at: number, size: number, little: boolean): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}
