import type { LampStates } from '../model/board.ts';

/** The lamps of the box. A lamp that cannot be lit is told once, and is no trouble of the site. */
export interface Lamps {
  show(states: LampStates): void;
  close(): void;
}
