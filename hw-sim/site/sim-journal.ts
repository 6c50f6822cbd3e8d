import { canonical } from '../../agent/model/canonical.ts';
import type { Journal, JournalLine } from '../../agent/ports/journal.ts';
import type { Life } from './life.ts';

type JournalFault = { readonly message: string; readonly fields: Readonly<Record<string, unknown>> };

/** What all lives of the agent wrote: two runs with one hash took the same steps. Faults are not hashed. */
export type SimJournal = {
  port(life: Life): Journal;
  lines(): number;
  /** FNV-1a 64 over the lines, each ended by a line feed, in hex. */
  hash(): string;
  /** The newest lines, oldest first. */
  last(): readonly JournalLine[];
  faults(): readonly JournalFault[];
};

type Pages = {
  readonly write: (line: JournalLine) => string;
  readonly kept: JournalLine[];
  readonly keep: number;
  readonly faults: JournalFault[];
  readonly hash: Fnv;
  lines: number;
};

/** `write` turns a line into the text that is hashed: JSON.stringify is quicker, the canonical form minds no key order. */
export function createSimJournal(keep: number, write: (line: JournalLine) => string = canonical): SimJournal {
  const pages: Pages = { write, kept: [], keep, faults: [], hash: createFnv(), lines: 0 };
  return {
    port: (life) => ({
      step: (line) => (life.alive() ? step(pages, line) : undefined),
      fault: (message, fields) => (life.alive() ? pages.faults.push({ message, fields }) : undefined),
    }),
    lines: () => pages.lines,
    hash: () => pages.hash.hex(),
    last: () => newest(pages),
    faults: () => pages.faults,
  };
}

function step(pages: Pages, line: JournalLine): void {
  pages.hash.add(`${pages.write(line)}\n`);
  pages.kept[pages.lines % pages.keep] = line;
  pages.lines += 1;
}

function newest(pages: Pages): readonly JournalLine[] {
  const oldest = pages.lines > pages.keep ? pages.lines % pages.keep : 0;
  return [...pages.kept.slice(oldest), ...pages.kept.slice(0, oldest)];
}

type Fnv = { add(text: string): void; hex(): string };

/** FNV-1a with 64 bits (RFC 9923), over UTF-8. */
export function createFnv(): Fnv {
  const encoder = new TextEncoder();
  const halves = { high: 0xcbf29ce4 | 0, low: 0x84222325 | 0 };
  let room = new Uint8Array(1_024);
  return {
    add: (text) => {
      // A UTF-16 unit takes three bytes of UTF-8 at the most.
      if (room.length < text.length * 3) room = new Uint8Array(text.length * 6);
      addBytes(halves, room, encoder.encodeInto(text, room).written);
    },
    hex: () => [halves.high, halves.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}

/** The prime is 2^40 + 0x1b3: multiplied in pieces of 16 bits, everything stays an integer of 32. */
function addBytes(halves: { high: number; low: number }, bytes: Uint8Array, count: number): void {
  let { high, low } = halves;
  for (let i = 0; i < count; i += 1) {
    const mixed = low ^ (bytes[i] ?? 0);
    const bottom = (mixed & 0xffff) * 0x1b3;
    const top = (mixed >>> 16) * 0x1b3 + (bottom >>> 16);
    high = (Math.imul(high, 0x1b3) + (top >>> 16) + (mixed << 8)) | 0;
    low = (top << 16) | (bottom & 0xffff);
  }
  halves.high = high;
  halves.low = low;
}
