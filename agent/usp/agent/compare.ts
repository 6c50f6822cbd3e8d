import type { Controller } from '../controller.ts';
import { isFailure } from '../failure.ts';
import type { Model } from '../model/model.ts';
import type { Row, Values } from '../model/object-type.ts';
import { viewOf } from '../model/site-model.ts';
import { may } from '../roles.ts';
import { type Now, references, subscriptionsOf, tell } from './notify.ts';
import { readPath } from './read.ts';
import type { Step, UspEffect, UspRules, UspState } from './state.ts';

/** Tells what has changed since it was last told, as far as its receiver may read it. */
export function compare(state: UspState, look: () => Model, rules: UspRules, now: Now): Step {
  let next = state;
  const effects: UspEffect[] = [];
  const seen: Record<string, Values> = {};
  const watching = subscriptionsOf(state, rules).filter(({ values }) => values.NotifType === 'ValueChange');
  if (watching.length === 0) return [Object.keys(state.seen).length === 0 ? state : { ...state, seen }, []];
  const model = look();
  for (const subscription of watching) {
    const { path, values, controller } = subscription;
    const current = watched(viewOf(model, controller), references(values), controller);
    const before = state.seen[path];
    seen[path] = current;
    for (const [paramPath, paramValue] of Object.entries(current)) {
      if (before === undefined || before[paramPath] === undefined || before[paramPath] === paramValue) continue;
      const [after, told] = tell(next, subscription, { valueChange: { paramPath, paramValue } }, now);
      next = after;
      effects.push(...told);
    }
  }
  return [{ ...next, seen }, effects];
}

function watched(view: Model, paths: readonly string[], controller: Controller): Values {
  const found = paths.flatMap((path) => {
    const read = readPath(view, path);
    if (isFailure(read)) return [];
    return read.values.flatMap(({ object, values }) =>
      Object.entries(values)
        .filter(([name]) => isNews(view.rows.get(object), name, controller))
        .map(([name, value]) => [`${object}${name}`, value] as const),
    );
  });
  return Object.fromEntries(found);
}

const isNews = (row: Row | undefined, name: string, controller: Controller): boolean =>
  row !== undefined &&
  row.type.parameters?.[name]?.restless !== true &&
  may(controller, 'parameter', 'n', { type: `${row.type.path}${name}`, path: `${row.path}${name}` });
