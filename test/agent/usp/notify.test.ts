import { describe, expect, it } from 'vitest';
import { readBook } from '../../../agent/runtime/support-book.ts';
import { startUsp } from '../../../agent/usp/agent/state.ts';
import { writeBook } from '../../../agent/usp/agent/step.ts';
import { createDesk, required, SIGHT } from './desk.ts';

const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';

function subscribed(values: Readonly<Record<string, string>>) {
  const desk = createDesk();
  desk.answerNotice(desk.event('joined'));
  desk.ask({
    add: {
      createObjs: [{ objPath: SUBSCRIPTION, paramSettings: required({ ID: 'mine', Enable: 'true', ...values }) }],
    },
  });
  const later = (milliseconds: number) => {
    const { mono, wall } = desk.now();
    desk.see({ mono: mono + milliseconds, wall: wall + milliseconds });
    return desk.event('looked');
  };
  return { desk, later };
}
const value = (path: string, more = {}) => subscribed({ NotifType: 'ValueChange', ReferenceList: path, ...more });

describe('notifications (TR-369 1.4, R-NOT)', () => {
  it('TP-469 1.52, 1.53, 1.84: a change is told once, by search paths too, and no more when the subscription is gone', () => {
    const { desk, later } = value('Device.IP.Interface.*.Status,Device.X_RELAIS_Reliability.');
    expect(later(1_000)).toEqual([]);
    desk.see({
      steering: { voice: 'second', data: 'second' },
      links: SIGHT.links.map((link) => ({ ...link, answers: link.name === 'second' })),
    });
    expect(
      desk.notices(later(1_000)).map(({ valueChange }) => [valueChange?.paramPath, valueChange?.paramValue]),
    ).toEqual([
      ['Device.IP.Interface.1.Status', 'Down'],
      ['Device.IP.Interface.2.Status', 'Up'],
      ['Device.X_RELAIS_Reliability.VoiceLink', 'second'],
      ['Device.X_RELAIS_Reliability.DataLink', 'second'],
    ]);
    expect(later(1_000)).toEqual([]);
    desk.ask({ delete: { objPaths: [`${SUBSCRIPTION}1.`] } });
    desk.see({ steering: SIGHT.steering });
    expect(desk.notices(later(1_000))).toEqual([]);
  });

  it('TP-469 1.54, 1.56: unanswered it comes again after 5 to 10 s, then 10 to 20 s, until its expiration', () => {
    const { desk, later } = value('Device.X_RELAIS_Reliability.VoiceLink', {
      NotifRetry: 'true',
      NotifExpiration: '60',
    });
    desk.see({ steering: { voice: 'second', data: 'main' } });
    const [first] = desk.notices(desk.event('looked'));
    expect(first).toMatchObject({ sendResp: true, subscriptionId: 'mine' });
    const times: number[] = [];
    for (let second = 1; second <= 120; second += 1) if (desk.notices(later(1_000)).length > 0) times.push(second);
    // Half-way of each window, for the dice of this test always say one half: 7.5 s, 15 s, 30 s.
    expect(times).toEqual([8, 23, 53]);
    expect(desk.state().book.notices).toEqual([]);
  });

  it('TP-469 1.54: an answer ends it', () => {
    const { desk, later } = value('Device.X_RELAIS_Reliability.VoiceLink', { NotifRetry: 'true' });
    desk.see({ steering: { voice: 'second', data: 'main' } });
    desk.answerNotice(desk.event('looked'));
    expect(later(60_000)).toEqual([]);
  });

  it('TP-469 1.55: a subscription ends with its time to live', () => {
    const { desk, later } = value('Device.X_RELAIS_Reliability.VoiceLink', { TimeToLive: '5' });
    later(4_000);
    expect(Object.keys(desk.state().book.rows)).toContain(`${SUBSCRIPTION}1.`);
    later(2_000);
    expect(Object.keys(desk.state().book.rows)).not.toContain(`${SUBSCRIPTION}1.`);
  });

  it('TP-469 1.59: Periodic! comes at the pace of its controller', () => {
    const { desk, later } = subscribed({ NotifType: 'Event', ReferenceList: 'Device.LocalAgent.Periodic!' });
    const objPath = 'Device.LocalAgent.Controller.2.';
    desk.ask({ set: { updateObjs: [{ objPath, paramSettings: required({ PeriodicNotifInterval: '60' }) }] } });
    const times: number[] = [];
    for (let second = 1; second <= 200; second += 1) if (desk.notices(later(1_000)).length > 0) times.push(second);
    expect(times).toEqual([60, 120, 180]);
  });

  it('TP-469 1.60, 1.101: each controller is asked to take the agent on, until it answers, over restarts', () => {
    const desk = createDesk();
    const effects = desk.event('joined');
    expect(effects.filter((effect) => effect.do === 'greet')).toHaveLength(4);
    expect(desk.notices(effects).filter(({ onBoardReq }) => onBoardReq?.serialNumber === 'relais-0001')).toHaveLength(
      4,
    );
    desk.answerNotice(effects.filter((effect) => effect.do === 'tell' && effect.controller === 2));
    desk.event('left');
    desk.see({ mono: SIGHT.mono + 60_000 });
    expect(desk.notices(desk.event('joined')).map(({ onBoardReq }) => onBoardReq?.serialNumber)).toHaveLength(3);
  });

  it('U-7 in its own way: what was not answered survives a restart with its subscription, and so do values that were set', () => {
    const { desk } = value('Device.X_RELAIS_Reliability.VoiceLink', { NotifRetry: 'true', Persistent: 'true' });
    desk.see({ steering: { voice: 'second', data: 'main' } });
    desk.event('looked');
    const before = desk.state().book;
    const again = startUsp(readBook(writeBook(before), () => undefined)).book;
    expect(again.notices.map(({ msgId, notify }) => [msgId, notify.valueChange])).toEqual(
      before.notices.filter(({ keeps }) => keeps).map(({ msgId, notify }) => [msgId, notify.valueChange]),
    );
    expect(again.notices).toHaveLength(1);
    expect(again.rows[`${SUBSCRIPTION}1.`]).toMatchObject({ ID: 'mine' });
    let damaged = 0;
    expect(readBook('{"rows":', () => (damaged += 1)).rows).toEqual({});
    expect(damaged).toBe(1);
  });
});
