import { seconds } from '../../../../agent/model/units.ts';
import { type AtCommand, CARD_PATIENCE, secret } from '../command.ts';
import { numberOf } from '../fields.ts';

/** A card computes a key in seconds; the longest block of a profile takes longer (SGP.22 gives no bound). */
const APDU_PATIENCE = seconds(30);

type Apdu = { readonly hex: string; readonly secret?: boolean };

/** TS 27.007 8.17: an APDU on the basic channel. The answer is data and status word, hexadecimal. */
export const sendApdu = (apdu: Apdu): AtCommand<string> => ({
  send: [`AT+CSIM=${apdu.hex.length},"`, apdu.secret ? secret(apdu.hex) : apdu.hex, '"'],
  claims: /^\+CSIM:/,
  read: (lines) => response(lines, /^\+CSIM: ?(\d+), ?"?([0-9A-Fa-f]*)"?$/),
  patience: APDU_PATIENCE,
  ...(apdu.secret ? { secretAnswer: true as const } : {}),
});

/** TS 27.007 8.43: opens a logical channel on an application; the standard answers the bare number, most modems name it. */
export const openLogicalChannel = (application: string): AtCommand<number> => ({
  send: [`AT+CCHO="${application}"`],
  claims: /^(?:\+CCHO: ?)?"?\d{1,3}"?$/,
  read: (lines) => numberOf(/(\d{1,3})"?$/.exec(lines.at(-1) ?? '')?.[1]),
  patience: APDU_PATIENCE,
});

/** TS 27.007 8.45: an APDU on a logical channel, whose bits in the class byte belong to the modem. */
export const sendOnChannel = (channel: number, apdu: Apdu): AtCommand<string> => ({
  send: [`AT+CGLA=${channel},${apdu.hex.length},"`, apdu.secret ? secret(apdu.hex) : apdu.hex, '"'],
  claims: /^\+CGLA:/,
  read: (lines) => response(lines, /^\+CGLA: ?(\d+), ?"?([0-9A-Fa-f]*)"?$/),
  patience: APDU_PATIENCE,
  ...(apdu.secret ? { secretAnswer: true as const } : {}),
});

/** TS 27.007 8.44; FM350 says +CCHC before its OK. */
export const closeLogicalChannel = (channel: number): AtCommand<true> => ({
  send: [`AT+CCHC=${channel}`],
  claims: /^\+CCHC/,
  read: () => true,
  patience: CARD_PATIENCE,
});

/** A length that is not that of the answer means that bytes were lost. */
function response(lines: readonly string[], form: RegExp): string | undefined {
  const [, length, hex] = form.exec(lines.at(-1) ?? '') ?? [];
  return hex !== undefined && Number(length) === hex.length && hex.length >= 4 ? hex.toUpperCase() : undefined;
}
