import { type Controller, controllerPath } from '../controller.ts';
import { isFailure } from '../failure.ts';
import { siteModel, viewOf } from '../model/site-model.ts';
import { happen } from './notify.ts';
import { readPath } from './read.ts';
import type { Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';

/**
 * `Boot!` of TR-181: once in a life of the agent, with the words of whoever ordered the restart, and to each controller with
 * the parameters that it wants to hear of (`BootParameter.{i}.`), as far as it may read them.
 */
export function boot(before: UspState, event: UspEvent, rules: UspRules): Step {
  const { restart, ...book } = before.book;
  let state: UspState = { ...before, booted: true, book };
  const effects: UspEffect[] = [];
  for (const controller of rules.controllers) {
    const params = {
      CommandKey: restart?.commandKey ?? '',
      Cause: restart === undefined ? 'LocalReboot' : 'RemoteReboot',
      Reason: restart?.reason ?? '',
      FirmwareUpdated: event.sight.firmware?.updated === true ? 'true' : 'false',
      ParameterMap: JSON.stringify(parametersOf(state, controller, event, rules)),
    };
    const told = { event: { objPath: 'Device.', eventName: 'Boot!', params } };
    const only = controller.number;
    const [next, more] = happen(state, { type: 'Event', path: 'Device.Boot!', only, told }, rules, event);
    state = next;
    effects.push(...more);
  }
  return [state, effects];
}

function parametersOf(state: UspState, controller: Controller, event: UspEvent, rules: UspRules) {
  const table = `${controllerPath(controller)}.BootParameter.`;
  const wanted = Object.entries(state.book.rows).flatMap(([path, { Enable, ParameterName = '' }]) =>
    path.startsWith(table) && Enable === 'true' && ParameterName !== '' ? [ParameterName] : [],
  );
  if (wanted.length === 0) return {};
  const view = viewOf(siteModel(event.sight, state, rules), controller);
  const pairs = wanted.flatMap((path) => {
    const read = readPath(view, path);
    if (isFailure(read)) return [];
    return read.values.flatMap(({ object, values }) =>
      Object.entries(values).map(([name, value]) => [`${object}${name}`, value] as const),
    );
  });
  return Object.fromEntries(pairs);
}
