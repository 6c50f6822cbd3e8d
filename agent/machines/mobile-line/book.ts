import type { LineTerms } from '../../model/mobile-line.ts';
import type { LedgerRecord } from '../../model/record.ts';
import { type Moves, noteMove } from './host-change.ts';

/** What the records say of the mobile line: its number now, those that it had before (S-10), and what was ordered. */
export type LineBook = {
  readonly number: string;
  readonly formerly: readonly string[];
  readonly terms: LineTerms;
  /** S-9: how far the change of host operator has come. */
  readonly moves: Moves | undefined;
};

/** Folds one record; a new epoch begins without a line, until what it takes over is written down there. */
export function noteLine(book: LineBook | undefined, record: LedgerRecord): LineBook | undefined {
  const { event } = record;
  if (event.kind === 'epoch-opened') return undefined;
  if (event.kind === 'line-ordered')
    return {
      ...{ number: event.line, terms: event.terms, moves: book?.moves },
      formerly: book?.number === event.line ? book.formerly : [],
    };
  if (event.kind === 'sim-swapped') return book && { ...book, moves: noteMove(book.moves, record) };
  if (event.kind !== 'number-ported' || book === undefined) return book;
  return { ...book, number: event.to, formerly: [...book.formerly, event.from] };
}

/** The line that the configuration names, as the records know it; undefined: they know of none, or of another. */
export const bookOf = (book: LineBook | undefined, configured: string): LineBook | undefined =>
  book !== undefined && (book.number === configured || book.formerly.includes(configured)) ? book : undefined;
