import type { FrameTurn, Modulation } from '../../model/fax-modem.ts';
import { fieldOf } from '../t30/bit-field.ts';
import { readCommand } from '../t30/command.ts';
import { writeFrame } from '../t30/frame.ts';
import { modulationOf } from './rates.ts';

/** Bits 11 to 14 of a DCS are its rate (T.30 table 2). */
const FIRST_OF_RATE = 11;
const BITS_OF_RATE = 4;
/** Of an octet of the kind all counts but the X bit. */
const WITHOUT_X = 0xfe;

/**
 * What a modem goes on to hear by itself behind each DCS: its training check, which begins 75 ms later (T.30 5.3.2.3) and which nobody
 * says again as its sender did. One turn for each rate that the modem has.
 */
export function checkTurns(modulations: readonly Modulation[]): readonly FrameTurn[] {
  const bits = Array.from({ length: BITS_OF_RATE }, (_, k) => FIRST_OF_RATE + k);
  const under = commandOf(bits).map((octet, at) => (at < 2 ? 0xff : at === 2 ? WITHOUT_X : octet));
  return Array.from({ length: 1 << BITS_OF_RATE }, (_, code) => {
    const begins = commandOf(bits.filter((_bit, k) => ((code >> k) & 1) !== 0));
    const { rate } = readCommand(begins.subarray(OCTETS_BEFORE_FIELD));
    const modulation = rate && modulationOf(rate, 'long');
    if (modulation === undefined || !modulations.includes(modulation)) return [];
    return [{ begins, under, behind: { do: 'hear-page', modulation } as const }];
  }).flat();
}

const OCTETS_BEFORE_FIELD = 3;

const commandOf = (bits: readonly number[]): Uint8Array =>
  writeFrame({ kind: 'DCS', final: true, x: false, information: fieldOf(bits).subarray(0, 2) });
