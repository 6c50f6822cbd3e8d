import { canonical } from '../model/canonical.ts';
import { fromHex } from './bytes.ts';
import { EXPORT_FORMAT } from './export.ts';
import { type Frontier, readFrontier } from './merkle.ts';

/** What one line of an export is, before anything of it is believed. */
export type ExportLine =
  | {
      readonly is: 'record';
      readonly seq: number;
      readonly device: unknown;
      readonly epoch: unknown;
      readonly prev: unknown;
      /** The bytes that were hashed. */
      readonly body: string;
    }
  | { readonly is: 'erased'; readonly seq: number; readonly leaf: Uint8Array }
  | { readonly is: 'gap'; readonly from: number; readonly to: number; readonly tree: Frontier | undefined }
  | { readonly is: 'checkpoint' | 'seal'; readonly note: string }
  | { readonly is: 'unreadable' };

export type About = {
  readonly device: string;
  readonly epoch: string;
  readonly origin: string;
  readonly deviceKey: string;
};

type Json = Readonly<Record<string, unknown>>;

/** The first line; undefined when it is not that of an export in this format. */
export function readAbout(line: string): About | undefined {
  const json = parse(line) ?? {};
  const { format, device, epoch, origin, deviceKey, centralKeys } = json;
  if (format !== EXPORT_FORMAT || !Array.isArray(centralKeys) || Object.keys(json).length !== 6) return undefined;
  if (typeof device !== 'string' || typeof epoch !== 'string') return undefined;
  if (typeof origin !== 'string' || typeof deviceKey !== 'string') return undefined;
  return { device, epoch, origin, deviceKey };
}

/** Only members that identify a record are looked at, so that records of older software stay readable. */
export function readLine(line: string): ExportLine {
  const json = parse(line);
  const [only, more] = Object.keys(json ?? {});
  if (json === undefined || only === undefined) return { is: 'unreadable' };
  if (more !== undefined) {
    const { seq, device, epoch, prev } = json;
    return isSeq(seq) ? { is: 'record', seq, device, epoch, prev, body: line } : { is: 'unreadable' };
  }
  const value = json[only];
  if ((only === 'checkpoint' || only === 'seal') && typeof value === 'string') return { is: only, note: value };
  if (only === 'gap' && isObject(value)) return readGap(value);
  return only === 'erased' && isObject(value) ? readErased(value) : { is: 'unreadable' };
}

function readGap({ from, to, tree, ...more }: Json): ExportLine {
  const frontier = typeof tree === 'string' ? readFrontier(tree) : undefined;
  const sound = isSeq(from) && isSeq(to) && from <= to && Object.keys(more).length === 0;
  if (!sound || (tree !== undefined && (frontier === undefined || frontier.size < to))) return { is: 'unreadable' };
  return { is: 'gap', from, to, tree: frontier };
}

function readErased({ seq, leaf, ...more }: Json): ExportLine {
  const hash = typeof leaf === 'string' ? fromHex(leaf) : undefined;
  if (!isSeq(seq) || hash?.length !== 32 || Object.keys(more).length > 0) return { is: 'unreadable' };
  return { is: 'erased', seq, leaf: hash };
}

/** An object in the one form that `canonical` writes: no other spelling of the same JSON is taken. */
function parse(line: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return isObject(json) && canonical(json) === line ? json : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
