import { describe, expect, test } from 'vitest';
import { hours } from '../../../agent/model/units.ts';
import { trafficDay } from '../../../hw-sim/site/traffic-day.ts';
import { PHONES } from './office.ts';

const order = { seed: 'tuesday', calls: 120, phones: PHONES, mainLink: 'main', secondLink: 'second', incidents: true };

/** From 12:00 to the blackout of noon, from there to 13:30, and after 18:00. */
const isPause = (at: number): boolean =>
  (at > hours(12) && at < hours(12.25)) || (at > hours(13.1) && at < hours(13.5)) || at > hours(18);

describe('a planned day', () => {
  test('is the same for the same seed, and plain data', () => {
    const day = trafficDay(order);
    expect(trafficDay(order)).toEqual(day);
    expect(JSON.parse(JSON.stringify(day))).toEqual(day);
    expect(trafficDay({ ...order, seed: 'wednesday' })).not.toEqual(day);
  });

  test('is sorted, holds as many calls as ordered, and most of them in office hours', () => {
    const day = trafficDay({ ...order, calls: 1_000 });
    expect(day.map(({ at }) => at)).toEqual(day.map(({ at }) => at).toSorted((a, b) => a - b));
    const calls = day.filter(({ what }) => what === 'call');
    expect(calls).toHaveLength(1_000);
    const inHours = calls.filter(({ at }) => at >= hours(8) && at < hours(18));
    expect(inHours.length).toBeGreaterThan(900);
  });

  test('has every class of call in it, and emergency calls that are always answered', () => {
    const calls = trafficDay({ ...order, calls: 2_000 }).flatMap((item) => (item.what === 'call' ? [item.call] : []));
    const classes = new Set(calls.filter(({ direction }) => direction === 'outgoing').map((call) => call.class));
    expect([...classes].toSorted()).toEqual([
      'emergency',
      'geographic',
      'international-fixed',
      'mobile',
      'ordinary-special',
    ]);
    const emergencies = calls.filter((call) => call.class === 'emergency');
    expect(emergencies.every(({ destiny }) => destiny.answer === 'answers')).toBe(true);
    const answered = calls.filter(({ destiny }) => destiny.answer === 'answers').length;
    expect(answered / calls.length).toBeGreaterThan(0.75);
  });

  test('ends every trouble that it begins, one at a time on each thing', () => {
    const ends: Readonly<Record<string, string>> = {
      'link-cut': 'link-mended',
      'broker-cut': 'broker-mended',
      'central-stopped': 'central-started',
      'power-cut': 'power-back',
      'agent-killed': 'agent-restarted',
    };
    for (let seed = 0; seed < 50; seed += 1) {
      const open = new Map<string, string>();
      const day = trafficDay({ ...order, seed: `${seed}` });
      for (const item of day) {
        if (item.what === 'call') continue;
        const thing = 'link' in item ? item.link : (item.what.split('-')[0] ?? '').replace(/power|agent/, 'box');
        const wanted = open.get(thing);
        expect(wanted === undefined ? item.what in ends : item.what === wanted).toBe(true);
        if (wanted === undefined) open.set(thing, ends[item.what] ?? '');
        else open.delete(thing);
      }
      expect(open.size).toBe(0);
      const between = day.filter(({ what, at }) => what !== 'call' && isPause(at));
      expect(between).toEqual([]);
    }
  });

  test('takes both links away at once for a moment', () => {
    const items = trafficDay(order).filter(({ what }) => what === 'link-cut');
    const together = items.filter((item) => items.some((other) => other !== item && other.at === item.at));
    expect(together).toHaveLength(2);
  });
});
