import { type LampView, lampsOf } from '../machines/lamps.ts';
import type { LampStates } from '../model/board.ts';
import { canonical } from '../model/canonical.ts';
import { seconds } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lamps } from '../ports/lamps.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly clock: Clock;
  readonly turns: Turns;
  /** Absent where the box has none that we may light; what they would show is known all the same. */
  readonly lamps: Lamps | undefined;
  readonly view: () => LampView;
};

export interface LampDesk {
  /** Of this very moment, with lamps or without. */
  states(): LampStates;
  stop(): void;
}

const LOOK = seconds(1);

/** Keeps the lamps true to what the agent knows, and answers what they show (G-2, M-3). */
export function createLampDesk({ clock, turns, lamps, view }: Needs): LampDesk {
  const timers = createTimers<'look'>(clock, turns);
  let shown = '';
  const look = (): void => {
    timers.set('look', LOOK, look);
    const states = lampsOf(view());
    const text = canonical(states);
    if (text === shown) return;
    shown = text;
    lamps?.show(states);
  };
  if (lamps !== undefined) timers.set('look', LOOK, look);
  return {
    states: () => lampsOf(view()),
    stop() {
      timers.stop();
      // Without an agent the lamp of the box is dark: it says what is true.
      lamps?.show({ box: 'off', access: 'off', alarm: 'off' });
    },
  };
}
