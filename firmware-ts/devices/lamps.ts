import {
  BLINK_HALF,
  type Board,
  LAMPS,
  type LampCoils,
  type LampName,
  type LampStates,
  type Shown,
} from '../../agent/model/board.ts';
import { type Fault, isFault } from '../../agent/model/fault.ts';
import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Lamps } from '../../agent/ports/lamps.ts';
import { createTurns } from '../turns.ts';
import type { LedFiles } from '../wires/led-files.ts';
import type { ModbusBus } from '../wires/modbus-bus.ts';

type Told = (fault: Fault) => void;

/** Lamps that the kernel drives: it blinks them by itself, so that a busy agent does not. */
export function sysfsLamps(leds: Board['lamps'], files: LedFiles, told: Told): Lamps {
  const inTurn = createTurns();
  const complainOnce = complain(told);
  const show = (lamp: LampName, shown: Shown): void => {
    const led = leds[lamp];
    if (led !== undefined) inTurn(() => light(files, led, shown)).catch(complainOnce);
  };
  return { show: (states) => eachLamp(states, show), close: () => undefined };
}

/** The trigger first: with another one, the brightness is not ours. `timer` makes the two delays appear. */
async function light(files: LedFiles, led: string, shown: Shown): Promise<void> {
  if (shown === 'on' || shown === 'off') {
    await files.write(led, 'trigger', 'none');
    // Any value above the lamp's most is its most.
    return files.write(led, 'brightness', shown === 'on' ? '255' : '0');
  }
  await files.write(led, 'trigger', 'timer');
  await files.write(led, 'delay_on', String(BLINK_HALF[shown]));
  await files.write(led, 'delay_off', String(BLINK_HALF[shown]));
}

type Coils = { readonly bus: ModbusBus; readonly unit: number; readonly coils: LampCoils };

/** Lamps on a Modbus I/O module, which cannot blink: a coil is turned when its lamp should, and when it did not answer. */
export function modbusLamps({ bus, unit, coils }: Coils, clock: Clock, told: Told): Lamps {
  const blinks = new Map<LampName, () => void>();
  const complainOnce = complain(told);
  const turn = (coil: number, on: boolean): Promise<void> => bus.writeCoil(unit, coil, on).catch(complainOnce);
  const show = (lamp: LampName, shown: Shown): void => {
    const coil = coils[lamp];
    if (coil === undefined) return;
    blinks.get(lamp)?.();
    if (shown === 'on' || shown === 'off') {
      // Written again now and then: a module that was exchanged begins dark.
      const steady = (): void => {
        void turn(coil, shown === 'on');
        blinks.set(lamp, clock.after(AGAIN, steady));
      };
      return steady();
    }
    const blink = (on: boolean) => (): void => {
      blinks.set(lamp, clock.after(millis(BLINK_HALF[shown]), blink(!on)));
      void turn(coil, on);
    };
    blink(true)();
  };
  return {
    show: (states) => eachLamp(states, show),
    close() {
      for (const stop of blinks.values()) stop();
      // Behind what was said last.
      void bus.close();
    },
  };
}

const AGAIN = millis(30_000);

function eachLamp(states: LampStates, show: (lamp: LampName, shown: Shown) => void): void {
  for (const lamp of LAMPS) show(lamp, states[lamp]);
}

/** Once for each kind of trouble: a lamp is no reason to fill a log. */
function complain(told: Told): (error: unknown) => void {
  const known = new Set<string>();
  return (error) => {
    if (!isFault(error)) throw error;
    if (known.has(error.code)) return;
    known.add(error.code);
    told(error);
  };
}
