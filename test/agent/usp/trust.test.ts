import { beforeEach, describe, expect, it } from 'vitest';
import type { SupportRole } from '../../../agent/model/management.ts';
import { readBook } from '../../../agent/runtime/support-book.ts';
import { writeBook } from '../../../agent/usp/agent/step.ts';
import { createDesk, get, required } from './desk.ts';

/*
 * TP-469 1.4.0, chapter 2. "An assigned Role that is writable" is one that was made on the box: it has everything at Order 0,
 * and the case adds its own permission above that. 2.23 gives two permissions of one role the same Order, which is a key of
 * that table (TR-181 2.19.1): here they have 1 and 2, as in 2.24.
 */

const TRUST = 'Device.LocalAgent.ControllerTrust.';
const ROLE = `${TRUST}Role.101.`;
const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';
const ME = 'Device.LocalAgent.Controller.2.';
const OTHER = 'Device.LocalAgent.Controller.3.';
const ALL = { Param: 'rwxn', Obj: 'rwxn', InstantiatedObj: 'rwxn', CommandEvent: 'rwxn' };

let desk: ReturnType<typeof createDesk>;
const add = (objPath: string, values: Readonly<Record<string, string>> = {}, role: SupportRole = 'support-2') => {
  const { response, error } = desk.ask({ add: { createObjs: [{ objPath, paramSettings: required(values) }] } }, role);
  const made = response?.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath;
  return made ?? error?.errCode;
};
const set = (objPath: string, values: Readonly<Record<string, string>>, role: SupportRole = 'support-2') =>
  desk.ask({ set: { updateObjs: [{ objPath, paramSettings: required(values) }] } }, role);
const permit = (Targets: string, rights: Partial<typeof ALL> & { readonly Order?: string }) =>
  add(`${ROLE}Permission.`, { Enable: 'true', Targets, ...ALL, ...rights });
const read = (path: string, role: SupportRole = 'support-2') =>
  desk.ask(get(path), role).response?.getResp?.reqPathResults[0]?.resolvedPathResults ?? [];
const operate = (command: string) =>
  desk.ask({ operate: { command, sendResp: true } }).response?.operateResp?.operationResults[0];

beforeEach(() => {
  desk = createDesk();
  desk.answerNotice(desk.event('joined'));
  expect(add(`${TRUST}Role.`, { Enable: 'true', Name: 'Trusted' })).toBe(ROLE);
  expect(permit('Device.', { Order: '0' })).toBe(`${ROLE}Permission.1.`);
  expect(set(ME, { AssignedRole: ROLE.slice(0, -1) }).error).toBeUndefined();
});

describe('TP-469, 2: roles that are made on the box (M-6, D-3)', () => {
  it('2.10: a role is added with its permissions, counted and kept over a restart', () => {
    expect(read(`${TRUST}RoleNumberOfEntries`)[0]?.resultParams).toEqual({ RoleNumberOfEntries: '5' });
    expect(read(ROLE)[0]?.resultParams).toMatchObject({ Name: 'Trusted', PermissionNumberOfEntries: '1' });
    const kept = readBook(writeBook(desk.state().book), () => undefined);
    expect(kept.rows[`${ROLE}Permission.1.`]).toMatchObject({ Targets: 'Device.', Param: 'rwxn', Order: '0' });
    expect(kept.rows[ME]).toMatchObject({ AssignedRole: `${TRUST}Role.101` });
  });

  it.each([
    ['2.11', 'rw--', `${SUBSCRIPTION}1.`],
    ['2.12', 'r---', 7006],
  ] as const)('%s: Obj %s and Add', (_, Obj, answer) => {
    expect(permit(SUBSCRIPTION, { Obj })).toBe(`${ROLE}Permission.2.`);
    expect(add(SUBSCRIPTION)).toBe(answer);
  });

  it.each([
    ['2.13', 'rw--', undefined],
    ['2.14', 'r---', 7006],
  ] as const)('%s: InstantiatedObj %s and Delete', (_, InstantiatedObj, answer) => {
    const path = add(SUBSCRIPTION);
    permit(SUBSCRIPTION, { InstantiatedObj });
    const { error } = desk.ask({ delete: { objPaths: [`${path}`] } });
    expect(error?.errCode).toBe(answer);
    expect(Object.hasOwn(desk.state().book.rows, `${path}`)).toBe(answer !== undefined);
  });

  it.each([
    ['2.15', 'rw--', undefined, 'true'],
    ['2.16', 'r---', 7006, 'false'],
  ] as const)('%s: Param %s and Set, of one row and not of another', (_, Param, answer, value) => {
    const [path, other] = [`${add(SUBSCRIPTION)}`, `${add(SUBSCRIPTION)}`];
    permit(path, { Param });
    expect(set(path, { Enable: 'true' }).error?.errCode).toBe(answer);
    expect(desk.state().book.rows[path]?.Enable).toBe(value);
    expect(set(other, { Enable: 'true' }).error).toBeUndefined();
  });

  it.each([
    ['2.17', 'r-x-', undefined],
    ['2.18', 'r---', 7006],
  ] as const)('%s: CommandEvent %s and Operate', (_, CommandEvent, answer) => {
    desk.see({ restartable: [{ of: 'Box', name: '' }] });
    permit('Device.Reboot()', { CommandEvent });
    expect(operate('Device.Reboot()')?.cmdFailure?.errCode).toBe(answer);
    expect(desk.all.some((effect) => effect.do === 'start-anew')).toBe(answer === undefined);
  });

  it.each([
    ['2.19', 'rw-n', ['77']],
    ['2.20', 'rw--', []],
  ] as const)('%s: Param %s and ValueChange', (_, Param, told) => {
    const ReferenceList = `${ME}PeriodicNotifInterval`;
    permit(ReferenceList, { Param });
    expect(add(SUBSCRIPTION, { Enable: 'true', NotifType: 'ValueChange', ReferenceList })).toBe(`${SUBSCRIPTION}1.`);
    desk.event('looked');
    const before = desk.all.length;
    expect(set(ME, { PeriodicNotifInterval: '77' }).error).toBeUndefined();
    desk.see({ wall: desk.now().wall + 30_000, mono: desk.now().mono + 30_000 });
    desk.event('looked');
    const notices = desk.notices(desk.all.slice(before));
    expect(notices.flatMap(({ valueChange }) => valueChange?.paramValue ?? [])).toEqual(told);
  });

  it('2.21: of permissions that overlap the one of the highest Order holds', () => {
    const path = `${add(`${ME}BootParameter.`, { Enable: 'true', ParameterName: 'Device.LocalAgent.UpTime' })}`;
    permit(path, { Param: '----', Order: '1' });
    permit(path, { Param: 'rw--', Order: '2' });
    expect(read(`${ME}BootParameter.`).map(({ resolvedPath }) => resolvedPath)).toEqual([path]);
    permit(path, { Param: '----', Order: '3' });
    expect(read(`${ME}BootParameter.`)).toEqual([]);
  });

  it('2.22: what may not be read is left out of a Get, the rest is there', () => {
    const path = `${add(`${ME}BootParameter.`, { ParameterName: 'Device.LocalAgent.UpTime' })}`;
    permit(path, { Param: 'rw--' });
    permit(`${path}ParameterName`, { Param: '----' });
    expect(read(path)[0]?.resultParams).toEqual({ Alias: 'cpe-1', Enable: 'false' });
  });

  it.each([
    ['2.23', true],
    ['2.24', false],
  ] as const)('%s: Add by a search path where one place is forbidden, allow_partial %s', (_, allowPartial) => {
    permit(`${ME}BootParameter.`, { Param: 'rw--', Order: '1' });
    permit(`${OTHER}BootParameter.`, { Param: 'r---', Order: '2' });
    const objPath = 'Device.LocalAgent.Controller.[Alias=="cpe-2"].BootParameter';
    const both = 'Device.LocalAgent.Controller.*.BootParameter';
    const paramSettings = required({ Enable: 'false' });
    expect(
      desk.ask({ add: { allowPartial, createObjs: [{ objPath, paramSettings }] } }).response?.addResp
        ?.createdObjResults,
    ).toHaveLength(1);
    expect(desk.ask({ delete: { objPaths: [`${ME}BootParameter.*.`] } }).error).toBeUndefined();
    const { response, error } = desk.ask({ add: { allowPartial, createObjs: [{ objPath: both, paramSettings }] } });
    const results = response?.addResp?.createdObjResults.map(({ operStatus }) => operStatus) ?? [];
    const made = Object.keys(desk.state().book.rows).filter((path) => path.includes('.BootParameter.'));
    if (allowPartial) {
      expect(results.map((one) => one?.operFailure?.errCode ?? one?.operSuccess?.instantiatedPath)).toEqual([
        ...['Device.LocalAgent.Controller.1.BootParameter.1.', `${ME}BootParameter.2.`],
        ...[7006, 'Device.LocalAgent.Controller.4.BootParameter.1.'],
      ]);
      expect(made).toHaveLength(3);
    } else {
      expect([error?.errCode, error?.paramErrs.map(({ paramPath, errCode }) => [paramPath, errCode])]).toEqual([
        7006,
        [[`${OTHER}BootParameter.1.Enable`, 7006]],
      ]);
      expect(made).toEqual([]);
    }
  });

  it('2.25, 2.26: a parameter that may not be written: left out of an Add it has its default, named in it nothing is made', () => {
    permit(`${SUBSCRIPTION}*.Enable`, { Param: 'r---', Order: '1' });
    const wanted = { NotifType: 'ValueChange', ReferenceList: 'Device.LocalAgent.SoftwareVersion' };
    const path = add(SUBSCRIPTION, { ID: 'add1', ...wanted });
    expect(read(`${path}Enable`)[0]?.resultParams).toEqual({ Enable: 'false' });
    const paramSettings = required({ ID: 'add26', ...wanted, Enable: 'true' });
    const partial = desk.ask({ add: { allowPartial: true, createObjs: [{ objPath: SUBSCRIPTION, paramSettings }] } });
    expect(
      partial.response?.addResp?.createdObjResults.map(({ operStatus }) => operStatus?.operFailure?.errCode),
    ).toEqual([7006]);
    expect(Object.values(desk.state().book.rows).some(({ ID }) => ID === 'add26')).toBe(false);
  });
});

describe('what a role that was made cannot do (M-6, D-3)', () => {
  it('gives nobody more than the operator signed', () => {
    expect(set('Device.LocalAgent.Controller.4.', { AssignedRole: ROLE.slice(0, -1) }).error).toBeUndefined();
    expect(read('Device.X_RELAIS_Credit.', 'client')).toEqual([]);
    expect(set('Device.DeviceInfo.', { FriendlyName: 'x' }, 'client').error).toBeDefined();
    expect(read('Device.LocalAgent.EndpointID', 'client')).toHaveLength(1);
  });

  it('nor is anybody given the role of another, and only the second level gives any', () => {
    const refusal = set('Device.LocalAgent.Controller.4.', { AssignedRole: `${TRUST}Role.2` }).error;
    expect(refusal?.paramErrs[0]).toMatchObject({ errCode: 7012, errMsg: expect.stringMatching(/signed/) });
    expect(set(ME, { AssignedRole: `${TRUST}Role.2` }, 'support-1').error?.errCode).toBe(7006);
    expect(add(`${TRUST}Role.`, { Name: 'mine' }, 'support-1')).toBe(7006);
  });

  it('locks nobody of the second level out: a role that grants nothing is still taken back', () => {
    set(`${ROLE}`, { Enable: 'false' });
    expect(read('Device.DeviceInfo.SerialNumber')).toEqual([]);
    expect(set(ME, { AssignedRole: `${TRUST}Role.2` }).error).toBeUndefined();
    expect(read('Device.DeviceInfo.SerialNumber')).toHaveLength(1);
  });

  it('the roles of the software are neither changed nor deleted nor added to, and one that somebody has stays', () => {
    expect(set(`${TRUST}Role.1.`, { Name: 'x' }).error?.paramErrs[0]?.errCode).toBe(7013);
    expect(add(`${TRUST}Role.1.Permission.`, { Targets: 'Device.', ...ALL })).toBe(7006);
    expect(desk.ask({ delete: { objPaths: [`${TRUST}Role.1.`] } }).error?.errCode).toBe(7024);
    expect(desk.ask({ delete: { objPaths: [ROLE] } }).error?.errCode).toBe(7024);
    set(ME, { AssignedRole: `${TRUST}Role.2` });
    expect(desk.ask({ delete: { objPaths: [ROLE] } }).error).toBeUndefined();
    expect(Object.keys(desk.state().book.rows).some((path) => path.startsWith(ROLE))).toBe(false);
  });

  it.each([
    ['Targets', 'Device.LocalAgent.Subscription.[Enable==true].', /searches/],
    ['Targets', 'LocalAgent.', /paths/],
    ['Param', 'xxxx', /form/],
  ] as const)('%s %s is refused with what it may be', (name, value, words) => {
    const { error } = set(`${ROLE}Permission.1.`, { [name]: value });
    expect(error?.paramErrs[0]).toMatchObject({ errCode: 7012, errMsg: expect.stringMatching(words) });
  });
});
