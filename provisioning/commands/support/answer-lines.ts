import type { Response } from '../../../agent/usp/wire/message.ts';

export type Said = { readonly out: readonly string[]; readonly err: readonly string[] };

/** An answer in lines: what is, or was done, to be read; what could not be, with the code of TR-369. */
export function answerLines(response: Response): Said {
  const out: string[] = [];
  const err: string[] = [];
  const failed = (path: string, { errCode, errMsg }: { readonly errCode: number; readonly errMsg: string }): void => {
    err.push(`${path}: ${errCode} ${errMsg}`);
  };
  for (const result of response.getResp?.reqPathResults ?? []) {
    if (result.errCode !== 0) failed(result.requestedPath, result);
    for (const { resolvedPath, resultParams } of result.resolvedPathResults)
      out.push(...valueLines(resolvedPath, resultParams));
  }
  for (const result of response.getInstancesResp?.reqPathResults ?? []) {
    if (result.errCode !== 0) failed(result.requestedPath, result);
    for (const { instantiatedObjPath, uniqueKeys } of result.currInsts) {
      out.push(
        `${instantiatedObjPath}  ${Object.entries(uniqueKeys)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ')}`,
      );
    }
  }
  for (const result of response.getSupportedDmResp?.reqObjResults ?? []) {
    if (result.errCode !== 0) failed(result.reqObjPath, result);
    for (const object of result.supportedObjs) {
      out.push(object.supportedObjPath);
      for (const { paramName, access } of object.supportedParams)
        out.push(`  ${paramName}${access === 0 ? '' : '  (writable)'}`);
      for (const { commandName, inputArgNames } of object.supportedCommands)
        out.push(`  ${commandName} ${inputArgNames.join(' ')}`.trimEnd());
      for (const { eventName } of object.supportedEvents) out.push(`  ${eventName}`);
    }
  }
  for (const { requestedPath, operStatus } of response.setResp?.updatedObjResults ?? []) {
    if (operStatus?.operFailure) failed(requestedPath, operStatus.operFailure);
    for (const { affectedPath, updatedParams, paramErrs } of operStatus?.operSuccess?.updatedInstResults ?? []) {
      out.push(...valueLines(affectedPath, updatedParams));
      for (const one of paramErrs) failed(`${affectedPath}${one.param}`, one);
    }
  }
  for (const { requestedPath, operStatus } of response.addResp?.createdObjResults ?? []) {
    if (operStatus?.operFailure) failed(requestedPath, operStatus.operFailure);
    if (operStatus?.operSuccess) out.push(`made ${operStatus.operSuccess.instantiatedPath}`);
    for (const one of operStatus?.operSuccess?.paramErrs ?? []) failed(`${requestedPath}${one.param}`, one);
  }
  for (const { requestedPath, operStatus } of response.deleteResp?.deletedObjResults ?? []) {
    if (operStatus?.operFailure) failed(requestedPath, operStatus.operFailure);
    for (const path of operStatus?.operSuccess?.affectedPaths ?? []) out.push(`deleted ${path}`);
  }
  for (const { executedCommand, reqObjPath, reqOutputArgs, cmdFailure } of response.operateResp?.operationResults ??
    []) {
    if (cmdFailure) failed(executedCommand, cmdFailure);
    else out.push(reqObjPath === undefined ? `done ${executedCommand}` : `begun ${executedCommand}, see ${reqObjPath}`);
    for (const [name, value] of Object.entries(reqOutputArgs?.outputArgs ?? {}))
      out.push(`${name}:`, ...value.split('\n').map((line) => `  ${line}`));
  }
  return { out, err };
}

const valueLines = (path: string, values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).map(([name, value]) => `${path}${name} = ${value}`);
