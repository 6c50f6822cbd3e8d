import { beforeEach, describe, expect, it } from 'vitest';
import { createDesk, get, required } from './desk.ts';

/*
 * TP-469 1.4.0, 9.3 to 9.8, as far as the agent decides: what it orders, when, and what it tells. That the box then lives on
 * the other slot is shown with its real supervisor in test/firmware-ts/updates.
 */

const IMAGE = 'Device.DeviceInfo.FirmwareImage.';
const URL = 'https://releases.example/1.1.0';
const ME = 'self::support.support-2';
const SLOTS = [
  { name: 'slot-a', version: '1.0.0', status: 'Active', failure: '' },
  { name: 'slot-b', version: '1.1.0', status: 'Available', failure: '' },
];

let desk: ReturnType<typeof createDesk>;
const subscribe = (NotifType: string, ReferenceList: string): void => {
  const paramSettings = required({ Enable: 'true', NotifType, ReferenceList });
  expect(
    desk.ask({ add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.', paramSettings }] } }).error,
  ).toBeUndefined();
};
const operate = (command: string, inputArgs: Readonly<Record<string, string>> = {}) =>
  desk.ask({ operate: { command, commandKey: 'key', sendResp: true, inputArgs } }).response?.operateResp
    ?.operationResults[0];
const windowed = (...all: readonly (readonly [start: number, end: number, mode: string])[]) =>
  Object.fromEntries(
    all.flatMap(([start, end, mode], index) => [
      [`TimeWindow.${index + 1}.Start`, `${start}`],
      [`TimeWindow.${index + 1}.End`, `${end}`],
      [`TimeWindow.${index + 1}.Mode`, mode],
    ]),
  );
/** Seconds of 600 after which the release is wished for, and is not any more. */
function watch(seconds = 600) {
  const begun: number[] = [];
  const ended: number[] = [];
  const told: unknown[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const { mono, wall } = desk.now();
    const effects = second === 0 ? desk.all : desk.event('looked');
    for (const effect of effects) {
      if (effect.do === 'activate-release') {
        begun.push(second);
        const done = { on: 'finished', request: effect.request, output: {}, sight: desk.now(), chance: 0.5 } as const;
        told.push(...desk.notices(desk.hear(done)));
      }
      if (effect.do === 'withdraw-release') ended.push(second);
    }
    if (second > 0) told.push(...desk.notices(effects));
    desk.see({ mono: mono + 1_000, wall: wall + 1_000 });
  }
  return { begun, ended, told };
}

beforeEach(() => {
  desk = createDesk();
  desk.see({ firmware: { slots: SLOTS, active: 1, updated: false } });
  desk.answerNotice(desk.event('joined'));
});

describe('Download()', () => {
  const ended = (refusal?: string) =>
    desk.notices(desk.hear({ on: 'finished', request: 1, output: {}, refusal, sight: desk.now(), chance: 0.5 }));

  it('TP-469 9.3: with AutoActivate: OperationComplete, TransferComplete!, and Boot! of the next life', () => {
    subscribe('Event', 'Device.LocalAgent.TransferComplete!,Device.Boot!');
    subscribe('OperationComplete', `${IMAGE}2.Download()`);
    const begun = operate(`${IMAGE}2.Download()`, { AutoActivate: 'true', URL, FileSize: '1000' });
    expect(begun?.reqObjPath).toBe('Device.LocalAgent.Request.1.');
    expect(desk.all).toContainEqual({ do: 'fetch-release', url: URL, by: ME, activate: true, request: 1 });
    desk.see({ wall: desk.now().wall + 90_000 });
    const [complete, transfer] = ended();
    expect(complete?.operComplete).toMatchObject({
      objPath: `${IMAGE}2.`,
      commandName: 'Download()',
      commandKey: 'key',
    });
    expect(transfer?.event).toMatchObject({ objPath: 'Device.LocalAgent.', eventName: 'TransferComplete!' });
    expect(transfer?.event?.params).toMatchObject({
      ...{ Command: `${IMAGE}2.Download()`, CommandKey: 'key', Requestor: ME, TransferURL: URL, FaultCode: '0' },
      ...{ StartTime: '2026-09-21T14:13:20Z', CompleteTime: '2026-09-21T14:14:50Z', Affected: `${IMAGE}2` },
    });
  });

  it('TP-469 9.6: the check sum goes with the order, and what came of it is told with its fault', () => {
    subscribe('Event', 'Device.LocalAgent.TransferComplete!');
    const sum = 'AB'.repeat(20);
    operate(`${IMAGE}2.Download()`, { URL, CheckSumAlgorithm: 'SHA-1', CheckSum: sum });
    expect(desk.all).toContainEqual({
      ...{ do: 'fetch-release', url: URL, by: ME, activate: false, request: 1 },
      checkSum: { algorithm: 'SHA-1', value: sum.toLowerCase() },
    });
    expect(ended('CheckSum: the file at that address has another SHA-1')[0]?.event?.params).toMatchObject({
      ...{ FaultCode: '7022', FaultString: 'CheckSum: the file at that address has another SHA-1' },
      ...{ CheckSumAlgorithm: 'SHA-1', CheckSum: sum.toLowerCase() },
    });
    for (const input of [
      { CheckSum: sum },
      { CheckSum: sum, CheckSumAlgorithm: 'MD5' },
      { CheckSum: 'x', CheckSumAlgorithm: 'SHA-1' },
    ])
      expect(operate(`${IMAGE}2.Download()`, { URL, ...input })?.cmdFailure?.errMsg).toMatch(/CheckSum/);
  });

  it('TP-469 9.7: of several images the one that the box lives on is refused', () => {
    expect(operate(`${IMAGE}1.Download()`, { URL, AutoActivate: 'true' })?.cmdFailure?.errCode).toBe(7022);
  });
});

describe('Activate()', () => {
  it.each([
    ['9.4', 1, 100, 'Immediately', 1],
    ['9.5', 0, 120, 'AnyTime', 0],
    ['M-5', 30, 60, 'WhenIdle', 30],
  ] as const)('TP-469 %s: in its window from %i to %i s, %s', (_, start, end, mode, begins) => {
    subscribe('OperationComplete', `${IMAGE}2.Activate()`);
    expect(operate(`${IMAGE}2.Activate()`, windowed([start, end, mode]))?.reqObjPath).toBe(
      'Device.LocalAgent.Request.1.',
    );
    const { begun, ended, told } = watch();
    expect(begun).toEqual([begins]);
    // A box that was never quiet in its window stays what it is.
    expect(ended).toEqual([end]);
    expect(told).toMatchObject([{ operComplete: { commandName: 'Activate()', commandKey: 'key' } }]);
  });

  it('TP-469 9.4, 9.5: Boot! of the life after it says that the software is another', () => {
    const next = createDesk();
    next.see({ software: 'relais 1.1.0', firmware: { slots: SLOTS, active: 2, updated: true } });
    const paramSettings = required({ Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.Boot!' });
    next.ask({ add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.', paramSettings }] } });
    const told = next.notices(next.event('joined')).flatMap(({ event }) => (event ? [event.params] : []));
    expect(told).toMatchObject([{ FirmwareUpdated: 'true' }]);
    const read = next.ask(get('Device.DeviceInfo.SoftwareVersion', 'Device.DeviceInfo.ActiveFirmwareImage'));
    const values = read.response?.getResp?.reqPathResults.map((one) => one.resolvedPathResults[0]?.resultParams);
    expect(values).toEqual([{ SoftwareVersion: 'relais 1.1.0' }, { ActiveFirmwareImage: `${IMAGE}2` }]);
  });

  it('TP-469 9.8: called off before its window nothing is started, and its request is gone', () => {
    subscribe('OperationComplete', `${IMAGE}2.Activate()`);
    const begun = operate(`${IMAGE}2.Activate()`, windowed([120, 500, 'AnyTime']));
    expect(operate(`${begun?.reqObjPath}Cancel()`)?.cmdFailure).toBeUndefined();
    const since = desk.all.length;
    expect(desk.notices(desk.all.slice(0, since)).at(-1)?.operComplete?.cmdFailure?.errCode).toBe(7023);
    expect(watch()).toMatchObject({ begun: [], ended: [] });
    expect(
      desk.ask(get('Device.LocalAgent.Request.*.')).response?.getResp?.reqPathResults[0]?.resolvedPathResults,
    ).toEqual([]);
  });

  it('what has begun, or cannot be stopped, is not called off', () => {
    const download = operate(`${IMAGE}2.Download()`, { URL });
    expect(operate(`${download?.reqObjPath}Cancel()`)?.cmdFailure?.errCode).toBe(7022);
  });

  it('a window that needs somebody at the box is not used; the next one is, and without any the order is refused', () => {
    const both = windowed([0, 10, 'ConfirmationNeeded'], [20, 30, 'AnyTime']);
    expect(operate(`${IMAGE}2.Activate()`, both)?.cmdFailure).toBeUndefined();
    expect(watch(40)).toMatchObject({ begun: [20], ended: [30] });
    expect(operate(`${IMAGE}2.Activate()`, windowed([0, 9, 'ConfirmationNeeded']))?.cmdFailure?.errMsg).toMatch(
      /confirm/,
    );
  });

  it.each([
    ['an end before its start', windowed([9, 3, 'AnyTime']), /Start, End/],
    ['a start that is no number', windowed([Number.NaN, 3, 'AnyTime']), /Start, End/],
    ['a mode that is none', windowed([0, 3, 'Soon']), /Mode: one of/],
    ['windows over each other', windowed([0, 30, 'AnyTime'], [20, 40, 'AnyTime']), /one after the other/],
    ['an argument that is none', { When: 'now' }, /When is not known/],
  ])('%s is refused with the remedy', (_, input, words) => {
    expect(operate(`${IMAGE}2.Activate()`, input)?.cmdFailure).toMatchObject({
      errCode: 7027,
      errMsg: expect.stringMatching(words),
    });
  });
});
