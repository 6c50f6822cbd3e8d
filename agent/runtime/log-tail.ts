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

/** Of anything that may be a number somebody called or was called from the last four digits are hidden (U-6). */
export const mask = (text: string): string =>
  text.replaceAll(/\+\d{6,15}|(?<![\d.:T-])0\d{8,14}(?![\d.])/g, (number) => `${number.slice(0, -4)}****`);
