import { isOver } from '../../model/fax-documents.ts';
import { endOf, FAX } from '../model/bind-fax.ts';
import { writeDateTime } from '../model/bind-site.ts';
import { typePath } from '../model/object-type.ts';
import { TYPES } from '../model/site-model.ts';
import type { Going } from './going.ts';
import { happen } from './notify.ts';
import type { Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';

type Outcome =
  | { readonly reqOutputArgs: { readonly outputArgs: Readonly<Record<string, string>> } }
  | { readonly cmdFailure: { readonly errCode: number; readonly errMsg: string } };

export function outcomeOf({ output, refusal }: Extract<UspEvent, { on: 'finished' }>): Outcome {
  if (refusal === undefined) return { reqOutputArgs: { outputArgs: output } };
  return { cmdFailure: { errCode: 7022, errMsg: refusal } };
}

/** Documents that are over end the commands that wait for them. */
export function endDocuments(before: UspState, event: UspEvent, rules: UspRules): Step {
  let state = before;
  const effects: UspEffect[] = [];
  for (const { number, document } of before.going) {
    const found = event.sight.fax?.documents.find((one) => one.number === document);
    if (found === undefined || !isOver(found)) continue;
    const output = { Document: `${FAX}Document.${found.number}.`, ...endOf(found) };
    const [next, more] = finish(state, number, { reqOutputArgs: { outputArgs: output } }, event, rules);
    state = next;
    effects.push(...more);
  }
  return [state, effects];
}

/** A command ends: its Request row goes, and whoever subscribed to its end hears of it (TR-369 1.4, R-OPR.4). */
export function finish(before: UspState, request: number, outcome: Outcome, event: UspEvent, rules: UspRules): Step {
  const going = before.going.find(({ number }) => number === request);
  if (going === undefined) return [before, []];
  const cut = going.command.lastIndexOf('.') + 1;
  const state = { ...before, going: before.going.filter((one) => one !== going) };
  const told = {
    operComplete: {
      ...{ objPath: going.command.slice(0, cut), commandName: going.command.slice(cut) },
      ...{ commandKey: going.commandKey, ...outcome },
    },
  };
  const place = going.command.slice(0, cut);
  const secret = TYPES.get(typePath(place))?.commands?.[going.command.slice(cut)]?.secret === true;
  const only = secret ? { only: going.controller, secret } : {};
  const [ended, effects] = happen(
    state,
    { type: 'OperationComplete', path: going.command, told, ...only },
    rules,
    event,
  );
  if (going.transfer === undefined) return [ended, effects];
  const [next, more] = transferred(ended, going, outcome, event, rules);
  return [next, [...effects, ...more]];
}

/** `TransferComplete!` of TR-181: a file came, or did not. */
function transferred(state: UspState, going: Going, outcome: Outcome, event: UspEvent, rules: UspRules): Step {
  const { command, commandKey, transfer } = going;
  const failure = 'cmdFailure' in outcome ? outcome.cmdFailure : undefined;
  const params = {
    ...{ Command: command, CommandKey: commandKey, Requestor: transfer?.by ?? '', TransferType: 'Download' },
    ...{ Affected: command.slice(0, command.lastIndexOf('.')), TransferURL: transfer?.url ?? '' },
    ...{ StartTime: writeDateTime(transfer?.began ?? 0), CompleteTime: writeDateTime(event.sight.wall) },
    ...{ FaultCode: `${failure?.errCode ?? 0}`, FaultString: (failure?.errMsg ?? '').slice(0, 256) },
    ...{ CheckSumAlgorithm: transfer?.checkSum?.algorithm ?? 'Unknown', CheckSum: transfer?.checkSum?.value ?? '' },
  };
  const told = { event: { objPath: 'Device.LocalAgent.', eventName: 'TransferComplete!', params } };
  return happen(state, { type: 'Event', path: 'Device.LocalAgent.TransferComplete!', told }, rules, event);
}
