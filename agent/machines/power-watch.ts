import type { BoxEvent } from '../model/box-event.ts';
import { type Millis, seconds } from '../model/units.ts';

/*
 *   unknown ──answers──▶ mains ──three readings say no──▶ battery ──three readings say yes──▶ mains
 *                          │ five questions without an answer: silent ──answers──▶ back to what it says then
 *
 * What a UPS says once is nothing: lines are switched, units are exchanged, a self-test looks like a cut. Three readings
 * that agree are news (G-7), a second apart while there is doubt. A battery that runs out ends the agent in order, so
 * that the ledger is closed on the medium; links and calls go on without it as long as there is power (V-1).
 */

export type PowerReading = {
  readonly mains: boolean;
  readonly batteryPercent: number;
  /** Of the battery, in degrees Celsius; absent where the unit has no sensor. */
  readonly celsius?: number | undefined;
  /** Tells one unit from another. */
  readonly serial?: string | undefined;
};

export type PowerWatch = {
  readonly mains: boolean;
  readonly low: boolean;
  readonly warm: boolean;
  readonly resting: boolean;
  readonly serial: string | undefined;
  /** Answered once; a box without a UPS has nothing to tell. */
  readonly known: boolean;
  readonly silent: boolean;
  /** Questions in a row without an answer. */
  readonly missed: number;
  /** Readings in a row that contradict what holds, by what they contradict. */
  readonly doubts: Readonly<Record<'mains' | 'low' | 'warm' | 'empty', number>>;
};

export type PowerEvent = { readonly on: 'read'; readonly power: PowerReading | undefined };

export type PowerEffect =
  | { readonly do: 'tell'; readonly event: BoxEvent }
  | { readonly do: 'tell-mains'; readonly on: boolean; readonly batteryPercent: number }
  | { readonly do: 'rest'; readonly batteryPercent: number }
  | { readonly do: 'ask-again'; readonly for: Millis };

type Step = readonly [PowerWatch, readonly PowerEffect[]];

const AGREEING = 3;
const MISSED = 5;
/** Percent of the battery: an alarm, and the end of the agent. They are over once it has charged a little. */
const LOW = 20;
const EMPTY = 8;
const FINE = 30;
/** Degrees Celsius: above 45 a lead battery ages by months in days. */
const WARM = 45;
const COOL = 40;

const DOUBT = seconds(1);
const ON_BATTERY = seconds(5);
const AT_REST = seconds(30);
const ABSENT = seconds(60);

const NO_DOUBTS = { mains: 0, low: 0, warm: 0, empty: 0 } as const;

/** `mains`: what the record said last. */
export const startPowerWatch = (mains = true): PowerWatch => ({
  ...{ mains, low: false, warm: false, resting: false, serial: undefined },
  ...{ known: false, silent: false, missed: 0, doubts: NO_DOUBTS },
});

export function stepPowerWatch(state: PowerWatch, { power }: PowerEvent): Step {
  return power === undefined ? onSilence(state) : onReading(state, power);
}

function onSilence(state: PowerWatch): Step {
  const missed = state.missed + 1;
  const falls = state.known && !state.silent && missed >= MISSED;
  const next = { ...state, missed, silent: state.silent || falls, doubts: NO_DOUBTS };
  const again = { do: 'ask-again', for: state.known && !next.silent ? DOUBT : ABSENT } as const;
  return falls ? [next, [{ do: 'tell', event: { what: 'ups-silent' } }, again]] : [next, [again]];
}

function onReading(before: PowerWatch, power: PowerReading): Step {
  const effects: PowerEffect[] = [];
  const tell = (event: BoxEvent): void => void effects.push({ do: 'tell', event });
  if (before.silent) tell({ what: 'ups-back' });
  const exchanged = before.serial !== undefined && power.serial !== undefined && before.serial !== power.serial;
  if (exchanged) tell({ what: 'ups-exchanged', of: power.serial });
  const doubts = doubtsOf(before, power);
  const sure = (which: keyof typeof doubts): boolean => doubts[which] >= AGREEING;
  const mains = sure('mains') ? power.mains : before.mains;
  const low = sure('low') ? !before.low : before.low;
  const warm = sure('warm') ? !before.warm : before.warm;
  const resting = sure('empty') && !before.resting ? true : before.resting && !mains;
  const value = Math.round(power.batteryPercent);
  if (mains !== before.mains) effects.push({ do: 'tell-mains', on: mains, batteryPercent: value });
  if (low !== before.low) tell({ what: low ? 'battery-low' : 'battery-fine', value });
  if (warm !== before.warm) tell({ what: warm ? 'too-warm' : 'cool-again', value: Math.round(power.celsius ?? 0) });
  if (resting && !before.resting) effects.push({ do: 'rest', batteryPercent: value });
  const settled = (which: keyof typeof doubts): number => (sure(which) ? 0 : doubts[which]);
  const left = { mains: settled('mains'), low: settled('low'), warm: settled('warm'), empty: settled('empty') };
  const doubtful = Object.values(left).some((count) => count > 0);
  effects.push({ do: 'ask-again', for: doubtful ? DOUBT : mains ? AT_REST : ON_BATTERY });
  const serial = power.serial ?? before.serial;
  return [{ mains, low, warm, resting, serial, known: true, silent: false, missed: 0, doubts: left }, effects];
}

/** A unit that charges says a low percentage with its mains on: that is no low battery. */
function doubtsOf(state: PowerWatch, power: PowerReading): PowerWatch['doubts'] {
  const { mains, batteryPercent, celsius } = power;
  const lowNow = state.low ? batteryPercent < FINE && !mains : !mains && batteryPercent <= LOW;
  const warmNow = celsius === undefined ? state.warm : celsius >= (state.warm ? COOL : WARM);
  const count = (which: keyof PowerWatch['doubts'], contradicts: boolean): number =>
    contradicts ? state.doubts[which] + 1 : 0;
  return {
    mains: count('mains', mains !== state.mains),
    low: count('low', lowNow !== state.low),
    warm: count('warm', warmNow !== state.warm),
    empty: count('empty', !mains && batteryPercent <= EMPTY && !state.resting),
  };
}
