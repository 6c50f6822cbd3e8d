import type { BoxReadings, CardReading, ReadingGroup } from '../model/box-readings.ts';
import { type Millis, minutes, seconds } from '../model/units.ts';
import type { BoxEyes } from '../ports/box-eyes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Devices } from '../ports/devices.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly eyes: BoxEyes | undefined;
  readonly devices: Pick<Devices, 'power'>;
  /** The card of the mobile line; absent where the box has no modem. */
  readonly card: ((done: (seen: CardReading | undefined) => void) => void) | undefined;
  readonly clock: Clock;
  readonly turns: Turns;
};

/** What is read only when somebody looks there: nothing is asked of a device, and nothing is held, before (M-1). */
export interface Readings {
  seen(): BoxReadings;
  /** `done` at once where what is known is fresh enough, otherwise in a turn of its own, after a bounded time. */
  refresh(groups: ReadonlySet<ReadingGroup>, done: () => void): void;
}

/** So old may an answer be: a card is a matter of seconds to read, and changes by order. */
const FRESH: Readonly<Record<ReadingGroup, Millis>> = {
  ...{ interfaces: seconds(1), machine: seconds(1), radio: seconds(10), card: minutes(1) },
  ...{ temperatures: seconds(10), lamps: seconds(1), power: seconds(10) },
};
const PATIENCE = seconds(4);

type Ask = (done: (value: unknown) => void) => void;

export function createReadings(needs: Needs): Readings {
  const { clock, turns } = needs;
  const asks = asksOf(needs);
  const at = new Map<ReadingGroup, number>();
  const under = new Map<ReadingGroup, (() => void)[]>();
  let seen: BoxReadings = {};

  function ask(group: ReadingGroup, done: () => void): void {
    const waiting = under.get(group);
    if (waiting !== undefined) return void waiting.push(done);
    const all = [done];
    under.set(group, all);
    asks.get(group)?.((value) => {
      under.delete(group);
      at.set(group, clock.mono());
      const others = (seen.silent ?? []).filter((one) => one !== group);
      seen = { ...seen, [group]: value, silent: value === undefined ? [...others, group] : others };
      for (const one of all) one();
    });
  }

  const isStale = (group: ReadingGroup): boolean => {
    const known = at.get(group);
    return asks.has(group) && (known === undefined || clock.mono() - known >= FRESH[group]);
  };

  return {
    seen: () => seen,
    refresh(groups, done) {
      const stale = [...groups].filter(isStale);
      if (stale.length === 0) return done();
      let left = stale.length;
      let isOver = false;
      const finish = (): void => {
        if (isOver) return;
        isOver = true;
        giveUp();
        turns(done);
      };
      // A modem that thinks for long keeps nobody waiting: what it said last is told.
      const giveUp = clock.after(PATIENCE, finish);
      for (const group of stale)
        ask(group, () => {
          left -= 1;
          if (left === 0) finish();
        });
    },
  };
}

function asksOf({ eyes, devices, card }: Needs): ReadonlyMap<ReadingGroup, Ask> {
  const asks = new Map<ReadingGroup, Ask>([['power', (done) => devices.power(done)]]);
  if (card !== undefined) asks.set('card', card);
  for (const group of ['interfaces', 'machine', 'radio', 'temperatures', 'lamps'] as const) {
    const look = eyes?.[group];
    if (look !== undefined) asks.set(group, (done) => look.call(eyes, done));
  }
  return asks;
}
