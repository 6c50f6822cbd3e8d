import { isFailure } from '../failure.ts';
import type { Model } from '../model/model.ts';
import { typePath, type Values, type ValueType } from '../model/object-type.ts';
import { covers } from '../path/covers.ts';
import { csvReport, joinCsv, layoutOf } from './bulk-csv.ts';
import { readPath } from './read.ts';

export type Encoding = 'JSON' | 'CSV';

/** What a profile wants in its report (TR-369 1.4, Annex A). */
export type Wanted = {
  readonly encoding: Encoding;
  readonly json: Values;
  readonly csv: Values;
  readonly parameters: readonly Values[];
};

export type ReportedValue = { readonly name: string; readonly value: string; readonly type: ValueType };

/** One report: what its owner may read at the moment, and nothing else. JSON as it is sent, CSV as `joinReports` takes it. */
export function bulkReport(view: Model, { encoding, json, csv, parameters }: Wanted, wall: number): string {
  const values = valuesOf(view, parameters);
  if (encoding === 'CSV') {
    const layout = layoutOf(csv);
    const time = timeOf(layout.timestamp, wall);
    return csvReport(values, time === undefined ? undefined : `${time}`, layout);
  }
  const { ReportFormat = 'ObjectHierarchy', ReportTimestamp = 'Unix-Epoch' } = json;
  const time = timeOf(ReportTimestamp, wall);
  const own = time === undefined ? {} : { CollectionTime: time };
  const pairs = values.map(({ name, value, type }) => [name, jsonOf(value, type)] as const);
  const body = ReportFormat === 'NameValuePair' ? Object.fromEntries(pairs) : hierarchy(pairs);
  return JSON.stringify({ ...own, ...body });
}

/** R-BULK.9, R-BULK.10, R-BULK.10a */
function valuesOf(view: Model, parameters: readonly Values[]): readonly ReportedValue[] {
  const excluded = parameters.filter(({ Exclude }) => Exclude === 'true').map(({ Reference = '' }) => Reference);
  const all: ReportedValue[] = [];
  for (const { Name = '', Reference = '', Exclude } of parameters) {
    if (Exclude === 'true' || Reference === '') continue;
    const found = readPath(view, Reference);
    if (isFailure(found)) continue;
    for (const { object, values } of found.values) {
      const types = view.types.get(typePath(object))?.parameters ?? {};
      for (const [parameter, value] of Object.entries(values)) {
        const path = `${object}${parameter}`;
        if (excluded.some((one) => covers(one, path))) continue;
        all.push({ name: reportName(Name, Reference, path), value, type: types[parameter]?.type ?? 'string' });
      }
    }
  }
  return all;
}

/** All of it as one document, the oldest first; the oldest are left out where it would be too long. */
export function joinReports(reports: readonly string[], room: number, encoding: Encoding = 'JSON'): string | undefined {
  for (let from = 0; from < reports.length; from += 1) {
    const rest = reports.slice(from);
    const text = encoding === 'CSV' ? joinCsv(rest) : `{"Report":[${rest.join(',')}]}`;
    if (new TextEncoder().encode(text).length <= room) return text;
  }
  return undefined;
}

type Json = string | number | boolean | { readonly [name: string]: Json };

/** Instances that a wildcard stood for, and what is below an object, follow the name (R-BULK.9, R-BULK.10). */
function reportName(name: string, reference: string, path: string): string {
  if (name === '') return path;
  const pattern = reference.replace(/\.$/, '').split('.');
  const pieces = path.split('.');
  const instances = pieces.filter((_, index) => pattern[index] === '*');
  const rest = reference.endsWith('.') ? pieces.slice(pattern.length) : [];
  return [name, ...instances, ...rest].join('.');
}

/** TR-369 1.4, table of JSON types; what no double holds stays text. */
function jsonOf(value: string, type: ValueType): Json {
  switch (type) {
    case 'boolean':
      return value === 'true';
    case 'int':
    case 'long':
    case 'unsignedInt':
    case 'unsignedLong':
      return Number.isSafeInteger(Number(value)) && value !== '' ? Number(value) : value;
    default:
      return value;
  }
}

function hierarchy(pairs: readonly (readonly [name: string, value: Json])[]): { readonly [name: string]: Json } {
  const root: Tree = new Map();
  for (const [name, value] of pairs) {
    const pieces = name.split('.');
    let place = root;
    for (const piece of pieces.slice(0, -1)) {
      const known = place.get(piece);
      const next: Tree = known instanceof Map ? known : new Map();
      place.set(piece, next);
      place = next;
    }
    place.set(pieces.at(-1) ?? '', value);
  }
  return written(root);
}

type Tree = Map<string, Tree | Json>;

const written = (tree: Tree): { readonly [name: string]: Json } =>
  Object.fromEntries([...tree].map(([name, value]) => [name, value instanceof Map ? written(value) : value]));

function timeOf(timestamp: string, wall: number): string | number | undefined {
  if (timestamp === 'None') return undefined;
  return timestamp === 'ISO-8601' ? new Date(wall).toISOString() : Math.floor(wall / 1_000);
}
