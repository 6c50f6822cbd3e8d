import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PowerEffect,
  type PowerReading,
  type PowerWatch,
  startPowerWatch,
  stepPowerWatch,
} from '../../../agent/machines/power-watch.ts';

const fine: PowerReading = { mains: true, batteryPercent: 100, celsius: 25, serial: 'A' };
const onBattery = (batteryPercent = 90): PowerReading => ({ ...fine, mains: false, batteryPercent });

/** Everything that is told of a row of readings, without the next question. */
function told(readings: readonly (PowerReading | undefined)[], from: PowerWatch = startPowerWatch()) {
  let state = from;
  const effects: PowerEffect[] = [];
  for (const power of readings) {
    const [next, more] = stepPowerWatch(state, { on: 'read', power });
    state = next;
    effects.push(...more.filter((effect) => effect.do !== 'ask-again'));
  }
  return { state, words: effects.map(word) };
}

const word = (effect: PowerEffect): string =>
  effect.do === 'tell' ? effect.event.what : effect.do === 'tell-mains' ? `mains ${effect.on}` : effect.do;

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const nextQuestion = (state: PowerWatch, power: PowerReading | undefined) =>
  stepPowerWatch(state, { on: 'read', power })[1].find((effect) => effect.do === 'ask-again')?.for;

describe('G-7: mains, battery and temperature', () => {
  it.each<readonly [string, readonly (PowerReading | undefined)[], readonly string[]]>([
    ['one reading on battery is nothing', [fine, onBattery(), fine], []],
    ['two are nothing', [fine, onBattery(), onBattery(), fine], []],
    ['three that agree are a cut', [fine, ...times(3, onBattery())], ['mains false']],
    ['and three that agree are its end', [...times(3, onBattery()), ...times(3, fine)], ['mains false', 'mains true']],
    [
      'a line that flutters is told of once it is settled',
      [onBattery(), fine, onBattery(), fine, ...times(3, onBattery())],
      ['mains false'],
    ],
    ['a battery that runs low is an alarm', [...times(3, onBattery(20))], ['mains false', 'battery-low']],
    ['a battery that charges from nothing is none', times(5, { ...fine, batteryPercent: 3 }), []],
    [
      'one that is nearly empty ends the agent in order, once',
      times(8, onBattery(8)),
      ['mains false', 'battery-low', 'rest'],
    ],
    [
      'mains that are back take the alarm away',
      [...times(3, onBattery(15)), ...times(3, fine)],
      ['mains false', 'battery-low', 'mains true', 'battery-fine'],
    ],
    [
      '45 degrees are too warm, 42 are not cool again',
      [...times(3, { ...fine, celsius: 45 }), ...times(9, { ...fine, celsius: 42 })],
      ['too-warm'],
    ],
    [
      '39 are',
      [...times(3, { ...fine, celsius: 45 }), ...times(3, { ...fine, celsius: 39 })],
      ['too-warm', 'cool-again'],
    ],
    ['a unit without a sensor is never too warm', times(9, { mains: true, batteryPercent: 100 }), []],
    ['four questions without an answer are nothing', [fine, ...times(4, undefined), fine], []],
    ['five are a silence, told once', [fine, ...times(9, undefined)], ['ups-silent']],
    ['that ends with the first answer', [fine, ...times(5, undefined), fine], ['ups-silent', 'ups-back']],
    ['a box that never had a UPS tells nothing', times(20, undefined), []],
    [
      'a unit that was exchanged is told by its number',
      [fine, ...times(2, undefined), { ...fine, serial: 'B' }],
      ['ups-exchanged'],
    ],
    [
      'silence is no evidence that the mains came back',
      [...times(3, onBattery()), ...times(9, undefined)],
      ['mains false', 'ups-silent'],
    ],
  ])('%s', (_, readings, words) => {
    expect(told(readings).words).toEqual(words);
  });

  it('goes on from what the record said: a box that starts on battery tells of no second cut', () => {
    expect(told(times(4, onBattery()), startPowerWatch(false)).words).toEqual([]);
    expect(told(times(3, fine), startPowerWatch(false)).words).toEqual(['mains true']);
  });

  it('asks every second while there is doubt, and seldom where nobody answers', () => {
    expect(nextQuestion(startPowerWatch(), fine)).toBe(30_000);
    expect(nextQuestion(startPowerWatch(), onBattery())).toBe(1_000);
    expect(nextQuestion(startPowerWatch(false), onBattery())).toBe(5_000);
    expect(nextQuestion(startPowerWatch(), undefined)).toBe(60_000);
  });

  it('whatever a UPS says, cuts and returns are told in turn, each after three readings that agree', () => {
    const reading = fc.option(
      fc.record({ mains: fc.boolean(), batteryPercent: fc.nat(100), celsius: fc.integer({ min: -40, max: 120 }) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        let state = startPowerWatch();
        let mains = true;
        for (const [at, power] of readings.entries()) {
          const [next, effects] = stepPowerWatch(state, { on: 'read', power });
          for (const effect of effects) {
            if (effect.do !== 'tell-mains') continue;
            expect(effect.on).toBe(!mains);
            mains = effect.on;
            expect(readings.slice(at - 2, at + 1).map((one) => one?.mains)).toEqual(times(3, mains));
          }
          expect(effects.filter((effect) => effect.do === 'ask-again')).toHaveLength(1);
          state = next;
        }
      }),
    );
  });
});
