import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

/** The last of what went wrong, for support: numbers called are masked (D-1), secrets never were in it. */
export type LogTail = { readonly journal: Journal; lines(): readonly string[] };

const KEPT = 200;
const LONGEST = 300;

/** A journal that remembers its last faults; what it is told goes on as it is. */
export function createLogTail(journal: Journal, clock: Pick<Clock, 'wall'>): LogTail {
  const kept: string[] = [];
  return {
    journal: {
      step: journal.step,
      fault(message, fields) {
        const at = new Date(clock.wall()).toISOString();
        kept.push(mask(`${at} ${message} ${JSON.stringify(fields)}`).slice(0, LONGEST));
        if (kept.length > KEPT) kept.shift();
        journal.fault(message, fields);
      },
    },
    lines: () => kept,
  };
}

/**
 * What leaves the box in a log: of anything that may be a number somebody called or was called from the last four digits
 * are hidden (U-6), of IMSI and ICCID all but what names the operator (S-8), and of what is called a secret all of it.
 */
export const mask = (text: string): string =>
  text
    .replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g, HIDDEN)
    .replaceAll(SECRET_FIELD, `$1${HIDDEN}"`)
    .replaceAll(/((?:proxy-)?authorization: *)[^"\\\r\n]+/gi, `$1${HIDDEN}`)
    .replaceAll(/:\/\/[^\s/@"]+@/g, `://${HIDDEN}@`)
    .replaceAll(/(?<![\d.])\d{14,22}(?![\d.])/g, (number) => `${number.slice(0, 5)}${HIDDEN}`)
    .replaceAll(/(?<=\b(?:sips?|tel):)\d{3,15}/g, hideTail)
    .replaceAll(/\+\d{6,15}|(?<![\d.:T-])0\d{8,14}(?![\d.])/g, hideTail);

const HIDDEN = '****';
const hideTail = (number: string): string => `${number.slice(0, -4)}${HIDDEN}`;

/** A field of a line whose name says that it is nobody's business, with its text. */
const SECRET_FIELD =
  /("[^"]*(?:password|passphrase|secret|token|credential|puk|\bpin|private)[^"]*": *")(?:[^"\\]|\\.)*"/gi;
