import type { Controller } from '../controller.ts';
import { fails } from '../failure.ts';
import { type Row, typePath } from '../model/object-type.ts';
import { siteModel, TYPES, viewOf } from '../model/site-model.ts';
import { type Body, type Request, readMessage, type UspMessage } from '../wire/message.ts';
import { answerAdd } from './add.ts';
import { type Change, type Changed, refuse } from './change.ts';
import { answerDelete } from './delete.ts';
import { finish } from './finish.ts';
import { happen, PROTOCOLS } from './notify.ts';
import { introduceAnew, onboarded } from './onboard.ts';
import { operate } from './operate.ts';
import { answerGet, answerInstances, keysOf } from './read.ts';
import { servicesWanted } from './serve.ts';
import { answerSet } from './set.ts';
import type { Step, SupportAction, UspEffect, UspEvent, UspRules, UspState } from './state.ts';
import { answerSupported } from './supported.ts';

type Heard = Extract<UspEvent, { on: 'heard' }>;

/** Requests of one controller at once, and a second: a flood takes nothing from calls and records. */
const BURST = 100;
const A_SECOND = 50;
const LONGEST_PATH = 200;
const THE_AGENT = [{ of: 'Agent', name: '' }] as const;
const MOST_PATHS = 32;

/**
 * What came on a controller's own topic. Silence is the answer to what is not for this agent or not of that controller
 * (TR-369 1.4, R-MTP.5, R-SEC.0a): the topic proves who speaks, and a name that does not own it proves nothing.
 */
export function answer(state: UspState, event: Heard, rules: UspRules): Step {
  const controller = rules.controllers.find(({ number }) => number === event.controller);
  const { record } = event;
  if (controller === undefined || record.toId !== rules.agent || record.fromId === rules.agent) return [state, []];
  const patient = spend(state, controller, event.sight.mono);
  if (patient === undefined) return [state, []];
  // It costs the owner of the topic a turn: nobody fills the log by false names (security line 4).
  if (record.fromId !== controller.endpoint) {
    const what = 'somebody spoke in the name of another controller';
    return [
      patient,
      [{ do: 'alarm', what, controller: controller.number, from: record.fromId.slice(0, LONGEST_PATH) }],
    ];
  }
  if (record.payloadSecurity !== 0) return [patient, []];
  if (record.sessionContext !== undefined) return [patient, [{ do: 'end-session', controller: controller.number }]];
  const message = record.noSessionContext && readMessage(record.noSessionContext.payload);
  const msgId = message?.header?.msgId ?? '';
  if (message === undefined || msgId === '') return [patient, []];
  const request = message.body?.request;
  if (request === undefined) return settle(patient, controller, message, event.sight.mono);
  return answerRequest(patient, { controller, msgId, request, event, rules });
}

/** A bucket that fills again with time; nothing when it is empty. */
function spend(state: UspState, controller: Controller, mono: number): UspState | undefined {
  const left = turnsLeft(state, controller, mono);
  if (left < 1) return undefined;
  return { ...state, patience: { ...state.patience, [controller.number]: { left: left - 1, at: mono } } };
}

/** Would this controller be listened to at `mono` (ms, monotonic)? What it says otherwise needs not even be read. */
export const hasTurn = (state: UspState, controller: Controller, mono: number): boolean =>
  turnsLeft(state, controller, mono) >= 1;

function turnsLeft({ patience }: UspState, { number }: Controller, mono: number): number {
  const known = patience[number] ?? { left: BURST, at: mono };
  return Math.min(BURST, known.left + ((mono - known.at) * A_SECOND) / 1_000);
}

/** The answer to a notification, good or bad, ends its repetition. */
function settle(state: UspState, controller: Controller, { header, body }: UspMessage, mono: number): Step {
  const answered = body?.response?.notifyResp !== undefined || body?.error !== undefined;
  const notice = state.book.notices.find((one) => one.msgId === header?.msgId && one.controller === controller.number);
  if (!answered || notice === undefined) return [state, []];
  const book = { ...state.book, notices: state.book.notices.filter((one) => one !== notice) };
  if (notice.notify.onBoardReq === undefined) return [{ ...state, book }, []];
  return [onboarded({ ...state, book }, controller, mono), []];
}

type Asked = {
  readonly controller: Controller;
  readonly msgId: string;
  readonly request: Request;
  readonly event: Heard;
  readonly rules: UspRules;
};

function answerRequest(state: UspState, asked: Asked): Step {
  const { controller, request, msgId } = asked;
  const answered = (body: Body): Step => [state, [{ do: 'tell', controller: controller.number, msgId, body }]];
  const look = (only?: readonly string[]) => viewOf(siteModel(asked.event.sight, state, asked.rules, only), controller);
  const { get, getInstances, getSupportedDm, getSupportedProtocol } = request;
  if (get) return answered({ response: { getResp: answerGet(look(get.paramPaths), get) } });
  if (getInstances)
    return answered({ response: { getInstancesResp: answerInstances(look(getInstances.objPaths), getInstances) } });
  if (getSupportedDm) return answered({ response: { getSupportedDmResp: answerSupported(look(), getSupportedDm) } });
  if (getSupportedProtocol) {
    return answered({ response: { getSupportedProtocolResp: { agentSupportedProtocolVersions: PROTOCOLS } } });
  }
  if (request.operate) return answerOperate(state, asked, request.operate);
  const change = changeOf(state, asked);
  if (request.set) return changed(state, asked, 'set', answerSet(change, request.set));
  if (request.add) return changed(state, asked, 'add', answerAdd(change, request.add));
  if (request.delete) return changed(state, asked, 'delete', answerDelete(change, request.delete));
  return answered(errorOf(fails(7001, 'this message')));
}

const errorOf = ({ errCode, errMsg }: { readonly errCode: number; readonly errMsg: string }): Body => ({
  error: { errCode, errMsg },
});

function changeOf(state: UspState, { controller, event, rules }: Asked): Change {
  const all: Change['all'] = (book) => siteModel(event.sight, { ...state, book }, rules);
  const { controllers } = rules;
  return {
    controller,
    controllers,
    book: state.book,
    all,
    view: (book) => viewOf(all(book), controller),
    wall: event.sight.wall,
  };
}

/** The answer, the record of it (M-6), and what others are told of rows that came and went. */
function changed(before: UspState, asked: Asked, action: SupportAction['action'], answered: Changed): Step {
  const { controller, msgId, event, rules } = asked;
  const wanted = servicesWanted({ before: before.book, after: answered.book }, event.sight.services, rules.services);
  const failure = wanted !== undefined && 'errCode' in wanted ? wanted : undefined;
  const { path = '', errCode = 7002, errMsg = '' } = failure ?? {};
  const done = failure
    ? refuse(changeOf(before, asked), failure, [{ paramPath: path, errCode, errMsg }], answered.paths)
    : answered;
  let state: UspState = { ...before, book: done.book };
  const effects: UspEffect[] = [
    recordOf(asked, action, done.paths, done.outcome),
    ...(wanted !== undefined && !('errCode' in wanted)
      ? [{ do: 'serve', by: controller.endpoint, ...wanted } as const]
      : []),
    { do: 'tell', controller: controller.number, msgId, body: done.body },
  ];
  const tell = (type: 'ObjectCreation' | 'ObjectDeletion', row: Row): void => {
    const { path } = row;
    const told =
      type === 'ObjectCreation'
        ? { objCreation: { objPath: path, uniqueKeys: keysOf(row) } }
        : { objDeletion: { objPath: path } };
    const [next, more] = happen(state, { type, path, told }, rules, event);
    state = next;
    effects.push(...more);
  };
  for (const row of done.created) tell('ObjectCreation', row);
  for (const row of done.deleted) tell('ObjectDeletion', row);
  return [state, effects];
}

function answerOperate(before: UspState, asked: Asked, ask: NonNullable<Request['operate']>): Step {
  const { controller, msgId, event, rules } = asked;
  const view = viewOf(siteModel(event.sight, before, rules), controller);
  const { sight, log } = event;
  const { mono, restartable = THE_AGENT } = sight;
  const done = operate(before, ask, { view, controller, mono, restartable, log, sight });
  const body: Body =
    'errCode' in done.results
      ? errorOf(done.results)
      : { response: { operateResp: { operationResults: done.results } } };
  const tell: UspEffect = { do: 'tell', controller: controller.number, msgId, body };
  // What is no command at all is said even to those who want no answer.
  const says = ask.sendResp || 'error' in body ? [tell] : [];
  let state = done.state;
  const effects: UspEffect[] = [...deedOf(asked, ask, done.outcome), ...says, ...done.effects];
  for (const number of done.cancel) {
    const { errCode, errMsg } = fails(7023, ask.command);
    const [next, more] = finish(state, number, { cmdFailure: { errCode, errMsg } }, event, rules);
    state = next;
    effects.push(...more);
  }
  for (const number of done.introduce) {
    const whom = rules.controllers.find((one) => one.number === number);
    if (whom === undefined) continue;
    const [next, more] = introduceAnew(state, whom, event);
    state = next;
    effects.push(...more);
  }
  return [state, effects];
}

/** A piece of a document is part of what was recorded with its length and hash; the refusal of one is a deed of its own. */
function deedOf(asked: Asked, ask: NonNullable<Request['operate']>, outcome: number): readonly UspEffect[] {
  const cut = ask.command.lastIndexOf('.') + 1;
  const type = TYPES.get(typePath(ask.command.slice(0, cut)))?.commands?.[ask.command.slice(cut)];
  if (type?.carriesOn && outcome === 0) return [];
  const named = (type?.recorded ?? []).map((name) => `${name}=${ask.inputArgs[name] ?? ''}`);
  return [recordOf(asked, 'operate', [ask.command, ...named], outcome)];
}

const recordOf = (
  { controller, msgId }: Asked,
  action: SupportAction['action'],
  paths: readonly string[],
  outcome: number,
): UspEffect => ({
  do: 'record',
  action: {
    by: controller.endpoint,
    action,
    message: msgId.slice(0, LONGEST_PATH),
    paths: paths.slice(0, MOST_PATHS).map((path) => path.slice(0, LONGEST_PATH)),
    outcome,
  },
});
