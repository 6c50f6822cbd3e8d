import { describe, expect, it } from 'vitest';
import { controllerEndpoint } from '../../../agent/model/management.ts';
import { writeMessage } from '../../../agent/usp/wire/message.ts';
import { AGENT, createDesk, required } from './desk.ts';

const REQUESTS = 'Device.LocalAgent.Request.';
const ends = { from: controllerEndpoint('support-2'), to: AGENT };

describe('TR-369: commands that nobody wants an answer to (Operate, send_resp false)', () => {
  it('TP-469 1.62 in part, M-3, M-6: a restart is ordered and recorded, and no OperateResp is sent', () => {
    const desk = createDesk();
    desk.event('joined');
    const operate = { command: 'Device.X_RELAIS_Restart()', commandKey: 'silent', sendResp: false };
    const effects = desk.say('support-2', writeMessage(ends, 'silent-restart', { request: { operate } }));
    expect(effects.filter((effect) => effect.do === 'tell')).toEqual([]);
    expect(effects).toContainEqual(expect.objectContaining({ do: 'start-anew' }));
    expect(desk.deeds()).toMatchObject([{ action: 'operate', message: 'silent-restart', outcome: 0 }]);
    expect(desk.state().book.restart).toMatchObject({ commandKey: 'silent' });
  });

  it('TP-469 1.65: a command that goes on has its row without an answer, and its end is told to who subscribed', () => {
    const desk = createDesk();
    desk.event('joined');
    const subscription = {
      ...{ ID: 'ended', Enable: 'true', NotifType: 'OperationComplete' },
      ReferenceList: 'Device.SelfTestDiagnostics()',
    };
    desk.ask({
      add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.', paramSettings: required(subscription) }] },
    });
    const operate = { command: 'Device.SelfTestDiagnostics()', commandKey: 'silent', sendResp: false };
    const effects = desk.say('support-2', writeMessage(ends, 'silent-test', { request: { operate } }));
    expect(effects.filter((effect) => effect.do === 'tell')).toEqual([]);
    const rows = () =>
      desk.ask({ getInstances: { objPaths: [REQUESTS] } }).response?.getInstancesResp?.reqPathResults[0]?.currInsts;
    expect(rows()).toHaveLength(1);
    const [going] = desk.state().going;
    const told = desk.notices(desk.finish(going?.number ?? 0));
    expect(told).toMatchObject([{ subscriptionId: 'ended', operComplete: { commandKey: 'silent' } }]);
    expect(rows()).toEqual([]);
  });

  it('what is no command at all is an Error (7026) even so, runs nothing, and is recorded', () => {
    const desk = createDesk();
    desk.event('joined');
    const operate = { command: 'Device.NoSuchCommand()', sendResp: false };
    const effects = desk.say('support-2', writeMessage(ends, 'silent-fault', { request: { operate } }));
    expect(effects.flatMap((effect) => (effect.do === 'run' ? [effect] : []))).toEqual([]);
    expect(effects.flatMap((effect) => (effect.do === 'tell' ? [effect.body] : []))).toMatchObject([
      { error: { errCode: 7026 } },
    ]);
    expect(desk.deeds()).toMatchObject([{ action: 'operate', outcome: 7026 }]);
  });
});
