import { describe, expect, it } from 'vitest';
import { createDesk, get, required } from './desk.ts';

/* TP-469 1.4.0: what a controller keeps on the box for itself, step by step as the cases have it. */

const ME = 'Device.LocalAgent.Controller.2.';
const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';

function createController() {
  const desk = createDesk();
  desk.answerNotice(desk.event('joined'));
  const add = (objPath: string, values: Readonly<Record<string, string>>) =>
    desk.ask({ add: { createObjs: [{ objPath, paramSettings: required(values) }] } });
  const made = (objPath: string, values: Readonly<Record<string, string>>) =>
    add(objPath, values).response?.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath ?? '';
  const set = (objPath: string, values: Readonly<Record<string, string>>) =>
    desk.ask({ set: { updateObjs: [{ objPath, paramSettings: required(values) }] } });
  const read = (path: string) =>
    desk.ask(get(path)).response?.getResp?.reqPathResults[0]?.resolvedPathResults.map((one) => one.resultParams) ?? [];
  const operate = (command: string, inputArgs: Readonly<Record<string, string>> = {}, commandKey = '') =>
    desk.ask({ operate: { command, commandKey, sendResp: true, inputArgs } }).response?.operateResp
      ?.operationResults[0];
  const wait = (milliseconds: number) => {
    const { mono, wall } = desk.now();
    desk.see({ mono: mono + milliseconds, wall: wall + milliseconds });
    return desk.event('looked');
  };
  /** What was said since the last time that somebody listened. */
  let heard = desk.all.length;
  const listen = () => {
    const since = desk.all.slice(heard);
    heard = desk.all.length;
    return since;
  };
  return { desk, add, made, set, read, operate, wait, listen };
}

describe('BootParameter.{i}.', () => {
  const software = { Enable: 'true', ParameterName: 'Device.LocalAgent.SoftwareVersion' };

  it('TP-469 1.10: Add below a row that its keys name', () => {
    const { desk, add, read } = createController();
    const objPath =
      'Device.LocalAgent.Controller.[EndpointID=="self::support.support-2"&&Alias=="cpe-2"].BootParameter.';
    const results = add(objPath, software).response?.addResp?.createdObjResults ?? [];
    const path = `${ME}BootParameter.1.`;
    expect(results.map(({ operStatus }) => operStatus?.operSuccess)).toEqual([
      {
        ...{ instantiatedPath: path, paramErrs: [] },
        uniqueKeys: { Alias: 'cpe-1', ParameterName: software.ParameterName },
      },
    ]);
    expect(read(path)).toEqual([{ Alias: 'cpe-1', ...software }]);
    expect(read(`${ME}BootParameterNumberOfEntries`)).toEqual([{ BootParameterNumberOfEntries: '1' }]);
    expect(desk.ask({ delete: { objPaths: [path] } }).error).toBeUndefined();
    expect(read(`${ME}BootParameter.`)).toEqual([]);
  });

  it('TP-469 1.95: Add below every row that a search meets', () => {
    const { add, read } = createController();
    const results = add('Device.LocalAgent.Controller.[Enable==true].BootParameter.', software).response?.addResp;
    expect(results?.createdObjResults.filter(({ operStatus }) => operStatus?.operSuccess !== undefined)).toHaveLength(
      4,
    );
    expect(read('Device.LocalAgent.Controller.*.BootParameter.')).toHaveLength(4);
  });

  it('TP-469 9.10: Boot! says what its receiver wants to hear of, as far as it may read it, and to nobody else', () => {
    const desk = createDesk();
    const slots = [{ name: 'a', version: '1', status: 'Active', failure: '' }];
    desk.see({ firmware: { slots, active: 1, updated: false } });
    const ParameterName = 'Device.DeviceInfo.BootFirmwareImage';
    const boot = { NotifType: 'Event', ReferenceList: 'Device.Boot!', Enable: 'true' };
    for (const role of ['support-2', 'support-1'] as const)
      desk.ask({ add: { createObjs: [{ objPath: SUBSCRIPTION, paramSettings: required(boot) }] } }, role);
    const wanted = [
      ['2', { Enable: 'true', ParameterName }],
      ['2', { Enable: 'false', ParameterName: 'Device.DeviceInfo.UpTime' }],
      ['2', { Enable: 'true', ParameterName: 'Device.Never.There' }],
      ['1', { Enable: 'true', ParameterName: 'Device.X_RELAIS_Credit.MicroEuroLeft' }],
    ] as const;
    for (const [number, values] of wanted) {
      const objPath = `Device.LocalAgent.Controller.${number}.BootParameter.`;
      expect(desk.ask({ add: { createObjs: [{ objPath, paramSettings: required(values) }] } }).error).toBeUndefined();
    }
    const told = desk.notices(desk.event('joined')).flatMap(({ event }) => (event ? [event.params] : []));
    expect(told.map((params) => params?.ParameterMap)).toEqual([
      '{}',
      '{"Device.DeviceInfo.BootFirmwareImage":"Device.DeviceInfo.FirmwareImage.1"}',
    ]);
  });
});

describe('TriggerAction (TR-181 2.19.1)', () => {
  it.each([
    ['1.93', 'Config', 0],
    ['1.94', 'NotifyAndConfig', 1],
  ] as const)('TP-469 %s: %s makes the settings when the watched value changes', (number, TriggerAction, notices) => {
    const { desk, made, set, read, wait, listen } = createController();
    const watched = `${ME}ProvisioningCode`;
    const path = made(SUBSCRIPTION, {
      ...{ Enable: 'true', TriggerAction, ID: `notify${number}`, NotifType: 'ValueChange' },
      ...{ ReferenceList: watched, NotifRetry: 'true' },
    });
    expect(set(path, { TriggerConfigSettings: `${path}Enable=false` }).error).toBeUndefined();
    wait(1_000);
    listen();
    expect(set(ME, { ProvisioningCode: 'TestValue' }).error).toBeUndefined();
    wait(1_000);
    const told = desk.notices(listen()).flatMap(({ valueChange }) => valueChange ?? []);
    expect(told).toEqual(Array.from({ length: notices }, () => ({ paramPath: watched, paramValue: 'TestValue' })));
    expect(read(`${path}Enable`)).toEqual([{ Enable: 'false' }]);
    expect(desk.deeds().at(-1)).toEqual({
      ...{ by: 'self::support.support-2', action: 'set', message: path, outcome: 0 },
      paths: [`${path}Enable=false`],
    });
  });

  it('has no more rights than the controller that it belongs to, changes no managed service, and says so in the record', () => {
    const { desk, wait } = createController();
    const paramSettings = required({
      ...{ Enable: 'true', TriggerAction: 'Config', NotifType: 'ValueChange' },
      ...{ ReferenceList: 'Device.X_RELAIS_Reliability.VoiceLink' },
      TriggerConfigSettings: 'Device.DeviceInfo.FriendlyName="Main, shop"',
    });
    for (const role of ['client', 'support-2'] as const)
      desk.ask({ add: { createObjs: [{ objPath: SUBSCRIPTION, paramSettings }] } }, role);
    wait(1_000);
    desk.see({ steering: { voice: 'second', data: 'main' } });
    wait(1_000);
    const deeds = desk.deeds().filter(({ message }) => message.startsWith(SUBSCRIPTION));
    expect(deeds.map(({ by, outcome }) => [by, outcome])).toEqual([
      ['self::support.client', 7006],
      ['self::support.support-2', 0],
    ]);
    expect(desk.state().book.rows['Device.DeviceInfo.']?.FriendlyName).toBe('Main, shop');
  });

  it('U-2 in its own way: two that undo each other change the book once a minute each, and lose nothing', () => {
    const { desk, made, set, wait } = createController();
    const name = 'Device.DeviceInfo.FriendlyName';
    for (const [value, when] of [
      ['left', 'ProvisioningCode'],
      ['right', 'FriendlyName'],
    ])
      made(SUBSCRIPTION, {
        ...{
          Enable: 'true',
          TriggerAction: 'Config',
          NotifType: 'ValueChange',
          ReferenceList: `Device.DeviceInfo.${when}`,
        },
        TriggerConfigSettings: value === 'left' ? `${name}=left` : `Device.DeviceInfo.ProvisioningCode=x,${name}=right`,
      });
    wait(1_000);
    set('Device.DeviceInfo.', { FriendlyName: 'start' });
    const before = desk.deeds().length;
    for (let second = 0; second < 180; second += 1) wait(1_000);
    const done = desk.deeds().length - before;
    expect(done).toBeGreaterThan(1);
    expect(done).toBeLessThanOrEqual(8);
  });

  it.each([
    ['no value', 'Device.DeviceInfo.FriendlyName'],
    ['no parameter', 'Device.DeviceInfo.=x'],
    ['a command', 'Device.Reboot()=x'],
    ['a quote that stays open', 'Device.DeviceInfo.FriendlyName="x'],
    ['too many', Array.from({ length: 17 }, () => 'Device.DeviceInfo.FriendlyName=x').join(',')],
  ])('%s is refused', (_, TriggerConfigSettings) => {
    const { add } = createController();
    expect(add(SUBSCRIPTION, { TriggerConfigSettings }).error?.paramErrs[0]?.errCode).toBe(7012);
  });
});

describe('OnBoardingRestartTime (TR-181 2.19.1)', () => {
  it.each([
    ['1.102', '60', [0, 60]],
    ['1.103', '0', [0]],
  ] as const)('TP-469 %s: with %s s', (_, OnBoardingRestartTime, expected) => {
    const { desk, set, operate, wait, listen } = createController();
    expect(set(ME, { OnBoardingRestartTime }).error).toBeUndefined();
    listen();
    operate(`${ME}SendOnBoardRequest()`);
    const times: number[] = [];
    for (let second = 0; second < 120; second += 1) {
      const said = listen();
      if (desk.notices(said).some(({ onBoardReq }) => onBoardReq !== undefined)) times.push(second);
      desk.answerNotice(said);
      if (times.length === 2) set(ME, { OnBoardingComplete: 'true' });
      wait(1_000);
    }
    expect(times).toEqual(expected);
  });

  it('TR-181: a controller that sets OnBoardingComplete to false is asked at once', () => {
    const { desk, set, wait } = createController();
    set(ME, { OnBoardingComplete: 'false' });
    expect(desk.notices(desk.all.slice(-5)).some(({ onBoardReq }) => onBoardReq !== undefined)).toBe(true);
    expect(desk.notices(wait(1_000))).toEqual([]);
  });
});

describe('ScheduleTimer()', () => {
  it('TP-469 1.79, 9.11: OperationComplete comes after the seconds that were asked for, with the key', () => {
    const { desk, made, operate, wait } = createController();
    made(SUBSCRIPTION, { Enable: 'true', NotifType: 'OperationComplete', ReferenceList: 'Device.ScheduleTimer()' });
    const begun = operate('Device.ScheduleTimer()', { DelaySeconds: '30' }, 'test79');
    expect(begun).toMatchObject({
      executedCommand: 'Device.ScheduleTimer()',
      reqObjPath: 'Device.LocalAgent.Request.1.',
    });
    expect(desk.notices(wait(29_000))).toEqual([]);
    expect(desk.notices(wait(1_000)).map(({ operComplete }) => operComplete)).toMatchObject([
      { objPath: 'Device.', commandName: 'ScheduleTimer()', commandKey: 'test79' },
    ]);
    expect(operate('Device.ScheduleTimer()', { DelaySeconds: '0' })?.cmdFailure?.errCode).toBe(7027);
  });
});

describe('arguments of commands', () => {
  it('TP-469 1.92: what is not said has the default of the data model', () => {
    const { desk, operate } = createController();
    const begun = operate(
      'Device.IP.Diagnostics.TraceRoute()',
      { Host: '198.51.100.1', ProtocolVersion: 'Any' },
      'test92',
    );
    expect(begun).toMatchObject({
      executedCommand: 'Device.IP.Diagnostics.TraceRoute()',
      reqObjPath: 'Device.LocalAgent.Request.1.',
    });
    const ordered = desk.all.flatMap((effect) => (effect.do === 'diagnose' ? [effect.diagnosis] : []));
    expect(ordered).toMatchObject([
      { test: 'trace', host: '198.51.100.1', tries: 3, timeout: 5_000, block: 38, hops: 30 },
    ]);
  });
});

describe('records', () => {
  it('TP-469 3.1: a malformed record is ignored, and the next one is answered', () => {
    const { desk, read } = createController();
    const before = desk.all.length;
    for (const bytes of [[], [0xff, 0xff, 0xff, 0xff], [0x0a, 0x7f, 0x31], [0x12, 0x00, 0x3a, 0x05, 0x12, 0x03]])
      expect(desk.say('support-2', Uint8Array.from(bytes))).toEqual([]);
    expect(desk.all).toHaveLength(before);
    expect(read('Device.LocalAgent.EndpointID')).toHaveLength(1);
  });
});
