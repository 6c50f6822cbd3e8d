import type { Notify } from '../../../agent/usp/wire/message.ts';
import type { OpenController } from '../../support/open-controller.ts';
import { DONE, FAILED, type Terminal } from '../command.ts';

/** What is followed when nothing is named. */
const CHANGES = 'Device.X_RELAIS_Reliability.,Device.IP.Interface.*.Status';
const EVENTS = 'Device.Boot!,Device.LocalAgent.Periodic!';

/** Subscribes, says what comes until the operator ends it, and takes the subscriptions back. */
export async function followEvents(
  link: OpenController,
  device: string,
  paths: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const named = (which: RegExp): string => paths.filter((path) => which.test(path)).join(',');
  const wanted = [
    { type: 'ValueChange', references: paths.length === 0 ? CHANGES : named(/[^!)]$/) },
    { type: 'Event', references: paths.length === 0 ? EVENTS : named(/!$/) },
    { type: 'OperationComplete', references: named(/\)$/) },
  ].filter(({ references }) => references !== '');
  const createObjs = wanted.map(({ type, references }) => ({
    objPath: 'Device.LocalAgent.Subscription.',
    paramSettings: [
      { param: 'Enable', value: 'true', required: true },
      { param: 'NotifType', value: type, required: true },
      { param: 'ReferenceList', value: references, required: true },
    ],
  }));
  const reply = await link.ask(device, { add: { allowPartial: false, createObjs } });
  if (reply.is !== 'response') {
    terminal.err(`relais support: ${device}: ${reply.is === 'silence' ? 'no answer' : reply.error.errMsg}`);
    return FAILED;
  }
  const made = (reply.response.addResp?.createdObjResults ?? []).flatMap(
    ({ operStatus }) => operStatus?.operSuccess?.instantiatedPath ?? [],
  );
  terminal.err(`following ${wanted.map(({ references }) => references).join(' and ')}`);
  await terminal.stopped();
  await link.ask(device, { delete: { allowPartial: true, objPaths: made } });
  return DONE;
}

/** One line for what a device tells. */
export function notifyLine(device: string, notify: Notify, json: boolean): string {
  if (json) return JSON.stringify({ device, ...notify });
  return `${device}  ${wordsOf(notify)}`;
}

function wordsOf({ event, valueChange, objCreation, objDeletion, operComplete, onBoardReq }: Notify): string {
  if (valueChange) return `${valueChange.paramPath} = ${valueChange.paramValue}`;
  if (event) {
    const says = Object.entries(event.params).filter(([, value]) => value !== '');
    return [`${event.objPath}${event.eventName}`, ...says.map(([name, value]) => `${name}=${value}`)].join(' ');
  }
  if (objCreation) return `made ${objCreation.objPath}`;
  if (objDeletion) return `deleted ${objDeletion.objPath}`;
  if (operComplete) {
    const { objPath, commandName, cmdFailure, reqOutputArgs } = operComplete;
    const end = cmdFailure ? `failed: ${cmdFailure.errCode} ${cmdFailure.errMsg}` : 'done';
    const says = Object.entries(reqOutputArgs?.outputArgs ?? {}).map(([name, value]) => `${name}=${value}`);
    return [`${objPath}${commandName} ${end}`, ...says].join(' ');
  }
  return onBoardReq ? `asks to be taken on: ${onBoardReq.serialNumber}` : 'something that this program does not know';
}
