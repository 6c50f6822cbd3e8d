import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isFault } from '../../../agent/model/fault.ts';
import { SLOTS, type Slot, UpdateBookSchema, UpdateWishSchema } from '../../../agent/model/release.ts';
import { settleBook } from '../../updates/update-book.ts';
import type { SlotFiles } from '../release-files.ts';
import { relink, removeDurably, replaceDurably } from './durable-file.ts';
import { readSignedRelease } from './release-signature.ts';

/** Below the directory of the installation: `slots/a`, `slots/b`, the link `current`, and two small files. */
export const updatePaths = (directory: string) => ({
  slot: (slot: Slot) => join(directory, 'slots', slot),
  /** The signed line of the bundle; written last, so that a slot that has it is whole. */
  release: (slot: Slot) => join(directory, 'slots', slot, 'release.json'),
  program: (slot: Slot) => join(directory, 'slots', slot, 'dist', 'agent', 'main.js'),
  current: join(directory, 'current'),
  book: join(directory, 'update.json'),
  wish: join(directory, 'update-wish.json'),
  bundle: join(directory, 'bundle.part'),
  /** The address that it comes from. */
  bundleFrom: join(directory, 'bundle.url'),
});

export function slotFiles(directory: string, releaseKey: string): SlotFiles {
  const paths = updatePaths(directory);
  const manifestIn: SlotFiles['manifestIn'] = (slot) => {
    const line = textOf(paths.release(slot));
    if (line === undefined || !existsSync(paths.program(slot))) return undefined;
    try {
      return readSignedRelease(line, releaseKey);
    } catch (error) {
      if (isFault(error, 'release.refused')) return undefined;
      throw error;
    }
  };
  return {
    manifestIn,
    book() {
      const current = currentSlot(paths.current);
      if (current === undefined) return undefined;
      const kept = parsed(UpdateBookSchema, textOf(paths.book));
      // A book that cannot be read says nothing but what the link says.
      return settleBook(kept ?? { confirmed: current, floor: '0.0.0' }, current, manifestIn(current)?.floor);
    },
    keepBook: (book) => replaceDurably(paths.book, JSON.stringify(book)),
    wish: () => parsed(UpdateWishSchema, textOf(paths.wish)),
    keepWish: (wish) =>
      wish === undefined ? removeDurably(paths.wish) : replaceDurably(paths.wish, JSON.stringify(wish)),
    pointAt: (slot) => relink(paths.current, join('slots', slot)),
  };
}

function currentSlot(link: string): Slot | undefined {
  try {
    const name = basename(readlinkSync(link));
    return SLOTS.find((slot) => slot === name);
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

type Schema<T> = { readonly safeParse: (json: unknown) => { readonly data?: T | undefined } };

function parsed<T>(schema: Schema<T>, text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
