import { type Millis, millis } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { ByteEnd } from '../devices/byte-end.ts';
import type { PhoneSignal } from './phone-signal.ts';

/** How a modem may be worse than T.31. */
export type ModemFaults = {
  /** CONNECT to +FTM comes so much later than the training ends, in milliseconds. */
  readonly lateConnect: number;
  /** So many times +FRM is answered +FCERROR at once. */
  readonly prematureFcerrors: number;
  /** A DLE in what was heard is not doubled. */
  readonly singleDle: boolean;
  /** CONNECT once more when the preamble of +FTH is over and no frame is there. */
  readonly spareConnect: boolean;
  /** OK even when the FCS does not fit. */
  readonly okToBadFrames: boolean;
  /** Octets of the buffer. */
  readonly buffer: number;
  /** XON and XOFF are sent. */
  readonly flowControl: boolean;
  /** +FAR is known. */
  readonly adaptive: boolean;
  /** +FCLASS=8 is known. */
  readonly voice: boolean;
};

/** What went wrong so far; the simulator counts, tests judge. */
export type ModemTally = {
  /** The buffer emptied behind an octet that was not zero: the carrier was dropped. */
  dropped: number;
  /** The buffer emptied behind a zero, and zeros were put in. */
  padded: number;
  /** Octets that found no room. */
  overrun: number;
  /** Frames that came without their CONNECT. */
  framesLost: number;
};

/** The fax machine at the other end of the modem's telephone pair. */
export type MachineSide = {
  readonly dialed: (digits: string) => void;
  readonly answered: () => void;
  readonly hungUp: () => void;
  /** A carrier of the modem begins: flags of V.21, or the training of a page. */
  readonly begins?: (what: 'frames' | 'page') => void;
  /** Flags ended without a last frame. */
  readonly breaksOff?: () => void;
  /** A frame of V.21 was heard to its end, FCS taken off; `last`: the signal ends with it. */
  readonly frame: (octets: Uint8Array, last: boolean) => void;
  /** A fast carrier ended. */
  readonly page: (octets: Uint8Array, modulation: number) => void;
  /** Off-hook in voice class: a beat of tones, as +VTS has it. */
  readonly hears?: (tones: string) => void;
};

/** Which of the box's octets mean what. */
export type ModemMode =
  | { readonly at: 'command' }
  /** A command runs that any octet ends. */
  | { readonly at: 'waiting'; readonly abort: () => void }
  /** A command runs that nothing ends. */
  | { readonly at: 'busy' }
  | { readonly at: 'taking'; readonly take: (octet: number) => void };

/** The modem's insides, shared by its parts. */
export type ModemWorks = {
  readonly cable: ByteEnd;
  readonly clock: Clock;
  readonly faults: ModemFaults;
  readonly machine: MachineSide;
  readonly tally: ModemTally;
  typed: string;
  mode: ModemMode;
  adaptiveOn: boolean;
  voiceClass: boolean;
  watchesPair: boolean;
  fcerrorsLeft: number;
  /** What the machine is sending, and since when. */
  air: { readonly signal: PhoneSignal; readonly since: Millis } | undefined;
  /** Who wants to know when the machine begins to send. */
  onSignal: (() => void) | undefined;
  timers: Cancel[];
};

export const sayLine = (works: ModemWorks, text: string): void =>
  works.cable.say(Uint8Array.from(`\r\n${text}\r\n`, (letter) => letter.charCodeAt(0)));

/** The command is over: its timers are taken away. */
export function ended(works: ModemWorks, text: string): void {
  for (const cancel of works.timers) cancel();
  works.timers = [];
  works.onSignal = undefined;
  works.mode = { at: 'command' };
  works.typed = '';
  sayLine(works, text);
}

/** Runs something later, unless the command is over by then. */
export function later(works: ModemWorks, delay: number, run: () => void): void {
  works.timers.push(works.clock.after(millis(Math.max(0, delay)), run));
}
