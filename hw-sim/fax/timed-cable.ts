import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { LineListener, SerialLine } from '../../firmware-ts/wires/serial-line.ts';
import type { ByteEnd } from '../devices/byte-end.ts';

/** Start bit, eight bits, stop bit. */
const BITS_OF_OCTET = 10;
/** What a UART hands over at once; a USB adapter has up to 62. */
const HANDFUL = 14;

/**
 * A serial cable on a clock, with the time that octets take at a speed. They arrive in handfuls, as a UART hands them over.
 * Left out: control lines, and wrong or lost octets.
 */
export function createTimedCable(
  clock: Clock,
  baudRate: number,
  handful = HANDFUL,
): { readonly line: SerialLine; readonly end: ByteEnd } {
  let listener: LineListener | undefined;
  let device: (bytes: Uint8Array) => void = () => undefined;
  const toDevice = way(clock, { baudRate, handful }, (bytes) => device(bytes));
  const toBox = way(clock, { baudRate, handful }, (bytes) => listener?.heard(bytes));
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
    end: {
      hear(next) {
        device = next;
      },
      say: toBox,
    },
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
