import type { HandsetTone, ModemOrder } from '../model/fax-modem.ts';
import { millis } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

/** A tone for the handset, beat after beat, for the modem sounds one at a time. */
export type HandsetSound = {
  play(tone: HandsetTone | 'none'): void;
  /** The modem is through with a beat, or would not sound it. */
  beaten(): void;
  stop(): void;
};

/** A French exchange rings for 1.5 s and is silent for 3.5 s (ETSI TR 101 041-2). */
const PAUSE = { dial: millis(1), ringing: millis(3_500), busy: millis(1) } as const;

export function createHandsetSound(
  order: (order: ModemOrder) => void,
  { clock, turns }: { readonly clock: Clock; readonly turns: Turns },
): HandsetSound {
  const timers = createTimers<'beat'>(clock, turns);
  let wanted: HandsetTone | 'none' = 'none';
  let sounding = false;
  const beat = (): void => {
    if (sounding || wanted === 'none') return;
    sounding = true;
    order({ do: 'sound', tone: wanted });
  };
  return {
    play(tone) {
      wanted = tone;
      timers.clear('beat');
      beat();
    },
    beaten() {
      sounding = false;
      if (wanted !== 'none') timers.set('beat', PAUSE[wanted], beat);
    },
    stop: () => timers.stop(),
  };
}
