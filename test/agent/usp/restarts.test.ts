import { describe, expect, it } from 'vitest';
import { readBook } from '../../../agent/runtime/support-book.ts';
import { startUsp } from '../../../agent/usp/agent/state.ts';
import { stepUsp, writeBook } from '../../../agent/usp/agent/step.ts';
import { siteModel } from '../../../agent/usp/model/site-model.ts';
import { createDesk, get, RULES, SIGHT } from './desk.ts';

const RESTART = 'Device.X_RELAIS_Restart()';
const ALL = [
  { of: 'Agent', name: '' },
  { of: 'Modem', name: '' },
  { of: 'Box', name: '' },
  { of: 'Link', name: 'main' },
  { of: 'Link', name: 'second' },
] as const;

function deskWith(restartable: readonly (typeof ALL)[number][] = ALL) {
  const desk = createDesk();
  desk.see({ restartable });
  const order = (command: string, inputArgs: Record<string, string>, role: 'support-1' | 'support-2' = 'support-2') =>
    desk.ask({ operate: { command, commandKey: 'key', sendResp: true, inputArgs } }, role).response?.operateResp
      ?.operationResults[0];
  const ordered = () => desk.all.flatMap((effect) => (effect.do === 'start-anew' ? [effect.restart] : []));
  return { desk, order, ordered };
}

describe('M-3: restarts by support', () => {
  it.each<readonly [string, string, Record<string, string>, object]>([
    ['of the agent, as before', RESTART, { Reason: 'stuck' }, { of: 'Agent', name: '', reason: 'stuck' }],
    ['of the modem', RESTART, { Target: 'Modem', Reason: 'deaf' }, { of: 'Modem', name: '', reason: 'deaf' }],
    [
      'of one link',
      RESTART,
      { Target: 'Link', Name: 'second', Reason: 'no route' },
      { of: 'Link', name: 'second', reason: 'no route' },
    ],
    ['of the box', RESTART, { Target: 'Box' }, { of: 'Box', reason: '' }],
    [
      'of the box as TP-469 1.61 has it',
      'Device.Reboot()',
      { Cause: 'RemoteReboot', Reason: 'test' },
      { of: 'Box', reason: 'test' },
    ],
  ])('%s: by whom and why', (_, command, input, restart) => {
    const { order, ordered } = deskWith();
    expect(order(command, input)?.cmdFailure).toBeUndefined();
    expect(ordered()).toEqual([expect.objectContaining({ ...restart, by: 'self::support.support-2', at: SIGHT.wall })]);
  });

  it.each<readonly [string, Record<string, string>, number, RegExp]>([
    ['of something else', { Target: 'Roof' }, 7027, /Agent, Modem, Link, Box/],
    ['of a link that is not there', { Target: 'Link', Name: 'third' }, 7027, /main, second/],
    ['of a link without its name', { Target: 'Link' }, 7027, /main, second/],
  ])('%s is refused with what is known', (_, input, code, words) => {
    const { order, ordered } = deskWith();
    expect(order(RESTART, input)?.cmdFailure).toMatchObject({ errCode: code, errMsg: expect.stringMatching(words) });
    expect(ordered()).toEqual([]);
  });

  it('of a modem that the box does not have, and by who may not, is refused', () => {
    const { order } = deskWith([ALL[0]]);
    expect(order(RESTART, { Target: 'Modem' })?.cmdFailure?.errCode).toBe(7022);
    expect(order(RESTART, {}, 'support-1')?.cmdFailure?.errCode).toBe(7006);
    expect(order('Device.Reboot()', {}, 'support-1')?.cmdFailure?.errCode).toBe(7006);
  });

  it('what they were for is read after the restart, the last ten', () => {
    const { desk, order } = deskWith();
    for (let n = 1; n <= 12; n += 1) order(RESTART, { Target: 'Link', Name: 'main', Reason: `time ${n}` });
    const kept = writeBook(desk.state().book);
    const after = stepUsp(
      startUsp(readBook(kept, () => undefined)),
      { on: 'looked', sight: SIGHT, chance: 0.5 },
      RULES,
    )[0];
    const rows = [...siteModel(SIGHT, after, RULES).rows.values()].filter(({ path }) =>
      path.startsWith('Device.X_RELAIS_Restarts.Restart.'),
    );
    expect(rows.map(({ values }) => values.Reason)).toEqual(Array.from({ length: 10 }, (_, n) => `time ${n + 3}`));
    expect(rows[0]?.values).toMatchObject({ Of: 'Link', Name: 'main', By: 'self::support.support-2' });
  });
});

describe('D-3: releases over USP', () => {
  const IMAGE = 'Device.DeviceInfo.FirmwareImage.';
  const slots = [
    { name: 'slot-a', version: '1.0.0', status: 'Active', failure: '' },
    { name: 'slot-b', version: '1.1.0', status: 'Available', failure: '' },
  ];
  const operate = (
    desk: ReturnType<typeof createDesk>,
    command: string,
    inputArgs: Record<string, string>,
    role: 'support-1' | 'support-2' = 'support-2',
  ) =>
    desk.ask({ operate: { command, commandKey: 'up', sendResp: true, inputArgs } }, role).response?.operateResp
      ?.operationResults[0];
  function deskOf(change: Partial<(typeof slots)[number]> = {}) {
    const desk = createDesk();
    const [first, second] = slots;
    desk.see({ firmware: { slots: [first, { ...second, ...change }] as typeof slots, active: 1, updated: false } });
    return desk;
  }

  it('both slots are rows, with what failed and why', () => {
    const desk = deskOf({ status: 'ActivationFailed', failure: 'it ended with status 139 before it was healthy' });
    const found =
      desk.ask(get(`${IMAGE}*.`, 'Device.DeviceInfo.ActiveFirmwareImage')).response?.getResp?.reqPathResults ?? [];
    expect(
      found[0]?.resolvedPathResults.map(({ resultParams }) => [
        resultParams.Version,
        resultParams.Status,
        resultParams.BootFailureLog,
      ]),
    ).toEqual([
      ['1.0.0', 'Active', ''],
      ['1.1.0', 'ActivationFailed', 'it ended with status 139 before it was healthy'],
    ]);
    expect(found[1]?.resolvedPathResults[0]?.resultParams).toEqual({ ActiveFirmwareImage: `${IMAGE}1` });
  });

  it('Download() runs behind its answer, and what was wrong with it is told at its end', () => {
    const desk = deskOf();
    const begun = operate(desk, `${IMAGE}2.Download()`, {
      URL: 'https://releases.example/1.1.0',
      AutoActivate: 'true',
    });
    expect(begun?.reqObjPath).toMatch(/^Device\.LocalAgent\.Request\.\d+\.$/);
    expect(desk.all).toContainEqual({
      ...{ do: 'fetch-release', request: 1, by: 'self::support.support-2' },
      ...{ url: 'https://releases.example/1.1.0', activate: true },
    });
    const settings = {
      ID: 'ends',
      Enable: 'true',
      NotifType: 'OperationComplete',
      ReferenceList: `${IMAGE}2.Download()`,
    };
    const paramSettings = Object.entries(settings).map(([param, value]) => ({ param, value, required: true }));
    desk.ask({ add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.', paramSettings }] } });
    desk.event('joined');
    const told = desk.notices(
      desk.hear({
        on: 'finished',
        request: 1,
        output: {},
        refusal: 'version: 0.9.0 is older than 1.0.0',
        sight: desk.now(),
        chance: 0.5,
      }),
    );
    expect(told.map(({ operComplete }) => operComplete?.cmdFailure)).toEqual([
      { errCode: 7022, errMsg: 'version: 0.9.0 is older than 1.0.0' },
    ]);
  });

  it.each<readonly [string, string, Record<string, string>, Partial<(typeof slots)[number]>, number]>([
    ['without an address', 'Download()', { AutoActivate: 'false' }, {}, 7027],
    [
      'with a name in its address',
      'Download()',
      { URL: 'https://me:secret@releases.example/1.1.0', AutoActivate: 'false' },
      {},
      7027,
    ],
    ['with a password', 'Download()', { URL: 'https://x', AutoActivate: 'false', Password: 'x' }, {}, 7027],
  ])('Download() %s is refused', (_, command, input, change, code) => {
    expect(operate(deskOf(change), `${IMAGE}2.${command}`, input)?.cmdFailure?.errCode).toBe(code);
  });

  it('the image that the box lives on is neither written over nor activated, nor is one that is not there', () => {
    const address = { URL: 'https://x', AutoActivate: 'false' };
    expect(operate(deskOf(), `${IMAGE}1.Download()`, address)?.cmdFailure?.errCode).toBe(7022);
    expect(operate(deskOf(), `${IMAGE}1.Activate()`, {})?.cmdFailure?.errCode).toBe(7022);
    expect(operate(deskOf({ version: '', status: 'NoImage' }), `${IMAGE}2.Activate()`, {})?.cmdFailure?.errCode).toBe(
      7022,
    );
  });

  it('the second level activates, the first does not', () => {
    const desk = deskOf();
    expect(operate(desk, `${IMAGE}2.Activate()`, {}, 'support-1')?.cmdFailure?.errCode).toBe(7006);
    expect(operate(desk, `${IMAGE}2.Activate()`, {})?.cmdFailure).toBeUndefined();
    expect(desk.all).toContainEqual({ do: 'activate-release', by: 'self::support.support-2', request: 1 });
  });
});
