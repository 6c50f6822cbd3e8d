import { choice, fixed32, flag, many, map, text } from './shape.ts';

/* Numbers of `usp-msg-1-4.proto` (TR-369 1.4). */

const Get = { paramPaths: many(1, 'text'), maxDepth: fixed32(2) } as const;

const GetSupportedDM = {
  objPaths: many(1, 'text'),
  firstLevelOnly: flag(2),
  returnCommands: flag(3),
  returnEvents: flag(4),
  returnParams: flag(5),
  returnUniqueKeySets: flag(6),
} as const;

const GetInstances = { objPaths: many(1, 'text'), firstLevelOnly: flag(2) } as const;

const Setting = { param: text(1), value: text(2), required: flag(3) } as const;
const ObjectSettings = { objPath: text(1), paramSettings: many(2, Setting) } as const;
const SetRequest = { allowPartial: flag(1), updateObjs: many(2, ObjectSettings) } as const;
const Add = { allowPartial: flag(1), createObjs: many(2, ObjectSettings) } as const;
const Delete = { allowPartial: flag(1), objPaths: many(2, 'text') } as const;

const Operate = { command: text(1), commandKey: text(2), sendResp: flag(3), inputArgs: map(4) } as const;

const Failure = { errCode: fixed32(1), errMsg: text(2) } as const;

const Notify = {
  subscriptionId: text(1),
  sendResp: flag(2),
  event: choice(3, { objPath: text(1), eventName: text(2), params: map(3) }),
  valueChange: choice(4, { paramPath: text(1), paramValue: text(2) }),
  objCreation: choice(5, { objPath: text(1), uniqueKeys: map(2) }),
  objDeletion: choice(6, { objPath: text(1) }),
  operComplete: choice(7, {
    objPath: text(1),
    commandName: text(2),
    commandKey: text(3),
    reqOutputArgs: choice(4, { outputArgs: map(1) }),
    cmdFailure: choice(5, Failure),
  }),
  onBoardReq: choice(8, {
    oui: text(1),
    productClass: text(2),
    serialNumber: text(3),
    agentSupportedProtocolVersions: text(4),
  }),
} as const;

const Paths = { allowPartial: flag(1) } as const;

export const RequestShape = {
  get: choice(1, Get),
  getSupportedDm: choice(2, GetSupportedDM),
  getInstances: choice(3, GetInstances),
  set: choice(4, SetRequest),
  add: choice(5, Add),
  delete: choice(6, Delete),
  operate: choice(7, Operate),
  notify: choice(8, Notify),
  getSupportedProtocol: choice(9, { controllerSupportedProtocolVersions: text(1) }),
  /** For brokers of USP alone; answered with 7001. */
  register: choice(10, Paths),
  deregister: choice(11, {}),
} as const;
