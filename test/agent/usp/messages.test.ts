import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestDraft } from '../../../agent/usp/wire/message.ts';
import { createDesk, get, required } from './desk.ts';

const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';
let desk: ReturnType<typeof createDesk>;
beforeEach(() => {
  desk = createDesk();
});

const add = (allowPartial: boolean, ...all: readonly Readonly<Record<string, string>>[]): RequestDraft => ({
  add: { allowPartial, createObjs: all.map((values) => ({ objPath: SUBSCRIPTION, paramSettings: required(values) })) },
});
const set = (
  allowPartial: boolean,
  ...all: readonly (readonly [path: string, values: Readonly<Record<string, string>>])[]
): RequestDraft => ({
  set: { allowPartial, updateObjs: all.map(([objPath, values]) => ({ objPath, paramSettings: required(values) })) },
});
const remove = (allowPartial: boolean, ...objPaths: readonly string[]): RequestDraft => ({
  delete: { allowPartial, objPaths },
});
const made = (values: Readonly<Record<string, string>>): string =>
  desk.ask(add(false, values)).response?.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath ?? '';
/** Requested paths with their codes and values. */
const values = (...paths: readonly string[]) =>
  (desk.ask(get(...paths)).response?.getResp?.reqPathResults ?? []).map(({ errCode, resolvedPathResults }) =>
    errCode !== 0
      ? errCode
      : Object.fromEntries(resolvedPathResults.map(({ resolvedPath, resultParams }) => [resolvedPath, resultParams])),
  );
const rows = (): readonly string[] => Object.keys(desk.state().book.rows);

describe('Add (TR-369 1.4)', () => {
  it('TP-469 1.1, 1.2, 1.5, 1.81: makes objects, with keys of their own where none are named', () => {
    const { response } = desk.ask(add(false, { ID: 'one', Enable: 'true' }, {}));
    const results = response?.addResp?.createdObjResults ?? [];
    expect(results.map(({ operStatus }) => operStatus?.operSuccess)).toEqual([
      {
        instantiatedPath: `${SUBSCRIPTION}1.`,
        paramErrs: [],
        uniqueKeys: { Alias: 'cpe-1', ID: 'one', Recipient: 'Device.LocalAgent.Controller.2' },
      },
      {
        instantiatedPath: `${SUBSCRIPTION}2.`,
        paramErrs: [],
        uniqueKeys: { Alias: 'cpe-2', ID: 'cpe-2', Recipient: 'Device.LocalAgent.Controller.2' },
      },
    ]);
  });

  it('TP-469 1.3, 1.4, 1.6, 1.7, 1.88: all or none, and the error names the path and the parameter', () => {
    const wrong = desk.ask(add(false, { ID: 'good' }, { ID: 'bad', Enable: 'perhaps' })).error;
    expect([wrong?.errCode, wrong?.paramErrs.map(({ paramPath, errCode }) => [paramPath, errCode])]).toEqual([
      7021,
      [[`${SUBSCRIPTION}2.Enable`, 7012]],
    ]);
    const unknown = desk.ask({
      add: { createObjs: [{ objPath: SUBSCRIPTION }, { objPath: 'Device.LocalAgent.InvalidObject.' }] },
    }).error;
    expect(unknown?.paramErrs.map(({ paramPath, errCode }) => [paramPath, errCode])).toEqual([
      ['Device.LocalAgent.InvalidObject.', 7026],
    ]);
    made({ ID: 'one', Alias: 'taken' });
    expect(desk.ask(add(false, { Alias: 'taken' })).error?.paramErrs[0]?.errCode).toBe(7025);
    expect(rows()).toEqual([`${SUBSCRIPTION}1.`]);
  });

  it('TP-469 1.8, 1.9: with allow_partial each for itself', () => {
    const { response } = desk.ask(add(true, { ID: 'good' }, { ID: 'bad', Enable: 'perhaps' }));
    expect(response?.addResp?.createdObjResults.map(({ operStatus }) => operStatus?.operFailure?.errCode ?? 0)).toEqual(
      [0, 7021],
    );
    expect(rows()).toEqual([`${SUBSCRIPTION}1.`]);
  });

  it('never gives a number twice, and refuses tables that are not made by controllers', () => {
    made({ ID: 'one' });
    desk.ask(remove(false, `${SUBSCRIPTION}1.`));
    expect(made({ ID: 'two' })).toBe(`${SUBSCRIPTION}2.`);
    expect(desk.ask({ add: { createObjs: [{ objPath: 'Device.IP.Interface.' }] } }).error?.errCode).toBe(7019);
    expect(desk.ask({ add: { createObjs: [{ objPath: 'Device.Time.' }] } }).error?.errCode).toBe(7018);
  });
});

describe('Set (TR-369 1.4)', () => {
  beforeEach(() => {
    for (const ID of ['one', 'two']) made({ ID });
  });

  it('TP-469 1.11, 1.13, 1.18, 1.19, 1.22: by number, by key, by wildcard and by search', () => {
    for (const path of ['1.', '[ID=="two"].', '*.', '[Enable==false&&TimeToLive<5].']) {
      const value = String(path.length);
      const result = desk.ask(set(false, [`${SUBSCRIPTION}${path}`, { NotifExpiration: value }])).response?.setResp
        ?.updatedObjResults[0];
      const updated = result?.operStatus?.operSuccess?.updatedInstResults ?? [];
      expect(updated.map(({ updatedParams }) => updatedParams)).toEqual(
        updated.map(() => ({ NotifExpiration: value })),
      );
      expect(updated).toHaveLength(/^[1[]/.test(path) && !path.includes('&&') ? 1 : 2);
    }
  });

  it('TP-469 1.14, 1.15, 1.20, 1.96, 1.104: without allow_partial nothing changes where one fails', () => {
    const errors = (request: RequestDraft) =>
      desk.ask(request).error?.paramErrs.map(({ paramPath, errCode }) => [paramPath, errCode]);
    expect(
      errors(set(false, [`${SUBSCRIPTION}1.`, { TimeToLive: '9' }], [`${SUBSCRIPTION}2.`, { InvalidParameter: 'x' }])),
    ).toEqual([[`${SUBSCRIPTION}2.InvalidParameter`, 7010]]);
    expect(errors(set(false, [`${SUBSCRIPTION}*.`, { InvalidParameter: 'x' }]))).toHaveLength(2);
    expect(errors(set(false, [`${SUBSCRIPTION}1.`, { ID: 'other' }]))).toEqual([[`${SUBSCRIPTION}1.ID`, 7013]]);
    expect(values(`${SUBSCRIPTION}*.TimeToLive`)).toEqual([
      { [`${SUBSCRIPTION}1.`]: { TimeToLive: '0' }, [`${SUBSCRIPTION}2.`]: { TimeToLive: '0' } },
    ]);
  });

  it('TP-469 1.12, 1.16, 1.17, 1.21, 1.23: with allow_partial object by object, not required parameters one by one', () => {
    const { response } = desk.ask(
      set(true, [`${SUBSCRIPTION}1.`, { TimeToLive: '9' }], [`${SUBSCRIPTION}2.`, { InvalidParameter: 'x' }]),
    );
    const [first, second] = response?.setResp?.updatedObjResults ?? [];
    expect(first?.operStatus?.operSuccess?.updatedInstResults[0]?.updatedParams).toEqual({ TimeToLive: '9' });
    expect(second?.operStatus?.operFailure?.updatedInstFailures[0]).toMatchObject({
      affectedPath: `${SUBSCRIPTION}2.`,
      paramErrs: [{ param: 'InvalidParameter' }],
    });
    const paramSettings = [
      { param: 'NotifRetry', value: '1' },
      { param: 'InvalidParameter', value: 'x' },
    ];
    const mixed = desk.ask({ set: { updateObjs: [{ objPath: `${SUBSCRIPTION}1.`, paramSettings }] } }).response;
    expect(mixed?.setResp?.updatedObjResults[0]?.operStatus?.operSuccess?.updatedInstResults[0]).toMatchObject({
      updatedParams: { NotifRetry: 'true' },
      paramErrs: [{ param: 'InvalidParameter', errCode: 7010 }],
    });
    const all = desk.ask(set(true, [`${SUBSCRIPTION}*.`, { InvalidParameter: 'x' }])).response?.setResp
      ?.updatedObjResults;
    expect(all?.map(({ operStatus }) => operStatus?.operFailure?.updatedInstFailures.length)).toEqual([2]);
    const none = desk.ask(set(true, [`${SUBSCRIPTION}[Recipient=="InvalidValue"].`, { NotifRetry: 'true' }])).response;
    expect(none?.setResp?.updatedObjResults[0]?.operStatus?.operSuccess).toEqual({ updatedInstResults: [] });
  });
});

describe('Delete (TR-369 1.4)', () => {
  beforeEach(() => {
    for (const ID of ['one', 'two', 'three']) made({ ID });
  });
  const affected = (request: RequestDraft) =>
    desk
      .ask(request)
      .response?.deleteResp?.deletedObjResults.map(
        ({ operStatus }) => operStatus?.operSuccess?.affectedPaths ?? operStatus?.operFailure?.errCode,
      );

  it('TP-469 1.24, 1.25, 1.27, 1.29, 1.32, 1.33, 1.34, 1.35, 1.90: what is there is deleted, what is gone is gone', () => {
    expect(affected(remove(false, `${SUBSCRIPTION}1.`, `${SUBSCRIPTION}9.`))).toEqual([[`${SUBSCRIPTION}1.`], []]);
    expect(affected(remove(true, `${SUBSCRIPTION}[ID=="two"].`))).toEqual([[`${SUBSCRIPTION}2.`]]);
    expect(affected(remove(false, `${SUBSCRIPTION}[ID=="two"].`))).toEqual([[]]);
    expect(affected(remove(false, `${SUBSCRIPTION}*.`))).toEqual([[`${SUBSCRIPTION}3.`]]);
    expect(rows()).toEqual([]);
  });

  it('TP-469 1.26, 1.28, 1.30, 1.31: an object that cannot be is an error, alone or of all', () => {
    const { error } = desk.ask(remove(false, `${SUBSCRIPTION}1.`, 'Device.LocalAgent.InvalidObject.'));
    expect(error?.paramErrs.map(({ paramPath }) => paramPath)).toEqual(['Device.LocalAgent.InvalidObject.']);
    expect(rows()).toHaveLength(3);
    expect(affected(remove(true, 'Device.LocalAgent.InvalidObject.', `${SUBSCRIPTION}1.`))).toEqual([
      7026,
      [`${SUBSCRIPTION}1.`],
    ]);
    expect(affected(remove(true, 'Device.IP.Interface.1.'))).toEqual([7024]);
  });
});

describe('Get, GetInstances, GetSupportedDM (TR-369 1.4)', () => {
  it('TP-469 1.36 to 1.42: one result a path in its order, errors beside answers', () => {
    expect(
      values(
        'Device.LocalAgent.InvalidParameter',
        'Device.LocalAgent.EndpointID',
        'Device.IP.Interface.9.Name',
        'Device..x',
        'Device.Time.Status',
      ),
    ).toEqual([
      7026,
      { 'Device.LocalAgent.': { EndpointID: 'self::relais-0001' } },
      7016,
      7008,
      { 'Device.Time.': { Status: 'Synchronized' } },
    ]);
    expect(
      values('Device.LocalAgent.EndpointID', 'Device.LocalAgent.SupportedProtocols', 'Device.X_RELAIS_Reliability.'),
    ).toEqual([
      { 'Device.LocalAgent.': { EndpointID: 'self::relais-0001' } },
      { 'Device.LocalAgent.': { SupportedProtocols: 'MQTT' } },
      { 'Device.X_RELAIS_Reliability.': { Enable: 'true', VoiceLink: 'main', DataLink: 'main', HoldOffMs: '60000' } },
    ]);
    expect(Object.keys(values('Device.IP.Interface.*.')[0] ?? {})).toEqual([
      'Device.IP.Interface.1.',
      'Device.IP.Interface.2.',
    ]);
    expect(values('Device.IP.Interface.2.')).toEqual(values('Device.IP.Interface.2'));
    expect(values('Device.DeviceInfo')[0]).toHaveProperty(['Device.DeviceInfo.', 'SerialNumber'], 'relais-0001');
  });

  it('TP-469 1.43 to 1.51, 1.82, 1.86, 1.87: keys, wildcards, each comparison, and nothing where nothing is met', () => {
    const names = (search: string) =>
      Object.values(values(`Device.IP.Interface.${search}.Name`)[0] ?? {}).map(({ Name }) => Name);
    expect(names('[Alias=="cpe-second"]')).toEqual(['second']);
    expect(names('*')).toEqual(['main', 'second']);
    expect(names('[X_RELAIS_UpKbps!=2000]')).toEqual(['second']);
    expect(names('[X_RELAIS_UpKbps>1500]')).toEqual(['main']);
    expect(names('[X_RELAIS_UpKbps<2000]')).toEqual(['second']);
    expect(names('[X_RELAIS_UpKbps>=1500]')).toEqual(['main', 'second']);
    expect(names('[X_RELAIS_UpKbps<=1500&&Status=="Down"]')).toEqual(['second']);
    expect(names('[X_RELAIS_CarriesVoice==true]')).toEqual(['main']);
    expect(values(`${SUBSCRIPTION}[Enable==true].`, SUBSCRIPTION)).toEqual([{}, {}]);
    expect(values('Device.IP.Interface.[Name>"a"].')).toEqual([7008]);
  });

  it('follows references: from a controller to its role', () => {
    expect(
      values(
        'Device.LocalAgent.Controller.2.AssignedRole+.Name',
        'Device.LocalAgent.Controller.[AssignedRole+.Name=="client"].EndpointID',
      ),
    ).toEqual([
      { 'Device.LocalAgent.ControllerTrust.Role.2.': { Name: 'support-2' } },
      { 'Device.LocalAgent.Controller.4.': { EndpointID: 'self::support.client' } },
    ]);
  });

  it('TP-469 1.89: max_depth counts a row with its table', () => {
    const objects = (maxDepth: number) =>
      desk
        .ask({ get: { paramPaths: ['Device.LocalAgent.'], maxDepth } })
        .response?.getResp?.reqPathResults[0]?.resolvedPathResults.map(({ resolvedPath }) => resolvedPath) ?? [];
    expect(objects(1)).toEqual(['Device.LocalAgent.']);
    expect(objects(2)).toContain('Device.LocalAgent.Controller.1.');
    expect(objects(2)).not.toContain('Device.LocalAgent.Controller.1.MTP.1.');
    expect(objects(0)).toContain('Device.LocalAgent.ControllerTrust.Role.1.Permission.1.');
  });

  it('TP-469 1.66, 1.67, 1.68, 1.70, 1.71, 1.83: instances with their keys', () => {
    const instances = (firstLevelOnly: boolean, ...objPaths: readonly string[]) =>
      desk
        .ask({ getInstances: { objPaths, firstLevelOnly } })
        .response?.getInstancesResp?.reqPathResults.map(({ currInsts, errCode }) => errCode || currInsts.length);
    expect(
      instances(
        true,
        'Device.LocalAgent.Controller.',
        'Device.IP.Interface.[Name=="main"].',
        'Device.IP.Interface.[Name=="x"].',
        'Device.Time.',
      ),
    ).toEqual([4, 1, 0, 7018]);
    expect(instances(false, 'Device.LocalAgent.Controller.')).toEqual([8]);
    expect(instances(true, 'Device.LocalAgent.Controller.*.MTP.')).toEqual([4]);
  });

  it('TP-469 1.72 to 1.77, 1.97 to 1.99, 1.105 to 1.107: the supported model, whole, level by level, or one member', () => {
    const all = { returnParams: true, returnCommands: true, returnEvents: true, returnUniqueKeySets: true };
    const model = (objPath: string, more = {}) =>
      desk.ask({ getSupportedDm: { objPaths: [objPath], ...all, ...more } }).response?.getSupportedDmResp
        ?.reqObjResults[0];
    const keys = model(SUBSCRIPTION)?.supportedObjs[0];
    expect(keys).toMatchObject({
      supportedObjPath: `${SUBSCRIPTION}{i}.`,
      access: 1,
      isMultiInstance: true,
      uniqueKeySets: [{ keyNames: ['Alias'] }, { keyNames: ['Recipient', 'ID'] }],
    });
    expect(keys?.supportedParams.find(({ paramName }) => paramName === 'Persistent')).toEqual({
      paramName: 'Persistent',
      access: 1,
      valueType: 2,
      valueChange: 1,
    });
    const level = model('Device.LocalAgent.', { firstLevelOnly: true })?.supportedObjs ?? [];
    expect(
      level.map(({ supportedObjPath, supportedParams }) => [supportedObjPath, supportedParams.length > 0]),
    ).toEqual([
      ['Device.LocalAgent.', true],
      ['Device.LocalAgent.MTP.{i}.', false],
      ['Device.LocalAgent.Controller.{i}.', false],
      [`${SUBSCRIPTION}{i}.`, false],
      ['Device.LocalAgent.Request.{i}.', false],
      ['Device.LocalAgent.ControllerTrust.', false],
    ]);
    expect(model('Device.')?.supportedObjs.length).toBeGreaterThan(25);
    expect(model('Device.Nothing.')?.errCode).toBe(7026);
    const bare = desk.ask({
      getSupportedDm: { objPaths: ['Device.Time.', 'Device.LocalAgent.'], firstLevelOnly: true },
    }).response;
    const plain = bare?.getSupportedDmResp?.reqObjResults ?? [];
    expect(plain.map(({ supportedObjs }) => supportedObjs.length)).toEqual([1, 6]);
    expect(
      plain.flatMap(({ supportedObjs }) => supportedObjs.flatMap(({ supportedParams }) => supportedParams)),
    ).toEqual([]);
    const only = (more: object) =>
      desk.ask({ getSupportedDm: { objPaths: ['Device.'], ...more } }).response?.getSupportedDmResp?.reqObjResults[0]
        ?.supportedObjs[0];
    expect([
      only({ returnCommands: true })?.supportedCommands.length,
      only({ returnCommands: true })?.supportedEvents,
    ]).toEqual([5, []]);
    expect([
      only({ returnEvents: true })?.supportedEvents.length,
      only({ returnEvents: true })?.supportedCommands,
    ]).toEqual([1, []]);
    const one = model('Device.Boot!')?.supportedObjs[0];
    expect([one?.supportedEvents.length, one?.supportedCommands, one?.supportedParams]).toEqual([1, [], []]);
    expect(model('Device.X_RELAIS_Restart()')?.supportedObjs[0]?.supportedCommands).toMatchObject([
      { commandName: 'X_RELAIS_Restart()', inputArgNames: ['Reason', 'Target', 'Name'], commandType: 1 },
    ]);
    expect(model('Device.DeviceInfo.UpTime')?.supportedObjs[0]?.supportedParams).toMatchObject([
      { paramName: 'UpTime', valueChange: 2 },
    ]);
  });

  it('TP-469 1.80: GetSupportedProtocol; what is for brokers alone is not supported', () => {
    expect(
      desk.ask({ getSupportedProtocol: { controllerSupportedProtocolVersions: '1.2' } }).response
        ?.getSupportedProtocolResp,
    ).toEqual({ agentSupportedProtocolVersions: '1.3,1.4' });
    expect(desk.ask({ register: {} }).error?.errCode).toBe(7001);
  });
});
