import { siteModel, viewOf } from '../model/site-model.ts';
import { type Subscription, subscriptionsOf } from './notify.ts';
import { servicesWanted } from './serve.ts';
import { answerSet } from './set.ts';
import type { Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';
import { readSettings } from './trigger-settings.ts';

/** Two subscriptions that undo each other would wear the medium out: each makes its settings once in this time, the last time too. */
const PAUSE = 60_000;

/**
 * Makes the settings of subscriptions that were triggered (TR-181 2.19.1, `TriggerAction`), with the rights of the
 * controller that they belong to, all or none, and records it as that controller's deed (M-6).
 */
export function pullTriggers(before: UspState, event: UspEvent, rules: UspRules): Step {
  const { mono } = event.sight;
  const ready = subscriptionsOf(before, rules).filter(
    ({ path }) => before.triggered[path] && (before.pulled[path] ?? Number.NEGATIVE_INFINITY) + PAUSE <= mono,
  );
  let state = before;
  const effects: UspEffect[] = [];
  for (const subscription of ready) {
    const { path } = subscription;
    const { [path]: _, ...triggered } = state.triggered;
    const [next, more] = make(
      { ...state, triggered, pulled: { ...state.pulled, [path]: mono } },
      subscription,
      event,
      rules,
    );
    state = next;
    effects.push(...more);
  }
  return [state, effects];
}

function make(state: UspState, { path, values, controller }: Subscription, event: UspEvent, rules: UspRules): Step {
  const read = readSettings(values.TriggerConfigSettings ?? '');
  if ('wrong' in read || read.settings.length === 0) return [state, []];
  const all = (book: UspState['book']) => siteModel(event.sight, { ...state, book }, rules);
  const { controllers } = rules;
  const { wall } = event.sight;
  const change = {
    controller,
    controllers,
    book: state.book,
    all,
    view: (book: UspState['book']) => viewOf(all(book), controller),
    wall,
  };
  const updateObjs = read.settings.map(({ object, param, value }) => ({
    objPath: object,
    paramSettings: [{ param, value, required: true }],
  }));
  const done = answerSet(change, { allowPartial: false, updateObjs });
  // Managed services change on trial: somebody has to be there who confirms.
  const isServed = servicesWanted({ before: state.book, after: done.book }, event.sight.services, rules.services);
  const outcome = isServed === undefined ? done.outcome : 7002;
  const record: UspEffect = {
    do: 'record',
    action: { by: controller.endpoint, action: 'set', message: path, paths: done.paths, outcome },
  };
  return [isServed === undefined ? { ...state, book: done.book } : state, [record]];
}
