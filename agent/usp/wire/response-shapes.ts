import { choice, fixed32, flag, many, map, maybe, number, text } from './shape.ts';

/* Numbers of `usp-msg-1-4.proto` (TR-369 1.4). */

const Failure = { errCode: fixed32(1), errMsg: text(2) } as const;
const ParameterError = { param: text(1), errCode: fixed32(2), errMsg: text(3) } as const;
const requested = { requestedPath: text(1), errCode: fixed32(2), errMsg: text(3) } as const;

const GetResponse = {
  reqPathResults: many(1, {
    ...requested,
    resolvedPathResults: many(4, { resolvedPath: text(1), resultParams: map(2) }),
  }),
} as const;

const SupportedObject = {
  supportedObjPath: text(1),
  access: number(2),
  isMultiInstance: flag(3),
  supportedCommands: many(4, {
    commandName: text(1),
    inputArgNames: many(2, 'text'),
    outputArgNames: many(3, 'text'),
    commandType: number(4),
  }),
  supportedEvents: many(5, { eventName: text(1), argNames: many(2, 'text') }),
  supportedParams: many(6, { paramName: text(1), access: number(2), valueType: number(3), valueChange: number(4) }),
  divergentPaths: many(7, 'text'),
  uniqueKeySets: many(8, { keyNames: many(1, 'text') }),
} as const;

const SupportedResponse = {
  reqObjResults: many(1, {
    reqObjPath: text(1),
    errCode: fixed32(2),
    errMsg: text(3),
    dataModelInstUri: text(4),
    supportedObjs: many(5, SupportedObject),
  }),
} as const;

const InstancesResponse = {
  reqPathResults: many(1, {
    ...requested,
    currInsts: many(4, { instantiatedObjPath: text(1), uniqueKeys: map(2) }),
  }),
} as const;

const SetResponse = {
  updatedObjResults: many(1, {
    requestedPath: text(1),
    operStatus: maybe(2, {
      operFailure: choice(1, {
        ...Failure,
        updatedInstFailures: many(3, { affectedPath: text(1), paramErrs: many(2, ParameterError) }),
      }),
      operSuccess: choice(2, {
        updatedInstResults: many(1, {
          affectedPath: text(1),
          paramErrs: many(2, ParameterError),
          updatedParams: map(3),
        }),
      }),
    }),
  }),
} as const;

const AddResponse = {
  createdObjResults: many(1, {
    requestedPath: text(1),
    operStatus: maybe(2, {
      operFailure: choice(1, Failure),
      operSuccess: choice(2, { instantiatedPath: text(1), paramErrs: many(2, ParameterError), uniqueKeys: map(3) }),
    }),
  }),
} as const;

const DeleteResponse = {
  deletedObjResults: many(1, {
    requestedPath: text(1),
    operStatus: maybe(2, {
      operFailure: choice(1, Failure),
      operSuccess: choice(2, {
        affectedPaths: many(1, 'text'),
        unaffectedPathErrs: many(2, { unaffectedPath: text(1), errCode: fixed32(2), errMsg: text(3) }),
      }),
    }),
  }),
} as const;

const OperateResponse = {
  operationResults: many(1, {
    executedCommand: text(1),
    reqObjPath: choice(2, 'text'),
    reqOutputArgs: choice(3, { outputArgs: map(1) }),
    cmdFailure: choice(4, Failure),
  }),
} as const;

export const ResponseShape = {
  getResp: choice(1, GetResponse),
  getSupportedDmResp: choice(2, SupportedResponse),
  getInstancesResp: choice(3, InstancesResponse),
  setResp: choice(4, SetResponse),
  addResp: choice(5, AddResponse),
  deleteResp: choice(6, DeleteResponse),
  operateResp: choice(7, OperateResponse),
  notifyResp: choice(8, { subscriptionId: text(1) }),
  getSupportedProtocolResp: choice(9, { agentSupportedProtocolVersions: text(1) }),
} as const;

export const ErrorShape = {
  errCode: fixed32(1),
  errMsg: text(2),
  paramErrs: many(3, { paramPath: text(1), errCode: fixed32(2), errMsg: text(3) }),
} as const;
