import { compareVersions, type ReleaseManifest, type Slot, type UpdateBook } from '../../agent/model/release.ts';

/*
 *   settled ──wished, and whole──▶ trial (tries left) ──healthy──▶ settled on the other slot, floor raised
 *      ▲                               │ ended, too slow, or no tries left
 *      └───────────────────────────────┘ the release that worked is still there and `current` has never moved
 *
 * The link `current` moves once, at the confirmation. A power cut between the link and the book is the confirmation all
 * the same: the slot that is on trial is then the one that `current` leads to.
 */

/** Starts that a release on trial gets: one for itself, one should the power fail meanwhile. */
export const TRIES = 2;

export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

/**
 * The book as the link has it: after a cut between the two steps of a confirmation, or where the link was moved by hand.
 * The floor is never below that of the release that is lived on (`floor`).
 */
export function settleBook(book: UpdateBook, current: Slot, floor = book.floor): UpdateBook {
  const raised = { ...book, floor: higher(floor, book.floor) };
  if (current === book.confirmed) return raised;
  const { trial: _, ...rest } = raised;
  return { ...rest, confirmed: current };
}

const higher = (one: string, other: string): string => (compareVersions(one, other) > 0 ? one : other);

/** The release in the other slot is tried from the next start on. */
export function beginTrial(book: UpdateBook, { version }: ReleaseManifest): UpdateBook {
  const slot = otherSlot(book.confirmed);
  return { ...book, trial: { slot, version, triesLeft: TRIES } };
}

/** One start: the slot to start from, and the book to be written before it is started. */
export function nextStart(book: UpdateBook): {
  readonly slot: Slot;
  readonly book: UpdateBook;
  readonly trial: boolean;
} {
  const { trial } = book;
  if (trial === undefined) return { slot: book.confirmed, book, trial: false };
  if (trial.triesLeft === 0) {
    const given = giveUp(book, 'the box went down while it was tried');
    return { slot: given.confirmed, book: given, trial: false };
  }
  return {
    slot: trial.slot,
    book: { ...book, trial: { ...trial, triesLeft: trial.triesLeft - 1 } },
    trial: true,
  };
}

export function giveUp(book: UpdateBook, why: string): UpdateBook {
  const { trial, ...rest } = book;
  if (trial === undefined) return book;
  return { ...rest, failed: { version: trial.version, why: why.slice(0, 200) } };
}

/** The floor never falls: it rises to what the release that is lived on asks for, and not a moment before. */
export function confirm(book: UpdateBook, { floor }: ReleaseManifest): UpdateBook {
  const { trial, failed: _, ...rest } = book;
  if (trial === undefined) return book;
  return { ...rest, confirmed: trial.slot, floor: higher(floor, book.floor) };
}

/** Why a release is not taken; nothing where it is. `room`: bytes that are free where it is to lie. */
export function refusalOf(
  manifest: ReleaseManifest,
  book: Pick<UpdateBook, 'floor'>,
  room: number,
): { readonly field: string; readonly remedy: string } | undefined {
  if (compareVersions(manifest.version, book.floor) < 0)
    return {
      field: 'version',
      remedy: `${manifest.version} is older than ${book.floor}, below which nothing is taken`,
    };
  if (compareVersions(manifest.floor, manifest.version) > 0)
    return {
      field: 'floor',
      remedy: `a floor of ${manifest.floor} would shut out the release ${manifest.version} itself`,
    };
  // The bundle, what is packed in it (about four times as much), and as much again for the ledger.
  const needed = manifest.size * 6;
  if (needed > room) return { field: 'size', remedy: `make room: ${needed} bytes are needed, ${room} are free` };
  return undefined;
}
