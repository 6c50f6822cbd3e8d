import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { LineListener, SerialLine } from '../../firmware-ts/wires/serial-line.ts';
import type { ByteEnd } from '../devices/byte-end.ts';

/** Start bit, eight bits, stop bit. */
const BITS_OF_OCTET = 10;
/** What a UART hands over at once; a USB adapter has up to 62. */
const HANDFUL = 14;

export type TimedCable = {
  readonly line: SerialLine;
  readonly end: ByteEnd;
  /** The device is pulled out: whoever has the line open is told, and nothing passes. */
  readonly unplug: () => void;
  /** Another device, or the same one that has forgotten everything. */
  readonly plug: () => ByteEnd;
};

/**
 * A serial cable on a clock, with the time that octets take at a speed. They arrive in handfuls, as a UART hands them over.
 * Left out: control lines, wrong or lost octets, and that a line which was lost is dead: it speaks to what is plugged in next.
 */
export function createTimedCable(clock: Clock, baudRate: number, handful = HANDFUL): TimedCable {
  let listener: LineListener | undefined;
  let device: (bytes: Uint8Array) => void = () => undefined;
  let plugged = 0;
  const toDevice = way(clock, { baudRate, handful }, (bytes) => device(bytes));
  const toBox = way(clock, { baudRate, handful }, (bytes) => listener?.heard(bytes));
  const plug = (): ByteEnd => {
    plugged += 1;
    const mine = plugged;
    return {
      hear(next) {
        device = next;
      },
      say(bytes) {
        if (mine === plugged) toBox(bytes);
      },
    };
  };
  return {
    line: {
      listen(next) {
        listener = next;
      },
      write: toDevice,
      async close() {
        listener = undefined;
      },
    },
    end: plug(),
    unplug() {
      plugged += 1;
      device = () => undefined;
      listener?.lost();
    },
    plug,
  };
}

type Pace = { readonly baudRate: number; readonly handful: number };

function way(
  clock: Clock,
  { baudRate, handful }: Pace,
  arrive: (bytes: Uint8Array) => void,
): (bytes: Uint8Array) => void {
  let free = 0;
  return (bytes) => {
    const now = clock.mono();
    for (let at = 0; at < bytes.length; at += handful) {
      const some = bytes.slice(at, at + handful);
      free = Math.max(free, now) + (some.length * BITS_OF_OCTET * 1_000) / baudRate;
      clock.after(millis(free - now), () => arrive(some));
    }
  };
}
