import { expect, test } from 'vitest';
import { hours, millis, seconds } from '../../../agent/model/units.ts';
import type { LanDevice, Power, Signal } from '../../../agent/ports/devices.ts';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimDevices } from '../../../hw-sim/site/sim-devices.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';

function bench() {
  const clock = createSimClock(millis(0));
  const shelf = createSimDevices(clock, createSimRandom('devices'));
  const life = createLife(1, 'boot');
  const port = shelf.port(life);
  const ask = <T>(question: (done: (answer: T) => void) => void): readonly T[] => {
    const answers: T[] = [];
    question((answer) => answers.push(answer));
    clock.advance(seconds(5));
    return answers;
  };
  return { clock, shelf, life, port, ask };
}

test('the battery runs down while the mains are cut and fills again after', () => {
  const { clock, shelf, port, ask } = bench();
  shelf.cutMains();
  clock.advance(hours(1));
  expect(ask<Power | undefined>(port.power)).toEqual([{ mains: false, batteryPercent: 50 }]);
  shelf.mendMains();
  clock.advance(hours(1.5));
  expect(ask<Power | undefined>(port.power)).toEqual([{ mains: true, batteryPercent: 75 }]);
});

test('the signal walks by itself, inside what a modem can say, and the same whether asked or not', () => {
  const [asked, left] = [bench(), bench()];
  const seen = new Set<number | undefined>();
  for (let hour = 0; hour < 24; hour += 1) {
    const [signal] = asked.ask<Signal | undefined>(asked.port.signal);
    seen.add(signal?.rssiDbm);
    asked.clock.runUntil(hours(hour + 1));
  }
  left.clock.runUntil(hours(24));
  expect(seen.size).toBeGreaterThan(3);
  for (const dbm of seen) expect(dbm).toSatisfy((value: number) => value >= -113 && value <= -51 && value % 2 !== 0);
  expect(left.ask(left.port.signal)).toEqual(asked.ask(asked.port.signal));
});

test('a silent modem is news, not an error', () => {
  const { shelf, port, ask } = bench();
  shelf.silenceModem(true);
  expect(ask<Signal | undefined>(port.signal)).toEqual([undefined]);
});

test('one device is on the LAN, and the dead and the closed hear of nothing', () => {
  const { life, port, shelf, ask } = bench();
  expect(ask<readonly LanDevice[]>(port.inventory)[0]).toHaveLength(1);
  const closed = shelf.port(life);
  closed.close();
  expect(ask(closed.inventory)).toEqual([]);
  life.end();
  expect(ask(port.inventory)).toEqual([]);
});
