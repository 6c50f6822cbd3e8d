import { type Controller, controllerPath } from '../controller.ts';
import { type Code, fails, isFailure } from '../failure.ts';
import { REQUESTS } from '../model/bind-agent.ts';
import { FAX } from '../model/bind-fax.ts';
import type { Model } from '../model/model.ts';
import type { CommandType, Values } from '../model/object-type.ts';
import { typePath } from '../model/object-type.ts';
import { resolve } from '../path/resolve.ts';
import { may } from '../roles.ts';
import type { Sight } from '../sight.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';
import { forceBulk } from './bulk.ts';
import { type FaxOrder, readFaxOrder } from './fax-order.ts';
import { activationOf, downloadOf } from './release-order.ts';
import { restartOf } from './restart-order.ts';
import type { Going, UspEffect, UspState } from './state.ts';
import { workOf } from './work-of.ts';

type Ask = NonNullable<Request['operate']>;
type Result = NonNullable<NonNullable<ResponseDraft['operateResp']>['operationResults']>[number];

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

const MOST_GOING = 20;
const IMAGES = 'Device.DeviceInfo.FirmwareImage.';
const MOST_DOCUMENTS = 40;
const DOCUMENTS = `${FAX}Document.`;
const MOST_RESTARTS = 10;
const LINES = 50;
const MOST_LINES = 200;
const LONGEST_TIMER = 31_536_000;

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

type Called = { readonly place: string; readonly name: string; readonly command: CommandType };

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

/** A command that goes on has a row of its own until it ends (TR-369 1.4, R-OPR.4). */
function begin(
  done: Operated,
  { place, name }: Called,
  ask: Ask,
  operation: Operation,
  refuse: (code: Code, why?: string) => readonly [Operated, Result],
): readonly [Operated, Result] {
  const { state } = done;
  const { controller, mono, sight } = operation;
  const seconds = Number(ask.inputArgs.DelaySeconds);
  const timer = name === 'ScheduleTimer()';
  if (timer && (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TIMER))
    return refuse(7027, 'DelaySeconds');
  const number = (state.book.last[REQUESTS] ?? 0) + 1;
  const request = { number, controller: controller.number, command: `${place}${name}`, commandKey: ask.commandKey };
  const last = state.book.last[DOCUMENTS] ?? 0;
  const faxed = readFaxOrder(sight.fax, { ...{ place, name, input: ask.inputArgs, controller, request, last } });
  if (faxed !== undefined && 'refused' in faxed) return refuse(7027, faxed.refused);
  const { document } = faxed ?? {};
  if (isBusy(state.going, document)) return refuse(7005);
  const going: Going = {
    ...request,
    ...(timer ? { due: mono + seconds * 1_000 } : {}),
    ...(document === undefined ? {} : { document }),
  };
  const numbers = { [REQUESTS]: number, ...(document === undefined ? {} : { [DOCUMENTS]: Math.max(last, document) }) };
  const book = { ...state.book, last: { ...state.book.last, ...numbers } };
  const work = faxed
    ? { run: orderOf(faxed.order, number) }
    : timer
      ? { run: [] }
      : begun({ place, name, request: number, input: ask.inputArgs }, operation);
  if ('wrong' in work) return refuse(work.code, work.wrong);
  const next = {
    ...done,
    state: { ...state, book, going: [...state.going, { ...going, ...('going' in work ? work.going : {}) }] },
    effects: [...done.effects, ...work.run],
  };
  return [next, { executedCommand: going.command, reqObjPath: `${REQUESTS}${number}.` }];
}

/** What a command sets going at once, and what is noted of it. */
function begun(ordered: { readonly place: string } & Parameters<typeof workOf>[0], operation: Operation) {
  const { view, controller, mono, sight } = operation;
  if (ordered.name === 'Activate()') return activationOf(ordered, { view, mono });
  if (ordered.place.startsWith(IMAGES)) return downloadOf(ordered, { view, controller, wall: sight.wall });
  const run = workOf(ordered, operation);
  return 'wrong' in run ? run : { run };
}

/** Commands that wait for the end of a document take no turn of others. */
function isBusy(going: readonly Going[], document: number | undefined): boolean {
  const waiting = going.filter((one) => one.document !== undefined).length;
  return document === undefined ? going.length - waiting >= MOST_GOING : waiting >= MOST_DOCUMENTS;
}

/** A document that is known already only waits once more for its end. */
const orderOf = (order: FaxOrder | undefined, request: number): readonly UspEffect[] =>
  order === undefined ? [] : [{ do: 'fax', order, request }];

/** Whose row of `Device.LocalAgent.Controller.` an object belongs to. */
export const ownerOf = (path: string, controllers: readonly Controller[]): Controller | undefined =>
  controllers.find((one) => path.startsWith(`${controllerPath(one)}.`));
