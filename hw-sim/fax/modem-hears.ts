import { doubled, withCheck } from './dle-octets.ts';
import { ended, later, type ModemWorks, sayLine } from './modem-works.ts';
import { frameMs, PREAMBLE_MS, RATES, trainingOf } from './phone-signal.ts';

/** Flags are known after so long. */
const DETECTION_MS = 50;
/** A frame whose beginning is longer past is lost. */
const LATEST_MS = 60;
const CHUNK_MS = 20;
const END = Uint8Array.of(0x10, 0x03);

/** +FRH=3: CONNECT at flags, then the next frame that begins (T.31 8.3.6). */
export function hearFrames(works: ModemWorks): void {
  works.mode = { at: 'waiting', abort: () => ended(works, 'OK') };
  const look = (): void => {
    const { air } = works;
    if (air?.signal.is !== 'frames') return;
    const elapsed = works.clock.mono() - air.since;
    let begins = PREAMBLE_MS;
    for (const frame of air.signal.frames) {
      const mine = begins;
      begins += frameMs(frame);
      if (mine + LATEST_MS < elapsed) continue;
      works.onSignal = undefined;
      later(works, Math.min(DETECTION_MS, Math.max(0, mine - elapsed)), () => sayLine(works, 'CONNECT'));
      later(works, begins - elapsed, () => deliverFrame(works, frame));
      return;
    }
  };
  works.onSignal = look;
  look();
}

/** A frame whose address is not that of T.30 stands for one that the line damaged: its FCS is that of the true one. */
function deliverFrame(works: ModemWorks, frame: Uint8Array): void {
  const damaged = frame[0] !== 0xff;
  const octets = withCheck(damaged ? Uint8Array.from([0xff, ...frame.subarray(1)]) : frame);
  if (damaged) octets[0] = frame[0] ?? 0;
  works.cable.say(works.faults.singleDle ? octets : doubled(octets));
  works.cable.say(END);
  ended(works, damaged && !works.faults.okToBadFrames ? 'ERROR' : 'OK');
}

/** +FRM: CONNECT once trained, which only works from the beginning of the signal (T.31 8.3.6). */
export function hearPage(works: ModemWorks, modulation: number): void {
  const abort = (): void => ended(works, 'OK');
  works.mode = { at: 'waiting', abort };
  if (works.fcerrorsLeft > 0) {
    works.fcerrorsLeft -= 1;
    later(works, 20, () => ended(works, '+FCERROR'));
    return;
  }
  const look = (): void => {
    const { air } = works;
    if (air === undefined) return;
    const elapsed = works.clock.mono() - air.since;
    if (air.signal.is === 'frames') return framesInstead(works);
    if (air.signal.modulation !== modulation || elapsed > DETECTION_MS) return;
    works.onSignal = undefined;
    const { octets } = air.signal;
    later(works, trainingOf(modulation) - elapsed, () => {
      sayLine(works, 'CONNECT');
      deliverPage(works, octets, RATES[modulation] ?? 2_400);
    });
  };
  works.onSignal = look;
  look();
}

function framesInstead(works: ModemWorks): void {
  if (!works.adaptiveOn) return later(works, DETECTION_MS, () => ended(works, '+FCERROR'));
  sayLine(works, '+FRH:3');
  hearFrames(works);
}

function deliverPage(works: ModemWorks, octets: Uint8Array, rate: number): void {
  const size = Math.max(1, Math.floor((CHUNK_MS * rate) / 8_000));
  const deliver = (at: number): void => {
    works.cable.say(doubled(octets.subarray(at, at + size)));
    const next = at + size;
    if (next < octets.length) return later(works, CHUNK_MS, () => deliver(next));
    later(works, CHUNK_MS, () => {
      works.cable.say(END);
      ended(works, 'NO CARRIER');
    });
  };
  later(works, CHUNK_MS, () => deliver(0));
  // The rest of a page that is cut short is not said: its end is.
  works.mode = {
    at: 'waiting',
    abort: () => {
      works.cable.say(END);
      ended(works, 'OK');
    },
  };
}
