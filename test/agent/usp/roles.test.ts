import { describe, expect, it } from 'vitest';
import { controllerEndpoint, SUPPORT_ROLES } from '../../../agent/model/management.ts';
import { encode } from '../../../agent/usp/wire/codec.ts';
import { writeConnect, writeMessage } from '../../../agent/usp/wire/message.ts';
import { RecordShape } from '../../../agent/usp/wire/record-shape.ts';
import { AGENT, createDesk, get, required, SIGHT } from './desk.ts';

const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';
const friendly = {
  set: { updateObjs: [{ objPath: 'Device.DeviceInfo.', paramSettings: required({ FriendlyName: 'x' }) }] },
};
const subscribe = { add: { createObjs: [{ objPath: SUBSCRIPTION, paramSettings: required({ ID: 'mine' }) }] } };

/** What each role reads (r), sets (w), subscribes (s), diagnoses (d), restarts (x). */
const MATRIX = [
  [
    'support-1',
    { box: true, credit: false, ledger: true, lines: 2, broker: true, sets: false, diagnoses: true, restarts: false },
  ],
  [
    'support-2',
    { box: true, credit: true, ledger: true, lines: 2, broker: true, sets: true, diagnoses: true, restarts: true },
  ],
  [
    'billing',
    { box: false, credit: true, ledger: true, lines: 2, broker: false, sets: false, diagnoses: false, restarts: false },
  ],
  [
    'client',
    {
      box: false,
      credit: false,
      ledger: false,
      lines: 1,
      broker: false,
      sets: false,
      diagnoses: false,
      restarts: false,
    },
  ],
] as const;

describe('roles from ControllerTrust (M-1, M-6)', () => {
  it.each(MATRIX)('TP-469 2.11 to 2.18, 2.22: what %s may, and nothing else', (role, may) => {
    const desk = createDesk();
    const reads = (path: string): boolean =>
      (desk.ask(get(path), role).response?.getResp?.reqPathResults[0]?.resolvedPathResults ?? []).length > 0;
    const operates = (command: string): boolean => {
      const { response } = desk.ask({ operate: { command, sendResp: true } }, role);
      return response?.operateResp?.operationResults.every(({ cmdFailure }) => cmdFailure === undefined) ?? false;
    };
    const lines = desk.ask(get('Device.Services.VoiceService.1.CallControl.Line.*.DirectoryNumber'), role).response;
    expect({
      box: reads('Device.DeviceInfo.MemoryStatus.Total'),
      credit: reads('Device.X_RELAIS_Credit.MicroEuroLeft'),
      ledger: reads('Device.X_RELAIS_Ledger.Size'),
      lines: lines?.getResp?.reqPathResults[0]?.resolvedPathResults.length,
      broker: reads('Device.MQTT.Client.1.BrokerAddress'),
      sets: desk.ask(friendly, role).error === undefined,
      diagnoses: operates('Device.SelfTestDiagnostics()'),
      restarts: operates('Device.X_RELAIS_Restart()'),
    }).toEqual(may);
    expect(reads('Device.LocalAgent.EndpointID')).toBe(true);
    expect(desk.ask(subscribe, role).error).toBeUndefined();
  });

  it('subscriptions are their maker’s own: others of less than the second level neither see nor delete them', () => {
    const desk = createDesk();
    desk.ask(subscribe, 'billing');
    const seen = (role: (typeof SUPPORT_ROLES)[number]) =>
      desk.ask({ getInstances: { objPaths: [SUBSCRIPTION] } }, role).response?.getInstancesResp?.reqPathResults[0]
        ?.currInsts.length;
    expect(SUPPORT_ROLES.map(seen)).toEqual([0, 1, 1, 0]);
    desk.ask({ delete: { objPaths: [`${SUBSCRIPTION}1.`] } }, 'client');
    expect(seen('billing')).toBe(1);
  });

  it('M-6: what was refused is recorded as what was done, with its code', () => {
    const desk = createDesk();
    desk.ask(friendly, 'client');
    desk.ask(get('Device.'), 'client');
    expect(desk.deeds()).toEqual([
      {
        by: 'self::support.client',
        action: 'set',
        message: 'question-1',
        paths: ['Device.DeviceInfo.FriendlyName=x'],
        outcome: 7006,
      },
    ]);
  });

  it('M-7: no password is ever read', () => {
    const desk = createDesk();
    const values = desk.ask(get('Device.MQTT.Client.1.Password')).response?.getResp?.reqPathResults[0]
      ?.resolvedPathResults;
    expect(values).toEqual([{ resolvedPath: 'Device.MQTT.Client.1.', resultParams: { Password: '' } }]);
  });
});

describe('records (TR-369 1.4, R-MTP.5, R-SEC.0a)', () => {
  const question = (from: string, to: string) =>
    writeMessage({ from, to }, 'one', { request: get('Device.Time.Status') });
  const me = controllerEndpoint('support-2');
  /** All but what goes into the book of alarms meanwhile. */
  const listener = () => {
    const desk = createDesk();
    return {
      say: (...said: Parameters<typeof desk.say>) => desk.say(...said).filter((effect) => effect.do !== 'keep'),
    };
  };

  it('TP-469 2.1, 2.2, D-3: silence for what is for another, from itself, or in a false name, which is an alarm', () => {
    const desk = listener();
    expect(desk.say('support-2', question(AGENT, AGENT))).toEqual([]);
    expect(desk.say('support-2', question(me, 'self::relais-0002'))).toEqual([]);
    expect(desk.say('client', question(me, AGENT))).toMatchObject([{ do: 'alarm', from: me }]);
    expect(desk.say('support-2', question(me, AGENT))).toMatchObject([{ do: 'tell', msgId: 'one' }]);
    expect(desk.say('support-2', writeConnect({ from: me, to: AGENT }, 'x'))).toEqual([]);
  });

  it('TP-469 3.8 as an agent without sessions: a session is refused with 7106 and the connection stays', () => {
    const desk = listener();
    const record = encode(RecordShape, { version: '1.4', toId: AGENT, fromId: me, sessionContext: { sessionId: 1 } });
    expect(desk.say('support-2', record)).toEqual([{ do: 'end-session', controller: 2 }]);
    expect(desk.say('support-2', question(me, AGENT))).toMatchObject([{ do: 'tell' }]);
  });

  it('a flood of one controller is answered a hundred times at once and fifty times a second, another one at once', () => {
    const desk = createDesk();
    const answered = (count: number) =>
      Array.from({ length: count }, () => desk.ask(get('Device.Time.Status')).response).filter(
        (one) => one !== undefined,
      ).length;
    expect(answered(300)).toBe(100);
    desk.see({ mono: SIGHT.mono + 1_000 });
    expect(answered(300)).toBe(50);
    expect(desk.ask(get('Device.LocalAgent.EndpointID'), 'client').response).toBeDefined();
  });

  it('security line 4: false names on a topic, and what is refused, cost its owner the turn; the log has fifty lines a second at most', () => {
    const desk = createDesk();
    const alarms = (count: number) =>
      Array.from({ length: count }, () => desk.say('client', question(me, AGENT))).filter(
        ([one]) => one?.do === 'alarm',
      );
    expect(alarms(300)).toHaveLength(100);
    expect(desk.ask(get('Device.LocalAgent.EndpointID'), 'client').response).toBeUndefined();
    desk.see({ mono: SIGHT.mono + 1_000 });
    expect(alarms(300)).toHaveLength(50);
  });
});
