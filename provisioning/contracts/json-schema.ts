import { z } from 'zod';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { Language } from './wording.ts';

/** The JSON Schema that editors check a regime file against; made from the schema that the program reads it with. */
export function regimeJsonSchema(): Readonly<Record<string, unknown>> {
  const made = z.toJSONSchema(RegimeSchema, { io: 'input', target: 'draft-7' });
  return { title: 'Relais regime: what one contract says, each value with its article', ...made };
}

/** Every value that a regime can have, in the order of the schema, with what it is; readings and settings have no label. */
export function labels(language: Language): ReadonlyMap<string, string | undefined> {
  const key = language === 'fr' ? 'fr' : 'description';
  return new Map(fieldsBelow(regimeJsonSchema(), '', key));
}

type Field = readonly [path: string, label: string | undefined];

function fieldsBelow(schema: unknown, path: string, key: string): readonly Field[] {
  const properties = member(schema, 'properties');
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const label = member(schema, key);
  if (names.length === 0 || names.includes('article')) {
    return [[path, typeof label === 'string' ? label : undefined]];
  }
  return names.flatMap((name) => fieldsBelow(member(properties, name), path === '' ? name : `${path}.${name}`, key));
}

const member = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? Object.entries(node).find(([key]) => key === name)?.[1] : undefined;
