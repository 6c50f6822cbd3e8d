import { beforeEach, describe, expect, it } from 'vitest';
import { readBook } from '../../../agent/runtime/support-book.ts';
import { startUsp } from '../../../agent/usp/agent/state.ts';
import { stepUsp, writeBook } from '../../../agent/usp/agent/step.ts';
import { createDesk, RULES, SIGHT } from './desk.ts';
import { type Desk, subscribe, valuesOf } from './read-desk.ts';

const ALL_WELL = {
  links: SIGHT.links.map((link) => ({ ...link, answers: true })),
};
let desk: Desk;
beforeEach(() => {
  desk = createDesk();
  desk.see(ALL_WELL);
  desk.event('joined');
});

const current = (): readonly string[] =>
  Object.entries(valuesOf(desk, 'support-1', 'Device.FaultMgmt.CurrentAlarm.*.SpecificProblem')).map(
    ([, value]) => value,
  );
const history = (): readonly string[] =>
  Object.entries(valuesOf(desk, 'support-1', 'Device.FaultMgmt.HistoryEvent.*.NotificationType')).map(
    ([, value]) => value,
  );

describe('FaultMgmt of TR-181 (M-1, M-3, G-6, G-7)', () => {
  it('M-1, G-6: a link that does not answer is an alarm with its object, and is cleared when it answers', () => {
    expect(current()).toEqual([]);
    desk.see({ links: SIGHT.links });
    desk.event('looked');
    expect(valuesOf(desk, 'support-1', 'Device.FaultMgmt.CurrentAlarm.1.')).toMatchObject({
      'Device.FaultMgmt.CurrentAlarm.1.EventType': 'Communications Alarm',
      'Device.FaultMgmt.CurrentAlarm.1.ProbableCause': 'Loss of Signal',
      'Device.FaultMgmt.CurrentAlarm.1.SpecificProblem': 'link second does not answer',
      'Device.FaultMgmt.CurrentAlarm.1.PerceivedSeverity': 'Major',
      'Device.FaultMgmt.CurrentAlarm.1.ManagedObjectInstance': 'Device.IP.Interface.2',
      'Device.FaultMgmt.CurrentAlarm.1.AdditionalText': '6 probes lost since the start',
    });
    desk.see(ALL_WELL);
    desk.event('looked');
    expect([current(), history()]).toEqual([[], ['NewAlarm', 'ClearedAlarm']]);
  });

  it.each([
    ['U-5: no room for records', { ledger: { ...SIGHT.ledger, recording: false } }, 'no room for records'],
    ['C-3: credit is used up', { credit: { ...SIGHT.credit, limited: true } }, 'credit is used up'],
    ['U-1: the clock is not known', { clock: 'never' }, 'the clock is not known'],
    ['M-3: the central is not reached', { broker: { ...SIGHT.broker, joined: false } }, 'the central is not reached'],
    ['G-7: mains lost', { mains: false }, 'mains lost'],
    ['G-7: battery low', { readings: { power: { mains: false, batteryPercent: 9 } } }, 'battery low'],
    ['V-2: a limit', { limits: ['daily-calls'] }, 'a limit of the contract is reached'],
    [
      'S-12: a silent modem',
      { mobile: { link: 'second', swapping: false }, readings: { silent: ['radio'] } },
      'the modem is silent',
    ],
    [
      'G-7: heat',
      { readings: { temperatures: [{ name: 'board', celsius: 80, highAlarm: 75 }] } },
      'temperature of board',
    ],
  ] as const)('M-1, %s', (_, wrong, problem) => {
    desk.see(wrong);
    desk.event('looked');
    expect(current()).toContain(problem);
    const supported = valuesOf(desk, 'support-1', 'Device.FaultMgmt.SupportedAlarm.*.SpecificProblem');
    expect(Object.values(supported)).toContain(problem);
  });

  it('M-1: a site cut off is the critical alarm beside those of its links', () => {
    desk.see({ links: SIGHT.links.map((link) => ({ ...link, answers: false })) });
    desk.event('looked');
    expect(
      valuesOf(desk, 'support-1', 'Device.FaultMgmt.CurrentAlarm.[PerceivedSeverity=="Critical"].SpecificProblem'),
    ).toEqual({
      'Device.FaultMgmt.CurrentAlarm.3.SpecificProblem': 'no link answers',
    });
  });

  it('M-3: alarms are raised while nobody listens, and who subscribed to their rows is told', () => {
    subscribe(desk, 'ObjectCreation', 'Device.FaultMgmt.CurrentAlarm.');
    subscribe(desk, 'ObjectDeletion', 'Device.FaultMgmt.CurrentAlarm.');
    desk.see({ links: SIGHT.links });
    expect(desk.notices(desk.event('looked')).map(({ objCreation }) => objCreation)).toEqual([
      { objPath: 'Device.FaultMgmt.CurrentAlarm.1.', uniqueKeys: { AlarmIdentifier: '1' } },
    ]);
    desk.see(ALL_WELL);
    expect(desk.notices(desk.event('looked')).map(({ objDeletion }) => objDeletion?.objPath)).toEqual([
      'Device.FaultMgmt.CurrentAlarm.1.',
    ]);
    desk.event('left');
    desk.see({ broker: { ...SIGHT.broker, joined: false } });
    desk.event('looked');
    desk.see({ broker: SIGHT.broker });
    desk.event('joined');
    expect(history().slice(-2)).toEqual(['NewAlarm', 'ClearedAlarm']);
  });

  it('D-3: clients and billing see no alarm; the history has a bound', () => {
    for (let time = 0; time < 60; time += 1) {
      desk.see(time % 2 === 0 ? { links: SIGHT.links } : ALL_WELL);
      desk.event('looked');
    }
    expect(history()).toHaveLength(50);
    expect(valuesOf(desk, 'client', 'Device.FaultMgmt.')).toEqual({});
    expect(valuesOf(desk, 'billing', 'Device.FaultMgmt.')).toEqual({});
  });
});

describe('M-3: what a restart must not lose', () => {
  /** The agent of the next life: what was kept, and a sight that has just begun. */
  const nextLife = (change: Partial<typeof SIGHT>) => {
    const kept = writeBook(desk.state().book);
    const { wall, mono } = desk.now();
    const sight = { ...desk.now(), ...change, wall: wall + 5_000, mono: mono + 5_000, began: mono + 4_000 };
    const book = readBook(kept, () => {
      throw new Error('the book could not be read');
    });
    let state = startUsp(book);
    const look = (later: number, seen: Partial<typeof SIGHT> = {}) => {
      const now = { ...sight, ...seen, wall: sight.wall + later, mono: sight.mono + later };
      [state] = stepUsp(state, { on: 'looked', sight: now, chance: 0.5 }, RULES);
      return {
        current: state.book.alarms.current.map(({ number, problem, raised }) => ({ number, problem, raised })),
        history: state.book.alarms.history.map(({ number, type }) => `${number} ${type}`),
      };
    };
    return look;
  };
  const UNSEEN = { links: SIGHT.links.map(({ answers: _, ...link }) => ({ ...link, answers: undefined })) };
  const LOST = 'link second does not answer';

  it('M-3, G-6: an alarm that stands goes on standing under its number while the next life has not looked yet, and what was is kept', () => {
    desk.see({ links: SIGHT.links });
    desk.event('looked');
    const raised = desk.now().wall;
    const look = nextLife(UNSEEN);
    expect(look(0)).toEqual({ current: [{ number: 1, problem: LOST, raised }], history: ['1 NewAlarm'] });
    expect(look(1_000, { links: SIGHT.links })).toEqual(look(2_000, { links: SIGHT.links }));
    expect(look(61_000, { links: SIGHT.links }).current).toEqual([{ number: 1, problem: LOST, raised }]);
    expect(look(62_000, ALL_WELL)).toEqual({ current: [], history: ['1 NewAlarm', '2 ClearedAlarm'] });
  });

  it('M-3: what is over when the next life has had its minute is cleared, and a new alarm has a number of its own', () => {
    desk.see({ links: SIGHT.links });
    desk.event('looked');
    const look = nextLife(ALL_WELL);
    expect(look(0).current).toHaveLength(1);
    expect(look(60_000).history).toEqual(['1 NewAlarm', '2 ClearedAlarm']);
    expect(look(61_000, { mains: false }).current).toMatchObject([{ number: 2, problem: 'mains lost' }]);
  });
});
