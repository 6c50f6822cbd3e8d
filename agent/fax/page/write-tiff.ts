import { type CodedPage, type FaxLabel, RESOLUTIONS } from './page-format.ts';
import { COMPRESSION, FIELD, TAG } from './tiff-tags.ts';

/**
 * A file of TIFF class F (RFC 2306; TIFF 6.0 for MMR), one strip a page, as it was on the line. RFC 2306 leaves the RTC of
 * T.4 out; where a page has one it stays: readers stop at the height.
 * @throws RangeError for a file without a page.
 */
export function writeTiff(pages: readonly CodedPage[], label: FaxLabel): Uint8Array {
  if (pages.length === 0) throw new RangeError('a TIFF has at least one page: hand over the pages of the fax');
  const file: File = { parts: [], length: 0, patches: [] };
  append(file, Uint8Array.of(0x49, 0x49, 42, 0, 0, 0, 0, 0));
  let link = 4;
  for (const [number, page] of pages.entries()) {
    const strip = append(file, page.octets);
    const entries = entriesOf(page, label, { number, of: pages.length, strip });
    const placed = entries.map((entry) => ({ ...entry, at: valuePlace(file, entry) }));
    const directory = append(file, directoryOf(placed));
    file.patches.push({ at: link, value: directory });
    link = directory + 2 + 12 * entries.length;
  }
  return joined(file);
}

type File = { readonly parts: Uint8Array[]; length: number; readonly patches: { at: number; value: number }[] };

type Entry = { readonly tag: number; readonly field: keyof typeof FIELD; readonly values: readonly number[] };
type Placed = Entry & { readonly at: number | undefined };
type Place = { readonly number: number; readonly of: number; readonly strip: number };

/** Where the octets begin; every part begins on an even place (TIFF 6.0, section 2). */
function append(file: File, octets: Uint8Array): number {
  const at = file.length;
  file.parts.push(octets);
  file.length += octets.length;
  if (octets.length % 2 === 1) {
    file.parts.push(Uint8Array.of(0));
    file.length += 1;
  }
  return at;
}

const SECOND_PAGE_OF_MANY = 2;
const T4_TWO_DIMENSIONAL = 1;
const INCH = 2;

/** In ascending order of tags, as TIFF wants them. */
function entriesOf(page: CodedPage, { sender, time }: FaxLabel, { number, of, strip }: Place): readonly Entry[] {
  const { across, down } = RESOLUTIONS[page.resolution];
  const isT6 = page.coding === 'mmr';
  const { badLines = 0, badInARow = 0 } = page;
  const entries: readonly Entry[] = [
    one(TAG.subfileType, 'long', SECOND_PAGE_OF_MANY),
    one(TAG.width, 'long', page.width),
    one(TAG.length, 'long', page.height),
    one(TAG.bitsPerSample, 'short', 1),
    one(TAG.compression, 'short', isT6 ? COMPRESSION.t6 : COMPRESSION.t4),
    one(TAG.photometric, 'short', 0),
    one(TAG.fillOrder, 'short', 1),
    text(TAG.description, sender),
    one(TAG.stripOffsets, 'long', strip),
    one(TAG.samplesPerPixel, 'short', 1),
    one(TAG.rowsPerStrip, 'long', page.height),
    one(TAG.stripByteCounts, 'long', page.octets.length),
    { tag: TAG.xResolution, field: 'rational', values: [across, 1] },
    { tag: TAG.yResolution, field: 'rational', values: [down, 1] },
    isT6 ? one(TAG.t6Options, 'long', 0) : one(TAG.t4Options, 'long', page.coding === 'mr' ? T4_TWO_DIMENSIONAL : 0),
    one(TAG.resolutionUnit, 'short', INCH),
    { tag: TAG.pageNumber, field: 'short', values: [number, of] },
    text(TAG.software, 'Relais'),
    text(TAG.dateTime, dateTime(time)),
  ];
  if (isT6) return entries;
  return [
    ...entries,
    one(TAG.badFaxLines, 'long', badLines),
    // RFC 2306 4.5: 0 no bad line, 1 bad lines put right by us, 2 bad lines as they came.
    one(TAG.cleanFaxData, 'short', badLines === 0 ? 0 : 2),
    one(TAG.consecutiveBadFaxLines, 'long', badInARow),
  ];
}

const one = (tag: number, field: 'short' | 'long', value: number): Entry => ({ tag, field, values: [value] });

/** TIFF has 7-bit ASCII, ended by a zero. */
const text = (tag: number, words: string): Entry => ({
  tag,
  field: 'ascii',
  values: [...[...words].map((letter) => (/[ -~]/.test(letter) ? letter.charCodeAt(0) : 0x3f)), 0],
});

const dateTime = ({ year, month, day, hour, minute, second }: FaxLabel['time']): string =>
  `${[padded(year, 4), padded(month), padded(day)].join(':')} ${[hour, minute, second].map((n) => padded(n)).join(':')}`;

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Values of up to four octets stand in the entry itself, longer ones somewhere else. */
function valuePlace(file: File, entry: Entry): number | undefined {
  const octets = valueOctets(entry);
  return octets.length <= 4 ? undefined : append(file, octets);
}

function directoryOf(entries: readonly Placed[]): Uint8Array {
  const octets = new Uint8Array(2 + 12 * entries.length + 4);
  const view = new DataView(octets.buffer);
  view.setUint16(0, entries.length, true);
  for (const [place, entry] of entries.entries()) {
    const at = 2 + 12 * place;
    view.setUint16(at, entry.tag, true);
    view.setUint16(at + 2, FIELD[entry.field].code, true);
    view.setUint32(at + 4, entry.field === 'rational' ? entry.values.length / 2 : entry.values.length, true);
    if (entry.at === undefined) octets.set(valueOctets(entry), at + 8);
    else view.setUint32(at + 8, entry.at, true);
  }
  return octets;
}

function valueOctets({ field, values }: Entry): Uint8Array {
  const size = field === 'rational' ? 4 : FIELD[field].size;
  const octets = new Uint8Array(size * values.length);
  const view = new DataView(octets.buffer);
  for (const [place, value] of values.entries()) {
    if (size === 1) view.setUint8(place, value);
    else if (size === 2) view.setUint16(2 * place, value, true);
    else view.setUint32(4 * place, value, true);
  }
  return octets;
}

function joined({ parts, length, patches }: File): Uint8Array {
  const octets = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  const view = new DataView(octets.buffer);
  for (const patch of patches) view.setUint32(patch.at, patch.value, true);
  return octets;
}
