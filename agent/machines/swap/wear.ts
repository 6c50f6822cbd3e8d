import type { Rung } from '../../model/sim-sight.ts';
import type { SimPlace } from '../../model/sim-swap.ts';
import type { Books } from '../../model/swap-journal.ts';

/** EC200U firmware notes: at most thirty power, CFUN or SIM-switch operations a day. */
export const OPERATIONS_A_DAY = 30;
/** Ways back that are paid for before a swap begins, and those that are tried before somebody has to go there. */
const RETURNS_PAID = 2;
export const MOST_RETURNS = 6;
/** ICCID or AID, with REFRESH or without. */
export const FORMS = 4;
/** Rungs after which a modem that still shows the other card is given up. */
export const RUNGS: readonly Rung[] = ['radio-cycle', 'restart'];

/** A slot: radio off, the choice, radio on. A profile: one transaction of the card. */
export const costOfSwitch = (to: SimPlace): number => (to.slot === undefined ? 1 : 3);
/** A modem starts anew with another configuration. */
export const COST_OF_FIT = 1;
export const costOfRung = (rung: Rung): number => (rung === 'radio-cycle' ? 2 : 1);

const DAY = 86_400_000;
const RUNGS_COST = RUNGS.reduce((sum, rung) => sum + costOfRung(rung), 0);
/** A profile in the other holder: first the holder, then the profile. */
const mostOf = (to: SimPlace): number =>
  (to.slot === undefined ? 0 : costOfSwitch(to)) + (to.by === 'profile' ? FORMS : 0) + RUNGS_COST + COST_OF_FIT;

/** The most that a swap may come to: a way there is begun only where every way back could be paid for as well. */
export const mostOfSwap = (target: SimPlace, origin: SimPlace | null): number =>
  mostOf(target) + (origin === null ? 0 : RETURNS_PAID * mostOf(origin));

/** What is left of the day. */
export const leftToday = ({ wear }: Books): number => OPERATIONS_A_DAY - wear.spent;

/** The books after so many operations; to be kept before the first of them. */
export const spend = (books: Books, operations: number): Books => ({
  ...books,
  wear: { ...books.wear, spent: books.wear.spent + operations },
});

/** A new day counts anew. A clock that was set back gives nothing back, and one that was years ahead blocks nothing. */
export function onDay(books: Books, now: number): Books {
  const day = dayOf(now);
  if (day === books.wear.day) return books;
  return { ...books, wear: { day, spent: day > books.wear.day ? 0 : books.wear.spent } };
}

/** Milliseconds until the next day of UTC. */
export const untilTomorrow = (now: number): number => (dayOf(now) + 1) * DAY - now;

const dayOf = (now: number): number => Math.max(0, Math.floor(now / DAY));
