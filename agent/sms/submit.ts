import { type Millis, minutes } from '../model/units.ts';
import { type SmsAddress, writeAddress } from './address.ts';
import { hexOf } from './octets.ts';
import { segmentsOf } from './segments.ts';
import { writeUserText } from './user-text.ts';

export type Submission = {
  readonly to: SmsAddress;
  readonly text: string;
  /** Tells the parts of one long message from those of another; 8 bits, or 16 when above 255. */
  readonly reference: number;
  readonly wantsReport: boolean;
  /** How long the network tries; its own choice without it. */
  readonly validity?: Millis;
};

/**
 * TS 23.040 9.2.2.2: the SMS-SUBMITs of a text, as PDUs with the service center that the card names (TS 27.005 3.1).
 * @throws RangeError naming the field that cannot be sent.
 */
export function submissionPdus(submission: Submission): readonly string[] {
  const { to, text, reference, wantsReport, validity } = submission;
  if (text === '') throw new RangeError('text: an empty message is not sent');
  if (!Number.isInteger(reference) || reference < 0 || reference > 0xffff)
    throw new RangeError(`reference: 0 to 65535, not ${reference}`);
  const wide = reference > 0xff;
  const { coding, texts } = segmentsOf(text, wide);
  const period = validity === undefined ? [] : [validityOctet(validity)];
  return texts.map((segment, at) => {
    const part = texts.length === 1 ? undefined : { reference, wide, total: texts.length, number: at + 1 };
    const first =
      SUBMIT | (period.length > 0 ? RELATIVE_VALIDITY : 0) | (wantsReport ? REPORT : 0) | (part ? HEADER : 0);
    const scheme = coding === 'ucs2' ? 0x08 : 0x00;
    return hexOf([
      0, // the card's service center
      first,
      0, // TP-MR: the modem sets it
      ...writeAddress(to),
      0, // TP-PID: a message from person to person
      scheme,
      ...period,
      ...writeUserText(segment, coding, part),
    ]);
  });
}

const SUBMIT = 0x01;
const RELATIVE_VALIDITY = 0x10;
const REPORT = 0x20;
const HEADER = 0x40;

/** TS 23.040 9.2.3.12.1: steps of five minutes, half an hour, a day and a week; the next longer one is taken. */
export function validityOctet(validity: Millis): number {
  const wanted = Math.max(1, Math.ceil(validity / minutes(5))) * 5;
  if (wanted <= 720) return wanted / 5 - 1;
  if (wanted <= 1_440) return 143 + Math.ceil((wanted - 720) / 30);
  if (wanted <= 30 * 1_440) return 166 + Math.ceil(wanted / 1_440);
  return Math.min(255, 192 + Math.ceil(wanted / (7 * 1_440)));
}
