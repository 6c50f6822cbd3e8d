import type { StoredRecord } from '../../ports/record-store.ts';
import { readWal } from './wal-file.ts';

/** Bytes of a store that may be damaged anywhere; its log where there is one. */
export type Remains = { readonly database: Buffer; readonly log: Buffer | undefined };

type Pages = { readonly size: number; readonly images: readonly Buffer[]; page(number: number): Buffer | undefined };

const LEAF = 0x0d;
const RECORD = Buffer.from('{"clock":');
const MOST_OVERFLOW = 64;

/**
 * Everything in the bytes of a store that looks like one of its rows, without SQLite: from each page that the database or
 * its log ever held, by its cells (SQLite file format 1.6, 1.5) and, where those are spoiled, by the text of a record. The
 * same row may come several times, in several states; nothing of it is believed.
 */
export function carve(remains: Remains): readonly StoredRecord[] {
  const pages = pagesOf(remains);
  return pages.images.flatMap((image, index) => [...cellsIn(image, index === 0 ? 100 : 0, pages), ...textsIn(image)]);
}

function pagesOf({ database, log }: Remains): Pages {
  const size = pageSize(database);
  const own = Array.from({ length: Math.ceil(database.length / size) }, (_, index) =>
    database.subarray(index * size, (index + 1) * size),
  );
  const wal = log && log.length > 56 ? readWal(log, size) : undefined;
  const frames = Array.from({ length: wal?.count ?? 0 }, (_, frame) => ({
    page: wal?.page(frame) ?? 0,
    image: wal?.image(frame) ?? Buffer.alloc(0),
  }));
  return {
    size,
    images: [...own, ...frames.map(({ image }) => image)],
    page: (number) => frames.findLast(({ page }) => page === number)?.image ?? own[number - 1],
  };
}

/** SQLite file format 1.3.2; where it is spoiled, what the box makes. */
function pageSize(database: Buffer): number {
  const size = database.length < 18 ? 0 : database.readUInt16BE(16);
  return size >= 512 && (size & (size - 1)) === 0 ? size : 4_096;
}

function cellsIn(image: Buffer, header: number, pages: Pages): readonly StoredRecord[] {
  if (image[header] !== LEAF || image.length < header + 8) return [];
  const count = Math.min(image.readUInt16BE(header + 3), Math.floor((image.length - header - 8) / 2));
  return Array.from({ length: count }, (_, cell) => image.readUInt16BE(header + 8 + 2 * cell)).flatMap(
    (at) => readCell(image, at, pages) ?? [],
  );
}

/** A row of two columns, of which the first is the row's own number and stands as NULL. */
function readCell(image: Buffer, at: number, pages: Pages): StoredRecord | undefined {
  const length = varint(image, at);
  const row = length && varint(image, length.end);
  if (row === undefined || length === undefined || length.value > MOST_OVERFLOW * pages.size) return undefined;
  const payload = payloadAt(image, row.end, length.value, pages);
  const head = payload && varint(payload, 0);
  const type = head && payload && varint(payload, head.end + 1);
  if (head === undefined || payload === undefined || type === undefined || payload[head.end] !== 0) return undefined;
  return { seq: row.value, body: payload.toString('utf8', head.value) };
}

/** SQLite file format 1.6: how much of a payload stands in its cell, and 1.5 what follows on pages of its own. */
function payloadAt(image: Buffer, from: number, length: number, pages: Pages): Buffer | undefined {
  const most = pages.size - 35;
  const least = Math.floor(((pages.size - 12) * 32) / 255) - 23;
  const wanted = least + ((length - least) % (pages.size - 4));
  const local = length <= most ? length : wanted <= most ? wanted : least;
  if (from + local > image.length) return undefined;
  const parts = [image.subarray(from, from + local)];
  if (local === length) return parts[0];
  if (from + local + 4 > image.length) return undefined;
  let next = image.readUInt32BE(from + local);
  for (let left = length - local; left > 0 && next > 0 && parts.length < MOST_OVERFLOW; left -= pages.size - 4) {
    const page = pages.page(next);
    if (page === undefined || page.length < pages.size) return undefined;
    parts.push(page.subarray(4, 4 + Math.min(left, pages.size - 4)));
    next = page.readUInt32BE(0);
  }
  const whole = Buffer.concat(parts);
  return whole.length === length ? whole : undefined;
}

/** Records that stand whole on the page, wherever its cells say that they are. */
function textsIn(image: Buffer): readonly StoredRecord[] {
  const found: StoredRecord[] = [];
  for (let at = image.indexOf(RECORD); at >= 0; at = image.indexOf(RECORD, at + 1)) {
    const body = objectAt(image, at);
    const seq = Number(/"seq":(\d{1,15})/.exec(body ?? '')?.[1]);
    if (body !== undefined && Number.isSafeInteger(seq)) found.push({ seq, body });
  }
  return found;
}

function objectAt(image: Buffer, from: number): string | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < image.length; at += 1) {
    const letter = String.fromCharCode(image[at] ?? 0);
    if (quoted && letter === '\\') at += 1;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === '{') depth += 1;
    else if (!quoted && letter === '}') depth -= 1;
    if (depth === 0) return image.toString('utf8', from, at + 1);
  }
  return undefined;
}

/** SQLite file format 1.6: big-endian, seven bits a byte. What needs more than six bytes is no number of ours. */
function varint(bytes: Buffer, from: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = from; at < from + 6 && at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}
