import { type Controller, controllerPath } from '../controller.ts';
import { type Code, fails, isFailure } from '../failure.ts';
import type { Model } from '../model/model.ts';
import type { CommandType, Values } from '../model/object-type.ts';
import { typePath } from '../model/object-type.ts';
import { resolve } from '../path/resolve.ts';
import { may } from '../roles.ts';
import type { Sight } from '../sight.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';
import { begin } from './begin.ts';
import { forceBulk } from './bulk.ts';
import { restartOf } from './restart-order.ts';
import type { UspEffect, UspState } from './state.ts';

export type Ask = NonNullable<Request['operate']>;
export type Result = NonNullable<NonNullable<ResponseDraft['operateResp']>['operationResults']>[number];

export type Operation = {
  readonly view: Model;
  readonly controller: Controller;
  readonly mono: number;
  readonly log: readonly string[];
  readonly sight: Sight;
  /** What of the box can be started anew. */
  readonly restartable: NonNullable<Sight['restartable']>;
};

export type Operated = {
  readonly state: UspState;
  readonly results: readonly Result[] | { readonly errCode: number; readonly errMsg: string; readonly path: string };
  readonly effects: readonly UspEffect[];
  /** Controllers that are to be told that this agent is here. */
  readonly introduce: readonly number[];
  /** Requests that end here. */
  readonly cancel: readonly number[];
  readonly outcome: number;
};

const MOST_RESTARTS = 10;
const LINES = 50;
const MOST_LINES = 200;

/** Operate (TR-369 1.4): an error only where the path is none; what a command cannot do stands in its result (R-OPR.1). */
export function operate(before: UspState, ask: Ask, operation: Operation): Operated {
  const found = resolve(operation.view, ask.command);
  const none = { state: before, effects: [], introduce: [], cancel: [] };
  if (isFailure(found)) return { ...none, results: found, outcome: found.errCode };
  const name = found.path.leaf ?? '';
  let done: Operated = { ...none, results: [], outcome: 0 };
  for (const place of found.at) {
    const command = operation.view.types.get(typePath(place))?.commands?.[name];
    if (command === undefined || !operation.view.rows.has(place)) {
      const failure = fails(7026, ask.command, 'there is no such command');
      return { ...none, results: failure, outcome: failure.errCode };
    }
    const [next, result] = runOne(done, { place, name, command }, ask, operation);
    done = { ...next, results: [...(Array.isArray(done.results) ? done.results : []), result] };
  }
  return done;
}

export type Called = { readonly place: string; readonly name: string; readonly command: CommandType };

function runOne(done: Operated, called: Called, ask: Ask, operation: Operation): readonly [Operated, Result] {
  const { place, name, command } = called;
  const executedCommand = `${place}${name}`;
  const refuse = (code: Code, why = ''): readonly [Operated, Result] => {
    const { errCode, errMsg } = fails(code, executedCommand, why);
    return [
      { ...done, outcome: errCode },
      { executedCommand, cmdFailure: { errCode, errMsg } },
    ];
  };
  const right = { type: `${typePath(place)}${name}`, path: executedCommand };
  if (!may(operation.controller, 'command', 'x', right)) return refuse(7006);
  const missing = (command.required ?? []).find((argument) => ask.inputArgs[argument] === undefined);
  if (missing !== undefined) return refuse(7027, `${missing} is missing`);
  if (command.asynchronous) return begin(done, called, ask, operation, refuse);
  const output = (outputArgs: Values): Result => ({ executedCommand, reqOutputArgs: { outputArgs } });
  switch (name) {
    case 'SendOnBoardRequest()': {
      const number = Number(place.split('.').at(-2));
      return [{ ...done, introduce: [...done.introduce, number] }, output({})];
    }
    case 'Reboot()':
    case 'X_RELAIS_Restart()': {
      const restart = restartOf(name, ask, operation);
      if ('refused' in restart) return refuse(restart.code, restart.refused);
      const { book } = done.state;
      const ends = restart.of === 'Agent' || restart.of === 'Box';
      const restarts = [...(book.restarts ?? []), restart].slice(-MOST_RESTARTS);
      const told = ends ? { restart: { commandKey: ask.commandKey, reason: restart.reason } } : {};
      const run: UspEffect = { do: 'start-anew', restart };
      const state = { ...done.state, book: { ...book, ...told, restarts } };
      return [{ ...done, state, effects: [...done.effects, run] }, output({})];
    }
    case 'Cancel()': {
      const number = Number(place.split('.').at(-2));
      const going = done.state.going.find((one) => one.number === number);
      if (going?.due === undefined && going?.windows === undefined)
        return refuse(7022, 'only a timer, and an activation that has not begun, can be called off');
      return [{ ...done, cancel: [...done.cancel, number] }, output({})];
    }
    case 'ForceCollection()':
      return [{ ...done, state: forceBulk(done.state, place) }, output({})];
    case 'X_RELAIS_LogTail()': {
      const lines = Number(ask.inputArgs.Lines ?? LINES);
      if (!Number.isInteger(lines) || lines < 1 || lines > MOST_LINES) return refuse(7027, `Lines: 1 to ${MOST_LINES}`);
      return [done, output({ Lines: operation.log.slice(-lines).join('\n') })];
    }
    case 'Confirm()': {
      const services = operation.view.rows.get(place)?.values ?? {};
      const change = Number(ask.inputArgs.Change);
      if (!Number.isInteger(change)) return refuse(7027, 'Change: the number that ChangeOnTrial says');
      if (services.State !== 'OnTrial' || services.ChangeOnTrial !== `${change}`)
        return refuse(
          7022,
          `change ${change} is not on trial; ChangeOnTrial is ${services.ChangeOnTrial}, ${services.State}`,
        );
      return [{ ...done, effects: [...done.effects, { do: 'confirm', change }] }, output({})];
    }
    case 'Restore()': {
      const to = (ask.inputArgs.To ?? 'Standard').toLowerCase();
      if (to !== 'standard' && to !== 'committed') return refuse(7027, 'To: Standard or Committed');
      const state = operation.view.rows.get(place)?.values.State;
      if (state !== 'Committed') return refuse(7022, 'a change is not over, or nothing is managed');
      const effect: UspEffect = { do: 'restore', by: operation.controller.endpoint, to };
      return [{ ...done, effects: [...done.effects, effect] }, output({})];
    }
    default:
      return refuse(7022);
  }
}

/** Whose row of `Device.LocalAgent.Controller.` an object belongs to. */
export const ownerOf = (path: string, controllers: readonly Controller[]): Controller | undefined =>
  controllers.find((one) => path.startsWith(`${controllerPath(one)}.`));
