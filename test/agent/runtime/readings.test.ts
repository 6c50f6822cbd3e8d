import { describe, expect, it } from 'vitest';
import { READING_GROUPS, type ReadingGroup } from '../../../agent/model/box-readings.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createReadings } from '../../../agent/runtime/readings.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { readingGroups } from '../../../agent/usp/agent/reading-groups.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

/** Eyes that count how often they were asked; `silent`: the radio never answers. */
function world(silent = false) {
  const clock = createSimClock(millis(0));
  const asked: ReadingGroup[] = [];
  const readings = createReadings({
    eyes: {
      machine: (done) => {
        asked.push('machine');
        done({ busy: asked.length, processes: [] });
      },
      radio: (done) => {
        asked.push('radio');
        if (!silent) clock.after(seconds(1), () => done({ rssi: -70 }));
      },
    },
    devices: { power: (done) => done({ mains: true, batteryPercent: 50 }) },
    ...{ card: undefined, clock, turns: createTurns() },
  });
  return { clock, asked, readings };
}
const only = (...groups: readonly ReadingGroup[]): ReadonlySet<ReadingGroup> => new Set(groups);

describe('what is read only when somebody looks (M-1)', () => {
  it('M-1: nothing is asked before; fresh answers are told again; what has nothing to say is done at once', () => {
    const { clock, asked, readings } = world();
    let told = 0;
    expect([readings.seen(), asked]).toEqual([{}, []]);
    readings.refresh(only('lamps', 'temperatures'), () => (told += 1));
    readings.refresh(only('machine'), () => (told += 1));
    readings.refresh(only('machine'), () => (told += 1));
    expect([told, asked, readings.seen().machine?.busy]).toEqual([3, ['machine'], 1]);
    clock.advance(seconds(2));
    readings.refresh(only('machine', 'power'), () => (told += 1));
    expect([told, asked, readings.seen().power?.batteryPercent]).toEqual([4, ['machine', 'machine'], 50]);
  });

  it('M-1: who asks while a modem thinks gets the same answer; one that is silent keeps nobody longer than four seconds', () => {
    const { clock, asked, readings } = world();
    let told = 0;
    readings.refresh(only('radio'), () => (told += 1));
    readings.refresh(only('radio'), () => (told += 1));
    expect(told).toBe(0);
    clock.advance(seconds(1));
    expect([told, asked, readings.seen().radio?.rssi]).toEqual([2, ['radio'], -70]);
    const deaf = world(true);
    deaf.readings.refresh(only('radio', 'machine'), () => (told += 1));
    clock.advance(seconds(1));
    deaf.clock.advance(seconds(3));
    expect(told).toBe(2);
    deaf.clock.advance(seconds(1));
    expect([told, deaf.readings.seen().machine?.busy]).toEqual([3, 2]);
  });

  it.each([
    [['Device.'], READING_GROUPS],
    [['Device.DeviceInfo.SerialNumber', 'Device.LocalAgent.'], []],
    [['Device.DeviceInfo.'], ['machine', 'temperatures']],
    [['Device.IP.Interface.*.Status'], []],
    [['Device.IP.Interface.1.Stats.BytesSent'], ['interfaces']],
    [['Device.IP.'], ['interfaces']],
    [['Device.Cellular.Interface.1.RSSI'], ['radio']],
    [['Device.TrustedElements.SIM.[Type=="eSIM"].ICCID'], ['card']],
    [['Device.LocalAgent.Controller.1.AssignedRole+.Name'], READING_GROUPS],
  ] as const)('M-1: %j needs %j', (paths, groups) => {
    expect([...readingGroups(paths)]).toEqual([...groups]);
  });
});
