import { type Failure, fails, isFailure } from '../failure.ts';
import type { Model } from '../model/model.ts';
import { type Row, typePath } from '../model/object-type.ts';
import { holds } from './match.ts';
import { type Condition, isSearch, type Path, parsePath, type Step } from './parse-path.ts';

/** Objects and tables that a path leads to, by their paths with numbers. */
export type Resolved = { readonly at: readonly string[]; readonly path: Path };

/** References that lead in a circle end somewhere, and so does what one request may look at. */
const MOST_PLACES = 2_000;

/** Follows a path through what there is. Nothing found is an error only where the path was no search. */
export function resolve(model: Model, text: string): Resolved | Failure {
  const path = parsePath(text);
  if (path === undefined) return fails(7008, text);
  let places: readonly string[] = ['Device.'];
  for (const step of path.steps) {
    const next: string[] = [];
    for (const place of places) {
      const found = follow(model, place, step);
      if ('unknown' in found) return fails(7026, text, `there is no ${found.unknown}`);
      next.push(...found.to);
      if (next.length > MOST_PLACES) return fails(7005, text);
    }
    places = next;
  }
  if (places.length === 0 && !isSearch(path)) return fails(7016, text);
  return { at: places, path };
}

type Found = { readonly to: readonly string[] } | { readonly unknown: string };

function follow(model: Model, place: string, step: Step): Found {
  const rowsHere = (): Found => {
    const known = model.types.has(`${typePath(place)}{i}.`);
    return known ? { to: (model.tables.get(place) ?? []).map(({ path }) => path) } : { unknown: `table ${place}` };
  };
  switch (step.is) {
    case 'name': {
      const to = `${place}${step.name}.`;
      const type = typePath(to);
      if (!model.types.has(type) && !model.types.has(`${type}{i}.`)) return { unknown: to };
      // A table is there with the object that holds it, whether it has rows or none.
      return { to: model.rows.has(to) || (!model.types.has(type) && parentIsThere(model, place)) ? [to] : [] };
    }
    case 'row': {
      if (!model.types.has(`${typePath(place)}{i}.`)) return { unknown: `table ${place}` };
      const to = `${place}${step.number}.`;
      return { to: model.rows.has(to) ? [to] : [] };
    }
    case 'every':
      return rowsHere();
    case 'search': {
      const rows = rowsHere();
      if ('unknown' in rows) return rows;
      return { to: rows.to.filter((row) => step.conditions.every((condition) => meets(model, row, condition))) };
    }
    case 'follow':
      return { to: referred(model, model.rows.get(place), step.name, step.which) };
  }
}

const parentIsThere = (model: Model, place: string): boolean => model.rows.has(place) || model.tables.has(place);

function referred(model: Model, row: Row | undefined, name: string, which: number | 'every'): readonly string[] {
  const listed = (row?.values[name] ?? '').split(',').map((one) => one.trim());
  const chosen = which === 'every' ? listed : listed.slice(which - 1, which);
  return chosen.map((one) => `${one}.`).filter((one) => model.rows.has(one));
}

/** Where the parameter of a condition is reached over tables or references, one value that meets it is enough. */
function meets(model: Model, row: string, condition: Condition): boolean {
  const found = resolve(model, `${row}${condition.parameter}`);
  if (isFailure(found) || found.path.leaf === undefined) return false;
  const { leaf } = found.path;
  return found.at.some((place) => {
    const value = model.rows.get(place)?.values[leaf];
    const type = model.types.get(typePath(place))?.parameters?.[leaf]?.type;
    return value !== undefined && type !== undefined && holds(condition, value, type);
  });
}
