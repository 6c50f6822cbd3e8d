import type { SupportRole } from '../../../agent/model/management.ts';
import { type createDesk, get } from './desk.ts';

export type Desk = ReturnType<typeof createDesk>;

/** All values below these paths, by their full names, as one role reads them through the messages of USP. */
export function valuesOf(desk: Desk, role: SupportRole, ...paths: readonly string[]): Readonly<Record<string, string>> {
  const results = desk.ask(get(...paths), role).response?.getResp?.reqPathResults ?? [];
  return Object.fromEntries(
    results.flatMap(({ resolvedPathResults }) =>
      resolvedPathResults.flatMap(({ resolvedPath, resultParams }) =>
        Object.entries(resultParams).map(([name, value]) => [`${resolvedPath}${name}`, value] as const),
      ),
    ),
  );
}

type Outcome = { readonly errCode?: number; readonly errMsg?: string; readonly reqObjPath?: string };

/** Runs a command; its code where it failed, and the row of the request where it goes on. */
export function operate(
  desk: Desk,
  command: string,
  inputArgs: Readonly<Record<string, string>> = {},
  role: SupportRole = 'support-2',
): Outcome {
  const { response, error } = desk.ask({ operate: { command, commandKey: 'key', sendResp: true, inputArgs } }, role);
  const result = response?.operateResp?.operationResults[0];
  const { errCode, errMsg } = result?.cmdFailure ?? error ?? {};
  return {
    ...(errCode === undefined ? {} : { errCode, errMsg: errMsg ?? '' }),
    ...(result?.reqObjPath ? { reqObjPath: result.reqObjPath } : {}),
  };
}

/** Subscribes a role, and answers what it is told from then on. */
export function subscribe(desk: Desk, type: string, references: string, role: SupportRole = 'support-2'): void {
  const values = {
    ID: `${type} ${references}`.slice(0, 64),
    Enable: 'true',
    NotifType: type,
    ReferenceList: references,
  };
  const paramSettings = Object.entries(values).map(([param, value]) => ({ param, value, required: true }));
  const { error } = desk.ask(
    { add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.', paramSettings }] } },
    role,
  );
  if (error !== undefined) throw new Error(error.errMsg);
}
