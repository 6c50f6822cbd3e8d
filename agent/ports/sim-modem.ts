import type { LineCheck, Rung, SimSight, SwitchEnd } from '../model/sim-sight.ts';

/** Gives a question up: nothing is answered, and the line is free for the next. */
type GiveUp = () => void;

/** The modem as a swap needs it. That it is silent is news: nothing here throws. One question at a time. */
export interface SimModem {
  /** All but the profiles of an eUICC, which are asked of the card itself. */
  look(done: (seen: Omit<SimSight, 'profiles'> | undefined) => void): GiveUp;
  /** Radio off, the other card holder, radio on: three operations that wear, and none is left out in the middle. */
  choose(slot: 1 | 2, done: (end: SwitchEnd) => void): void;
  climb(rung: Rung, done: () => void): void;
  /** The carrier's configuration by the card in use, and a start with it; nothing on families without any. */
  fit(done: () => void): void;
  /** Registered, and whether traffic passes; undefined where the modem did not say. */
  check(accessPoint: string | undefined, done: (line: LineCheck | undefined) => void): GiveUp;
  /** Enters the PIN of the card in use, if it asks for it, and switches its lock off; false where a try too many would be needed (S-8). */
  open(pin: string, done: (opened: boolean) => void): void;
  /** On the network, or off it; to be said again after each start of the modem. */
  serve(on: boolean, done: () => void): void;
}
