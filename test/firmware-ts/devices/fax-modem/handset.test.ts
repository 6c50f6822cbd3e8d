import { expect, it } from 'vitest';
import type { FaxModemNews } from '../../../../agent/model/fax-modem.ts';
import { millis, seconds } from '../../../../agent/model/units.ts';
import { createFaxModem } from '../../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { createClass1Modem } from '../../../../hw-sim/fax/class1-modem.ts';
import type { ModemFaults } from '../../../../hw-sim/fax/modem-works.ts';
import { createTimedCable } from '../../../../hw-sim/fax/timed-cable.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';

function bench(faults: Partial<ModemFaults> = {}) {
  const clock = createSimClock(millis(0));
  const { line, end } = createTimedCable(clock, 115_200);
  const heard: string[] = [];
  const quiet = () => undefined;
  const machine = { dialed: quiet, answered: quiet, hungUp: quiet, frame: quiet, page: quiet };
  const sim = createClass1Modem({
    ...{ cable: end, clock, faults },
    machine: { ...machine, hears: (tones: string) => void heard.push(tones) },
  });
  const modem = createFaxModem(line, clock, { lead: millis(800) });
  const news: FaxModemNews[] = [];
  modem.listen((one) => void news.push(one));
  modem.order({ do: 'set-up' });
  clock.advance(seconds(1));
  return { clock, sim, modem, heard, news: () => news.splice(0) };
}

it('X-1: off-hook, digits and on-hook are told in voice class, wherever the octets are cut', () => {
  const { clock, sim, modem, news } = bench();
  news();
  modem.order({ do: 'watch-handset' });
  clock.advance(seconds(1));
  expect(news()).toEqual([{ on: 'done', order: 'watch-handset' }]);
  for (const code of ['H', '0', '#', '*', 'd', 'h']) sim.key(code);
  clock.advance(seconds(1));
  expect(news()).toEqual([
    { on: 'handset', is: 'lifted' },
    ...['0', '#', '*'].map((digit) => ({ on: 'digit', digit })),
    { on: 'handset', is: 'replaced' },
  ]);
  modem.order({ do: 'leave-handset' });
  clock.advance(seconds(1));
  sim.key('H');
  clock.advance(seconds(1));
  expect(news()).toEqual([{ on: 'done', order: 'leave-handset' }]);
});

it('X-1: tones take their time, and a handset that is lifted meanwhile is told of', () => {
  const { clock, sim, modem, heard, news } = bench();
  modem.order({ do: 'watch-handset' });
  clock.advance(seconds(1));
  news();
  modem.order({ do: 'sound', tone: 'busy' });
  clock.advance(millis(500));
  sim.key('h');
  clock.advance(millis(300));
  expect(news()).toEqual([{ on: 'handset', is: 'replaced' }]);
  clock.advance(millis(400));
  expect(news()).toEqual([{ on: 'done', order: 'sound' }]);
  expect(heard).toEqual(['[440,,50],[,,50]']);
});

it('X-1: a modem without voice class says so', () => {
  const { clock, modem, news } = bench({ voice: false });
  news();
  modem.order({ do: 'watch-handset' });
  clock.advance(seconds(1));
  expect(news()).toEqual([{ on: 'refused', order: 'watch-handset', because: 'error' }]);
});
