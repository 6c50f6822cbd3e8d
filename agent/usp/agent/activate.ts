import type { Controller } from '../controller.ts';
import { fails } from '../failure.ts';
import { finish } from './finish.ts';
import type { Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';

/** `Activate()` in its windows: wished for when one opens, taken back when it closes and the box is still what it was. */
export function followActivations(before: UspState, event: UspEvent, rules: UspRules): Step {
  const { mono } = event.sight;
  let state = before;
  const effects: UspEffect[] = [];
  if (state.wishEnds !== undefined && state.wishEnds <= mono) {
    const { wishEnds: _, ...rest } = state;
    state = rest;
    effects.push({ do: 'withdraw-release' });
  }
  for (const { number, controller, command, windows } of before.going) {
    if (windows === undefined) continue;
    const open = windows.find(({ from, until }) => from <= mono && mono < until);
    if (open !== undefined) {
      const going = state.going.map(({ windows: known, ...one }) =>
        one.number === number || known === undefined ? one : { ...one, windows: known },
      );
      state = { ...state, going, wishEnds: open.until };
      effects.push({ do: 'activate-release', by: endpointOf(rules.controllers, controller), request: number });
    } else if (windows.every(({ until }) => until <= mono)) {
      const { errCode, errMsg } = fails(7022, command, 'no window is left');
      const [next, more] = finish(state, number, { cmdFailure: { errCode, errMsg } }, event, rules);
      state = next;
      effects.push(...more);
    }
  }
  return [state, effects];
}

const endpointOf = (controllers: readonly Controller[], number: number): string =>
  controllers.find((one) => one.number === number)?.endpoint ?? '';
