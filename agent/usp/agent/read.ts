import { type Failure, fails, isFailure } from '../failure.ts';
import { below, type Model } from '../model/model.ts';
import { type Row, typePath, type Values } from '../model/object-type.ts';
import { resolve } from '../path/resolve.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';

/** Paths that one request may name. */
const MOST_PATHS = 100;
type Ask<Name extends keyof Request> = NonNullable<Request[Name]>;
type Answer<Name extends keyof ResponseDraft> = NonNullable<ResponseDraft[Name]>;

export type Value = { readonly object: string; readonly values: Values };

/** One result for each path that was asked for, in its order (Oktopus reads answers by their place). */
export function answerGet(view: Model, { paramPaths, maxDepth }: Ask<'get'>): Answer<'getResp'> {
  const reqPathResults = paramPaths.slice(0, MOST_PATHS).map((requestedPath) => {
    const found = readPath(view, requestedPath, maxDepth);
    if (isFailure(found)) return { requestedPath, errCode: found.errCode, errMsg: found.errMsg };
    const resolvedPathResults = found.values.map(({ object, values }) => ({
      resolvedPath: object,
      resultParams: values,
    }));
    return { requestedPath, resolvedPathResults };
  });
  return { reqPathResults: [...reqPathResults, ...tooMany(paramPaths)] };
}

const tooMany = (paths: readonly string[]) =>
  paths.slice(MOST_PATHS, MOST_PATHS + 1).map((requestedPath) => {
    const { errCode, errMsg } = fails(7005, requestedPath, `at most ${MOST_PATHS} paths in a message`);
    return { requestedPath, errCode, errMsg };
  });

/** The values that a path means. `depth` 0: everything below; 1: the object itself; a row counts with its table. */
export function readPath(view: Model, text: string, depth = 0): { readonly values: readonly Value[] } | Failure {
  const found = resolve(view, text);
  if (isFailure(found)) return found;
  const { leaf } = found.path;
  if (leaf === undefined) return { values: found.at.flatMap((place) => readObject(view, place, depth)) };
  const values: Value[] = [];
  for (const object of found.at) {
    const type = view.types.get(typePath(object));
    if (type?.parameters?.[leaf] === undefined) {
      // The dot of an object may be left out where that can mean nothing else.
      const inside = `${typePath(object)}${leaf}.`;
      if (!view.types.has(inside) && !view.types.has(`${inside}{i}.`)) return fails(7026, text);
      values.push(...readObject(view, `${object}${leaf}.`, depth));
      continue;
    }
    const value = view.rows.get(object)?.values[leaf];
    if (value !== undefined) values.push({ object, values: { [leaf]: value } });
  }
  return { values };
}

const readObject = (view: Model, place: string, depth: number): readonly Value[] =>
  below(view, place)
    .filter((row) => depth === 0 || levels(row) - levelsOf(place) < depth)
    .filter(({ values }) => Object.keys(values).length > 0)
    .map(({ path, values }) => ({ object: path, values }));

const levels = ({ type }: Row): number => levelsOf(type.path);
/** A table and its row are one level. */
const levelsOf = (path: string): number => typePath(path).replaceAll('{i}.', '').split('.').length;

export function answerInstances(
  view: Model,
  { objPaths, firstLevelOnly }: Ask<'getInstances'>,
): Answer<'getInstancesResp'> {
  const reqPathResults = objPaths.slice(0, MOST_PATHS).map((requestedPath) => {
    const found = instancesAt(view, requestedPath, firstLevelOnly);
    if (isFailure(found)) return { requestedPath, errCode: found.errCode, errMsg: found.errMsg };
    return {
      requestedPath,
      currInsts: found.rows.map((row) => ({ instantiatedObjPath: row.path, uniqueKeys: keysOf(row) })),
    };
  });
  return { reqPathResults: [...reqPathResults, ...tooMany(objPaths)] };
}

function instancesAt(view: Model, text: string, firstLevelOnly: boolean): { readonly rows: readonly Row[] } | Failure {
  const found = resolve(view, text);
  if (isFailure(found)) return found;
  if (found.path.leaf !== undefined) return fails(7008, text, 'an object ends with a dot');
  const rows: Row[] = [];
  for (const place of found.at) {
    const table = view.types.has(`${typePath(place)}{i}.`);
    const searched = view.rows.get(place);
    if (!table && searched?.type.path.endsWith('.{i}.') !== true) return fails(7018, text);
    const here = table ? (view.tables.get(place) ?? []) : searched === undefined ? [] : [searched];
    rows.push(...(firstLevelOnly ? here : below(view, place).filter(({ type }) => type.path.endsWith('.{i}.'))));
  }
  return { rows };
}

/** The values of every parameter that is part of a key. */
export function keysOf({ type, values }: Row): Values {
  const names = new Set((type.keys ?? []).flat());
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
