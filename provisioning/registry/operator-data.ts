import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import { readChecked } from '../json-file.ts';
import type { Problem } from '../orders/problem.ts';

/** The folders of the operator's data. */
export type OperatorData = { readonly regimes: string; readonly tariffs: string; readonly numbering: string };

/** Each file of the operator's data is read and checked once. */
export function createFinder(from: OperatorData) {
  const once = <T>(look: (id: string) => Found<T>): ((id: string) => Found<T>) => {
    const known = new Map<string, Found<T>>();
    return (id) => {
      const found = known.get(id) ?? look(id);
      known.set(id, found);
      return found;
    };
  };
  return {
    regime: once((id) => find('regime', id, from.regimes, RegimeSchema)),
    tariff: once((id) => find('tariff', id, from.tariffs, DeckSchema)),
    numbering: once((id) => find('numbering', id, from.numbering, NumberingSchema)),
  };
}

type Found<T> = { readonly found: T | undefined; readonly problems: readonly Problem[] };

/** P-4: operator data is named by id; the file has the name of what it holds. */
function find<T extends z.ZodType<{ id: string }>>(
  field: string,
  id: string,
  folder: string,
  schema: T,
): Found<z.output<T>> {
  const known = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => /^([a-z0-9-]+)\.json$/.exec(name)?.[1] ?? [])
    : [];
  if (!known.includes(id)) {
    const remedy = `no such ${field} in ${basename(folder)}; known: ${known.toSorted().join(', ') || 'none'}`;
    return { found: undefined, problems: [{ field, value: id, remedy }] };
  }
  const found = readChecked(join(folder, `${id}.json`), schema);
  if (found.id === id) return { found, problems: [] };
  const remedy = `the file ${id}.json says that it is "${found.id}"; correct its name or its id`;
  return { found: undefined, problems: [{ field, value: id, remedy }] };
}
