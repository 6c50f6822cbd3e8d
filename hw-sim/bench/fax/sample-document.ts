import { type Line, lineOfBits } from '../../../agent/fax/page/line.ts';
import { decodePage } from '../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../agent/fax/page/page-encoder.ts';
import { reverseBits } from '../../../agent/fax/t30/bit-order.ts';
import { seededFractions } from '../../kernel/seeded-random.ts';

const WIDTH = 1_728;
const OCTETS = 22_000;
const LINES = 700;
const FORMAT = { coding: 'mh', width: WIDTH } as const;

/**
 * Pages of about 22 kB in the order of Class 1, the same each time: with ECM octets of chance, without it MH lines, which alone may be
 * stretched on the way.
 */
export function pagesFor(count: number, ecm: boolean): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, page) => (ecm ? chanceOctets(page + 1) : drawnPage(page + 1)));
}

/** Whether what was received is what was sent: octet for octet in ECM, else line for line with fill between lines allowed. */
export function isWholeIn(received: readonly Uint8Array[], sent: readonly Uint8Array[], ecm: boolean): boolean {
  if (received.length !== sent.length) return false;
  return sent.every((page, at) => {
    const other = received[at] ?? new Uint8Array(0);
    return ecm ? isSameStart(page, other) : linesOf(page) === linesOf(other);
  });
}

const isSameStart = (page: Uint8Array, other: Uint8Array): boolean =>
  other.length >= page.length &&
  page.every((octet, at) => octet === other[at]) &&
  other.subarray(page.length).every((octet) => octet === 0);

const known = new Map<Uint8Array, string>();

function linesOf(page: Uint8Array): string {
  const before = known.get(page);
  if (before !== undefined) return before;
  const { lines, tally } = decodePage(FORMAT, reverseBits(page));
  const words = `${tally.badLines} ${lines.map((line) => line.join()).join(';')}`;
  if (drawn.includes(page)) known.set(page, words);
  return words;
}

/** The lines of a page of dots. */
export function drawnLines(seed: number): readonly Line[] {
  const chance = seededFractions(seed);
  return Array.from({ length: LINES }, () =>
    lineOfBits(
      Uint8Array.from({ length: WIDTH >> 3 }, () => (chance() < 0.12 ? 0x3c : 0)),
      WIDTH,
    ),
  );
}

const drawn: Uint8Array[] = [];

function drawnPage(seed: number): Uint8Array {
  const before = drawn[seed];
  if (before !== undefined) return before;
  const page = reverseBits(encodePage({ ...FORMAT, leastBits: 0 }, drawnLines(seed)));
  drawn[seed] = page;
  return page;
}

const chanceOctets = (seed: number): Uint8Array => {
  const chance = seededFractions(seed);
  return Uint8Array.from({ length: OCTETS }, () => Math.floor(chance() * 256));
};
