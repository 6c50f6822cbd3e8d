import type { AtCommand } from '../command.ts';
import type { TriesLeft } from '../commands/pin.ts';
import type { SignalDetail } from '../commands/signal.ts';

/** Where a family differs from TS 27.007, as a table. What a family does not have is left out. */
export type Dialect = {
  readonly name: string;
  /** Looked for in what +CGMI, +CGMM and ATI say, in one string; the first dialect that is found is taken. */
  readonly found: RegExp;
  /** Asked once after each start of the modem; a refusal is no harm. */
  readonly setUp: readonly AtCommand<true>[];
  /** Ways to the ICCID that the baseband sees, best first. */
  readonly iccid: readonly AtCommand<string>[];
  /** Ways to the attempts left, best first; after them the card itself is asked (S-8). */
  readonly tries: readonly AtCommand<TriesLeft>[];
  readonly signal: AtCommand<SignalDetail>;
  /** Degrees Celsius of the hottest part. */
  readonly temperature?: AtCommand<number>;
  readonly slot?: SlotDialect;
  readonly restart: AtCommand<true>;
  readonly carrier?: CarrierDialect;
  /** S-5: registers at home only. */
  readonly homeOnly?: Restriction;
  /** S-12: keeps to 2G and 3G, for a line without the 4G option. */
  readonly upTo3G?: Restriction;
};

/** A setting that the modem keeps through a start; it is asked first, for it is written to flash. */
export type Restriction = {
  readonly ask: string;
  /** Lines of the answer. */
  readonly claims: RegExp;
  /** A line that says that it is on. */
  readonly isOn: RegExp;
  readonly on: string;
  readonly off: string;
};

/**
 * Which operator's configuration the modem works with. One that stays from the operator before lets the card be read and
 * not be registered (VoCat#110).
 */
export type CarrierDialect = {
  readonly ask: string;
  /** Lines of the answer. */
  readonly claims: RegExp;
  /** Its first group is the name of the configuration in use. */
  readonly active: RegExp;
  /** Names of those that fit every card, and of those that are chosen by the card. */
  readonly anyCard: RegExp;
  /** Has it chosen by the card at the next start, refusals allowed. */
  readonly anew: readonly string[];
};

/** How a card slot is chosen; all families want the radio down around it, and keep the choice through a restart. */
export type SlotDialect = {
  /** Sent before the choice, refusals allowed: doors to unlock, dual mode to switch on. */
  readonly before: readonly string[];
  /** With `{slot}` where the number goes. */
  readonly choose: string;
  readonly ask: string;
  /** Its first group is the number of the slot in use. */
  readonly answer: RegExp;
  /** How the maker numbers the first slot; ours are 1 and 2. */
  readonly first: 0 | 1;
  /** What makes the modem read the other card. */
  readonly settles: 'radio-cycle' | 'restart';
};
