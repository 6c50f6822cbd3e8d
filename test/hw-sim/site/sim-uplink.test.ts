import { describe, expect, test } from 'vitest';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import { HONEST_BROKER } from '../../../hw-sim/site/sim-broker.ts';
import type { SimSite } from '../../../hw-sim/site/site.ts';
import { officeSite } from './office.ts';

function connected(site: SimSite = officeSite('uplink')) {
  const { ports } = site.start();
  const news: string[] = [];
  const central: string[] = [];
  const taken: boolean[] = [];
  site.broker.onUp((topic, payload) => central.push(`${topic} ${payload}`));
  ports.uplink.open((said) => news.push(said.on === 'message' ? `${said.topic} ${said.payload}` : said.on));
  site.clock.advance(seconds(1));
  const publish = (payload: string) => ports.uplink.publish('up', payload, (was) => taken.push(was));
  return { site, ports, news, central, taken, publish };
}

describe('the simulated uplink', () => {
  test('connects, carries both ways in order, and tells what was taken', () => {
    const { site, news, central, taken, publish } = connected();
    for (let i = 0; i < 20; i += 1) publish(`${i}`);
    for (let i = 0; i < 20; i += 1) site.broker.sendDown('down', `${i}`);
    site.clock.advance(seconds(1));
    expect(central).toEqual(Array.from({ length: 20 }, (_, i) => `up ${i}`));
    expect(news).toEqual(['connected', ...Array.from({ length: 20 }, (_, i) => `down ${i}`)]);
    expect(taken).toEqual(new Array(20).fill(true));
  });

  test('queues nothing while it is not connected', () => {
    const site = officeSite('uplink');
    site.links.cut('main');
    const { central, taken, publish } = connected(site);
    publish('lost');
    site.broker.sendDown('down', 'lost');
    site.clock.advance(seconds(1));
    site.links.mend('main');
    site.clock.advance(minutes(1));
    expect([taken, central]).toEqual([[false], []]);
    expect(site.broker.isConnected()).toBe(true);
  });

  test('notices a cut link after the keep-alive time, gives up what it sent, and comes back', () => {
    const { site, news, taken, publish } = connected();
    site.links.cut('main');
    publish('into the void');
    site.clock.advance(seconds(25));
    expect(news).toEqual(['connected']);
    site.clock.advance(seconds(40));
    expect(news).toEqual(['connected', 'disconnected']);
    expect(taken).toEqual([false]);
    site.links.mend('main');
    site.clock.advance(seconds(30));
    expect(news).toEqual(['connected', 'disconnected', 'connected']);
  });

  test('survives a cut that is shorter than the keep-alive time, and delivers late', () => {
    const { site, news, central, taken, publish } = connected();
    site.links.cut('main');
    publish('patient');
    site.clock.advance(seconds(10));
    site.links.mend('main');
    site.clock.advance(seconds(10));
    expect([news, central, taken]).toEqual([['connected'], ['up patient'], [true]]);
  });

  test('hears at once of a broker that stops, and finds it again', () => {
    const { site, news, publish, taken } = connected();
    site.broker.cut();
    site.clock.advance(millis(100));
    expect(news).toEqual(['connected', 'disconnected']);
    publish('nobody');
    site.clock.advance(minutes(1));
    expect(taken).toEqual([false]);
    expect(news).toHaveLength(2);
    site.broker.mend();
    site.clock.advance(seconds(5));
    expect(news.at(-1)).toBe('connected');
  });

  test('a broker that was restarted knows nothing of what was on its way', () => {
    const { site, central, taken, publish } = connected();
    publish('on its way');
    site.broker.cut();
    site.broker.mend();
    site.clock.advance(minutes(1));
    expect([central, taken, site.broker.isConnected()]).toEqual([[], [false], true]);
  });

  test('is dead on the old link when data moves, until it is renewed', () => {
    const { site, ports, news, central, publish } = connected();
    ports.network.install({ voice: 'main', data: 'second' }, () => {});
    site.clock.advance(seconds(1));
    publish('by the wrong way');
    site.clock.advance(seconds(5));
    expect(central).toEqual([]);
    ports.uplink.renew();
    site.clock.advance(seconds(1));
    publish('by the right way');
    site.clock.advance(seconds(1));
    expect(news).toEqual(['connected', 'disconnected', 'connected']);
    expect(central).toEqual(['up by the right way']);
  });

  test('a broker may lose, double and delay what it said it had taken', () => {
    const rules = { ...HONEST_BROKER, loss: 0.2, duplicate: 0.2, late: 0.3, lateBy: seconds(3) };
    const { site, central, taken, publish } = connected(officeSite('dice', {}, { broker: rules }));
    for (let i = 0; i < 500; i += 1) publish(`${i}`);
    site.clock.advance(seconds(10));
    expect(taken).toEqual(new Array(500).fill(true));
    const heard = central.map((line) => Number(line.slice(3)));
    const different = new Set(heard);
    expect(Math.abs(different.size - 400)).toBeLessThan(36);
    expect(heard.length - different.size).toBeGreaterThan(50);
    expect(heard).not.toEqual(heard.toSorted((a, b) => a - b));
  });

  test('a message can arrive though the publisher was told that it was not taken', () => {
    const { site, central, taken, publish } = connected();
    publish('half way');
    // One way takes 12 to 22 ms and the answer as long again: at 23 ms it has arrived and is not acknowledged.
    site.clock.advance(millis(23));
    site.links.cut('main');
    site.clock.advance(minutes(2));
    expect([central, taken]).toEqual([['up half way'], [false]]);
  });

  test('close is the end of it', () => {
    const { site, ports, news } = connected();
    let closed = false;
    ports.uplink.close(() => {
      closed = true;
    });
    site.broker.sendDown('down', 'late');
    site.clock.advance(minutes(5));
    expect([closed, news, site.broker.isConnected()]).toEqual([true, ['connected'], false]);
  });
});
