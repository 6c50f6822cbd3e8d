import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { ByteEnd } from '../devices/byte-end.ts';
import { obeyVoice, tellOfHandset } from './modem-handset.ts';
import { hearFrames, hearPage } from './modem-hears.ts';
import { sendFrames, sendPage } from './modem-sends.ts';
import {
  ended,
  later,
  type MachineSide,
  type ModemFaults,
  type ModemTally,
  type ModemWorks,
  sayLine,
} from './modem-works.ts';
import { type PhoneSignal, RATES, signalMs } from './phone-signal.ts';

/*
 * A Class 1 modem (T.31) behind a byte cable with a telephone pair at its back, at the level of frames and data, the same
 * every time. It is as strict as the worst chips: a page that runs dry behind anything but a zero loses its carrier, training
 * is heard from its beginning only, a frame without a CONNECT of its own is lost, and a V.21 frame whose beginning was missed.
 * Left out: audio and everything that an ear could tell (CNG, CED, echo, levels, TEP), wrong bits on the line but whole damaged
 * frames, retraining, numeric result codes, several commands on one line, S registers, CTS, and of voice class (V.253) everything but
 * the handset, its digits and tones.
 */
type Class1ModemMaking = {
  readonly cable: ByteEnd;
  readonly clock: Clock;
  readonly machine: MachineSide;
  readonly faults?: Partial<ModemFaults>;
};

export type Class1Modem = {
  /** The machine begins to send; answers in how many milliseconds it is through. What it sent before is cut off. */
  readonly hear: (signal: PhoneSignal) => number;
  readonly ring: () => void;
  /** The machine at the pair: H and h are off-hook and on-hook, else a digit. Told of in voice class alone. */
  readonly key: (code: string) => void;
  readonly tally: () => Readonly<ModemTally>;
};

const FAULTLESS: ModemFaults = {
  lateConnect: 0,
  prematureFcerrors: 0,
  singleDle: false,
  spareConnect: false,
  okToBadFrames: false,
  buffer: 1_024,
  flowControl: true,
  adaptive: true,
  voice: true,
};

const CR = 0x0d;

export function createClass1Modem({ cable, clock, machine, faults }: Class1ModemMaking): Class1Modem {
  const all = { ...FAULTLESS, ...faults };
  const works: ModemWorks = {
    cable,
    clock,
    faults: all,
    machine,
    tally: { dropped: 0, padded: 0, overrun: 0, framesLost: 0 },
    typed: '',
    mode: { at: 'command' },
    adaptiveOn: false,
    voiceClass: false,
    watchesPair: false,
    fcerrorsLeft: all.prematureFcerrors,
    air: undefined,
    onSignal: undefined,
    timers: [],
  };
  cable.hear((bytes) => {
    for (const octet of bytes) hearOctet(works, octet);
  });
  return {
    hear(signal) {
      const air = { signal, since: clock.mono() };
      const duration = signalMs(signal);
      works.air = air;
      clock.after(millis(duration), () => {
        if (works.air === air) works.air = undefined;
      });
      works.onSignal?.();
      return duration;
    },
    ring: () => sayLine(works, 'RING'),
    key: (code) => tellOfHandset(works, code),
    tally: () => ({ ...works.tally }),
  };
}

function hearOctet(works: ModemWorks, octet: number): void {
  switch (works.mode.at) {
    case 'taking':
      return works.mode.take(octet);
    case 'waiting':
      return works.mode.abort();
    case 'busy':
      return;
    case 'command':
      if (octet !== CR) {
        works.typed = (works.typed + String.fromCharCode(octet)).slice(-200);
        return;
      }
      return obey(works, works.typed.slice(Math.max(0, works.typed.toUpperCase().indexOf('AT'))));
  }
}

/** V.250 5.4.1: AT, a command, a value. */
function obey(works: ModemWorks, line: string): void {
  works.typed = '';
  if (obeyVoice(works, line)) return;
  const [, name = '', value = ''] = /^AT(\+F[A-Z]+(?=[=?])|[A-Z]*)=?(.*)$/i.exec(line) ?? [];
  switch (name.toUpperCase()) {
    case 'D':
    case 'DT':
      works.machine.dialed(value);
      return hearFrames(works);
    case 'A':
      works.machine.answered();
      return sendFrames(works, true);
    case 'H':
      works.machine.hungUp();
      return sayLine(works, 'OK');
    case '+FTH':
      return sendFrames(works);
    case '+FRH':
      return hearFrames(works);
    case '+FTS':
      works.mode = { at: 'busy' };
      return later(works, 10 * Number(value), () => ended(works, 'OK'));
    case '+FRS':
      return hearSilence(works, 10 * Number(value));
    case '+FTM':
      return withModulation(works, value, (modulation) => sendPage(works, modulation));
    case '+FRM':
      return withModulation(works, value, (modulation) => hearPage(works, modulation));
    case '+FAR':
      works.adaptiveOn = works.faults.adaptive && value === '1';
      return sayLine(works, works.faults.adaptive ? 'OK' : 'ERROR');
    case 'I':
      sayLine(works, works.faults.spareConnect ? 'spandsp soft modem' : 'Simulated fax modem');
      return sayLine(works, 'OK');
    default:
      return sayLine(works, /^AT/i.test(line) ? 'OK' : 'ERROR');
  }
}

function withModulation(works: ModemWorks, value: string, run: (modulation: number) => void): void {
  if (value === '?') {
    sayLine(works, `(3,${Object.keys(RATES).join(',')})`);
    return sayLine(works, 'OK');
  }
  const modulation = Number(value);
  if (RATES[modulation] === undefined) return sayLine(works, 'ERROR');
  run(modulation);
}

/** Silence counts from the end of what the machine sends. */
function hearSilence(works: ModemWorks, wanted: number): void {
  works.mode = { at: 'waiting', abort: () => ended(works, 'OK') };
  const look = (): void => {
    const { air } = works;
    if (air === undefined) return later(works, wanted, () => (works.air === undefined ? ended(works, 'OK') : look()));
    later(works, air.since + signalMs(air.signal) - works.clock.mono() + 1, look);
  };
  look();
}
