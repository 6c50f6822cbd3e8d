import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLINK_HALF, LAMPS, type LampStates, type Shown } from '../model/board.ts';
import type { LampReading, TemperatureReading } from '../model/box-readings.ts';
import type { Lamps } from '../ports/lamps.ts';

/** Lamps that know what they were last told to show: a lamp cannot be asked. */
export function rememberLamps(lamps: Lamps): Lamps & { readonly shown: () => LampStates | undefined } {
  let shown: LampStates | undefined;
  return {
    show(states) {
      shown = states;
      lamps.show(states);
    },
    close: () => lamps.close(),
    shown: () => shown,
  };
}

const SAYS: Readonly<Record<Shown, string>> = { off: 'off', on: 'steady', slow: 'blinks slowly', fast: 'blinks fast' };
/** What color a lamp has stands on the box, not in a file. */
const LIT = 'FFFFFF';

/** G-2: what each lamp shows; none before the agent has shown anything. */
export const readLamps = (states: LampStates | undefined): readonly LampReading[] =>
  states === undefined
    ? []
    : LAMPS.map((name) => ({
        name,
        state: states[name] === 'off' ? 'off' : 'shows',
        reason: SAYS[states[name]],
        cycle: cycleOf(states[name]),
      }));

function cycleOf(shown: Shown): LampReading['cycle'] {
  if (shown === 'off') return [];
  if (shown === 'on') return [{ color: LIT, duration: 1_000, brightness: 100 }];
  const half = { color: LIT, duration: BLINK_HALF[shown] };
  return [
    { ...half, brightness: 100 },
    { ...half, brightness: 0 },
  ];
}

/** G-7: the kernel's thermal zones (Documentation/driver-api/thermal/sysfs-api.rst), by what they are called; none on many a board. */
export function readThermalZones(directory = '/sys/class/thermal'): readonly TemperatureReading[] {
  return namesIn(directory)
    .filter((name) => /^thermal_zone\d+$/.test(name))
    .toSorted((one, other) => numberOf(one) - numberOf(other))
    .map((zone) => {
      const name = textOf(join(directory, zone, 'type')) || zone;
      const thousandths = textOf(join(directory, zone, 'temp'));
      // A zone that is switched off answers an error, and some answer nonsense (sysfs-api.rst: THERMAL_TEMP_INVALID).
      const celsius = /^-?\d+$/.test(thousandths) ? Math.round(Number(thousandths) / 1_000) : Number.NaN;
      return celsius > -274 && celsius < 1_000 ? { name, celsius } : { name };
    });
}

const numberOf = (zone: string): number => Number(zone.slice('thermal_zone'.length));

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
