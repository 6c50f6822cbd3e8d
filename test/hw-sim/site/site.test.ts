import { describe, expect, test } from 'vitest';
import { hours, millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { SimCall } from '../../../hw-sim/site/call-plan.ts';
import type { DayItem } from '../../../hw-sim/site/day-incidents.ts';
import { playDay } from '../../../hw-sim/site/play-day.ts';
import { HONEST_BROKER } from '../../../hw-sim/site/sim-broker.ts';
import type { SimLife, SimSite } from '../../../hw-sim/site/site.ts';
import { trafficDay } from '../../../hw-sim/site/traffic-day.ts';
import { officeSite, PHONES, passingAgent, probingAgent } from './office.ts';

const day = (incidents: boolean): readonly DayItem[] =>
  trafficDay({ seed: 'day', calls: 120, phones: PHONES, mainLink: 'main', secondLink: 'second', incidents });

function live(site: SimSite, items: readonly DayItem[], agent: (life: SimLife) => void): readonly SimCall[] {
  agent(site.start());
  playDay(site, items, { agentStarts: agent, central: () => {} });
  site.clock.runUntil(hours(24));
  return site.voice.truth();
}

/** A call went as planned when it lasted what it should, or failed as it should. */
function asPlanned(call: SimCall): boolean {
  const { answer, talk, hungUpBy } = call.plan.destiny;
  if (answer === 'busy') return call.refusedWith === 486;
  if (answer === 'rings-out') return call.refusedWith === 487 && call.gaveUp;
  const since = hungUpBy === 'caller' ? call.connectedAt : call.answeredAt;
  const lasted = (call.endedAt ?? 0) - (since ?? 0);
  return call.endedBy === hungUpBy && call.releasedAt !== undefined && lasted === talk;
}

describe('a day on the simulated site', () => {
  test('all planned calls go as planned through an agent that passes every byte', () => {
    const calls = live(officeSite('clean'), day(false), passingAgent);
    expect(calls).toHaveLength(120);
    expect(calls.filter((call) => !asPlanned(call))).toEqual([]);
  });

  test('and also over links that lose one datagram in ten and let one in five be overtaken', () => {
    const site = officeSite('lossy', { loss: 0.1, reorder: 0.2 });
    const calls = live(site, day(false), passingAgent);
    expect(calls.filter((call) => !asPlanned(call))).toEqual([]);
    const clean = officeSite('lossy');
    live(clean, day(false), passingAgent);
    expect(site.clock.fired()).toBeGreaterThan(clean.clock.fired());
  });

  test('every call comes to an end on a day full of incidents', () => {
    const calls = live(officeSite('incidents', { loss: 0.01 }), day(true), passingAgent);
    expect(calls.filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
    expect(calls.filter(asPlanned).length).toBeGreaterThan(100);
  });

  test('the same seed makes the same day, to the last datagram; another seed another one', () => {
    const broker = { ...HONEST_BROKER, loss: 0.1, late: 0.1, lateBy: seconds(2) };
    const run = (seed: string) => {
      const site = officeSite(seed, { loss: 0.05, reorder: 0.1 }, { broker });
      const calls = live(site, day(true), probingAgent);
      const { clock, journal, voice, network } = site;
      return [calls, clock.fired(), journal.hash(), voice.datagrams(), network.history()];
    };
    const [first, again, other] = [run('one'), run('one'), run('two')];
    expect(again).toEqual(first);
    expect(other[2]).not.toEqual(first[2]);
  });

  test('a day with a probe on each link every two seconds is cheap: three timers for two probes, and little else', () => {
    const site = officeSite('fast');
    const began = process.cpuUsage();
    live(site, day(true), probingAgent);
    const { user } = process.cpuUsage(began);
    expect(site.clock.fired()).toBeGreaterThan(120_000);
    expect(site.clock.fired()).toBeLessThan(145_000);
    // A tenth of this on an idle machine; the rest is for coverage and for neighbors.
    expect(user / 1_000).toBeLessThan(2_500);
  });
});

describe('the end of a life', () => {
  test('a dead agent hears nothing, its timers never fire, and its orders are not carried out', () => {
    const site = officeSite('dead');
    const { ports } = site.start();
    const heard: string[] = [];
    const hear = (what: string) => () => heard.push(what);
    ports.uplink.open(hear('uplink'));
    ports.probes.open(hear('probe'));
    ports.probes.send('main', 1);
    ports.clock.after(millis(5), hear('timer'));
    ports.recordStore.openEpoch('00000000000000aa', 'first', hear('store'));
    ports.devices.signal(hear('signal'));
    ports.network.install({ voice: 'main', data: 'main' }, hear('network'));
    site.kill();
    ports.clock.after(millis(5), hear('timer of the dead'));
    ports.network.relay(true, hear('relay'));
    ports.uplink.publish('up', 'x', hear('publish'));
    site.clock.advance(minutes(10));
    expect(heard).toEqual([]);
    expect(site.network.relay()).toBe('straight');
    expect(site.broker.isConnected()).toBe(false);
  });

  test('it may come in the middle of a callback, and the rest of that callback does nothing', () => {
    const site = officeSite('middle');
    const { ports } = site.start();
    ports.recordStore.openEpoch('00000000000000aa', 'first', () => {
      ports.recordStore.append([{ seq: 1, body: 'one' }], () => {
        site.kill();
        ports.recordStore.append([{ seq: 2, body: 'two' }], () => {});
      });
    });
    site.clock.advance(minutes(1));
    expect(site.disk.rows()).toEqual([{ seq: 1, body: 'one' }]);
  });

  test('the way is opened one second after the death, or by the next life if that comes sooner', () => {
    const site = officeSite('open');
    passingAgent(site.start());
    site.clock.advance(seconds(1));
    site.kill();
    site.clock.advance(millis(999));
    expect(site.network.relay()).toBe('through');
    site.clock.advance(millis(1));
    expect(site.network.relay()).toBe('straight');
    passingAgent(site.restart());
    site.clock.advance(seconds(1));
    site.restart();
    expect(site.network.relay()).toBe('straight');
    expect(site.network.history().filter(({ did }) => did === 'fail-open')).toHaveLength(2);
  });

  test('the next life finds what survived, in the same boot or in a new one that counts time from its own start', () => {
    const site = officeSite('again');
    const first = site.start();
    first.ports.recordStore.openEpoch('00000000000000aa', 'first', () => {});
    first.ports.recordStore.append([{ seq: 1, body: 'one' }], () => {});
    site.clock.advance(minutes(1));
    const second = site.restart();
    expect(second.ports.recordStore.state()).toMatchObject({ epoch: '00000000000000aa', head: { seq: 1 } });
    expect(second.boot).toBe(first.boot);
    expect(second.ports.clock.mono()).toBe(60_000);
    site.powerCut();
    site.clock.advance(minutes(1));
    const third = site.start();
    expect(third.boot).not.toBe(first.boot);
    expect([third.ports.clock.mono(), site.network.installed()]).toEqual([0, false]);
    expect(third.ports.recordStore.state().head).toEqual({ seq: 1, body: 'one' });
    expect(third.ports.random.hex(8)).not.toBe(second.ports.random.hex(8));
  });

  test('two agents cannot live at once', () => {
    const site = officeSite('two');
    site.start();
    expect(() => site.start()).toThrow('alive');
  });
});
