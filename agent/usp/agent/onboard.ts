import { type Controller, controllerPath } from '../controller.ts';
import type { Values } from '../model/object-type.ts';
import { introduce, type Now } from './notify.ts';
import type { Step, UspEffect, UspRules, UspState } from './state.ts';

/** Asks each controller that has not taken the agent on to do so, once it is time (TR-181 2.19.1, `OnBoardingComplete`). */
export function onboard(before: UspState, rules: UspRules, now: Now): Step {
  if (before.at !== 'joined') return [before, []];
  let state = before;
  const effects: UspEffect[] = [];
  for (const controller of rules.controllers) {
    const { number } = controller;
    const waits = state.book.notices.some((one) => one.controller === number && one.notify.onBoardReq);
    const due = state.onboarding[number] ?? 0;
    if (waits || due > now.sight.mono || rowOf(state, controller).OnBoardingComplete === 'true') continue;
    const [next, more] = introduce(state, controller, now);
    state = next;
    effects.push(...more);
  }
  return [state, effects];
}

/**
 * A controller has answered: without `OnBoardingRestartTime` that is the end of it; with it the controller says itself when it
 * is done, and is asked again until then (TR-181 2.19.1).
 */
export function onboarded(state: UspState, controller: Controller, mono: number): UspState {
  const seconds = Number(rowOf(state, controller).OnBoardingRestartTime ?? 0);
  if (seconds === 0) return withComplete(state, controller, 'true');
  return { ...state, onboarding: { ...state.onboarding, [controller.number]: mono + seconds * 1_000 } };
}

/** `SendOnBoardRequest()`: at once; where it is repeated the onboarding begins anew. */
export function introduceAnew(state: UspState, controller: Controller, now: Now): Step {
  const repeats = Number(rowOf(state, controller).OnBoardingRestartTime ?? 0) > 0;
  return introduce(repeats ? withComplete(state, controller, 'false') : state, controller, now);
}

const pathOf = (controller: Controller): string => `${controllerPath(controller)}.`;
const rowOf = ({ book }: UspState, controller: Controller): Values => book.rows[pathOf(controller)] ?? {};

function withComplete({ book, ...state }: UspState, controller: Controller, complete: 'true' | 'false'): UspState {
  const path = pathOf(controller);
  const rows = { ...book.rows, [path]: { ...book.rows[path], OnBoardingComplete: complete } };
  return { ...state, book: { ...book, rows } };
}
