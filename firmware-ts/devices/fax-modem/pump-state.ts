import type { Filler, PumpTally } from '../../../agent/model/fax-modem.ts';
import type { Millis } from '../../../agent/model/units.ts';
import { type FillCutter, startFillCutter } from './fill-places.ts';

export type PumpRules = {
  readonly filler: Filler;
  /** Bits per second of the modulation. */
  readonly rate: number;
  /** How much is to be in hand before the first octet is written: 0.6 to 1.2 s. */
  readonly lead: Millis;
  /** How many octets the modem is kept ahead of what it has sent, until it says that this is too much. */
  readonly ahead: number;
};

export type PagePump = {
  readonly rules: PumpRules;
  /** Octets that may be written. */
  readonly ready: Uint8Array;
  readonly cutter: FillCutter;
  /** When the modem was ready for octets; undefined before. */
  readonly begun: Millis | undefined;
  readonly firstFed: Millis | undefined;
  /** Since when the modem sends ours; undefined while it sends ones of its own. */
  readonly flowing: Millis | undefined;
  readonly written: number;
  /** When something was written last. */
  readonly latest: Millis | undefined;
  readonly ahead: number;
  readonly held: boolean;
  readonly ended: boolean;
  readonly over: boolean;
  readonly tally: PumpTally;
};

export type PumpEvent =
  | { readonly on: 'begun'; readonly now: Millis }
  | { readonly on: 'fed'; readonly now: Millis; readonly octets: Uint8Array }
  /** XOFF, XON. */
  | { readonly on: 'held'; readonly now: Millis; readonly held: boolean }
  | { readonly on: 'ended' }
  | { readonly on: 'tick'; readonly now: Millis };

/** What to write now; `over` once, with the last octets. */
export type PumpStep = readonly [PagePump, { readonly octets: Uint8Array; readonly over: boolean }];

export const startPump = (rules: PumpRules): PagePump => ({
  rules,
  ready: new Uint8Array(0),
  cutter: startFillCutter(),
  begun: undefined,
  firstFed: undefined,
  flowing: undefined,
  written: 0,
  latest: undefined,
  ahead: rules.ahead,
  held: false,
  ended: false,
  over: false,
  tally: { filler: 0, dry: 0, dropped: 0, refused: 0 },
});
