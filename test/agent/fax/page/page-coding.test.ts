import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOfLine, type Line, lineOfBits } from '../../../../agent/fax/page/line.ts';
import { decodeOctets, decodePage, finishDecoder, startDecoder } from '../../../../agent/fax/page/page-decoder.ts';
import {
  bitsPerLine,
  encodeLines,
  encodePage,
  endPage,
  startEncoder,
} from '../../../../agent/fax/page/page-encoder.ts';
import type { PageCoding } from '../../../../agent/fax/page/page-format.ts';
import { PAGE_WIDTHS } from '../../../../agent/fax/page/page-format.ts';
import { anyLine, anyPage, seededRandom, textPage } from './sample-pages.ts';

const CODINGS: readonly PageCoding[] = ['mh', 'mr', 'mmr'];
const WIDTHS = Object.values(PAGE_WIDTHS).flatMap((widths) => Object.values(widths));
const plain = (lines: readonly Line[]) => lines.map((line) => [...line]);

describe.each(CODINGS)('X-1, X-2: pages in %s', (coding) => {
  it('come back as they were, at every width and any K', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WIDTHS, 1, 7, 13).chain((width) => fc.tuple(fc.constant(width), anyPage(width))),
        fc.nat({ max: 8 }),
        ([width, lines], twoDimensional) => {
          const octets = encodePage({ coding, width, twoDimensional }, lines);
          const { lines: back, tally } = decodePage({ coding, width }, octets);
          expect(plain(back)).toEqual(plain(lines));
          expect(tally).toEqual({ lines: lines.length, badLines: 0, badInARow: 0, ended: 'properly' });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are the same however the octets and lines are cut', () => {
    fc.assert(
      fc.property(anyPage(1_728), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (lines, sizes) => {
        const writing = { coding, width: 1_728, twoDimensional: 3 };
        const whole = encodePage(writing, lines);
        let encoder = startEncoder(writing);
        const parts: number[] = [];
        for (const line of lines) {
          const [next, octets] = encodeLines(encoder, [line]);
          parts.push(...octets);
          encoder = next;
        }
        expect(Uint8Array.from([...parts, ...endPage(encoder)])).toEqual(whole);
        expect(plain(decodedInPieces(coding, whole, sizes))).toEqual(plain(lines));
      }),
      { numRuns: 100 },
    );
  });

  it('never throw, hold little, and end, whatever octets come', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
        (noise, sizes) => {
          let decoder = startDecoder({ coding, width: 1_728 });
          for (let at = 0, turn = 0; at < noise.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            decoder = decodeOctets(decoder, noise.subarray(at, at + size)).decoder;
            expect(decoder.rest.length).toBeLessThan(3_200);
            at += size;
          }
          expect(finishDecoder(decoder).decoder.tally.lines).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('survive one wrong octet: the rest of a T.4 page stays as it was', () => {
    const lines = textPage(1_728, 120);
    const octets = encodePage({ coding, width: 1_728, twoDimensional: 3 }, lines);
    const random = seededRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const damaged = octets.slice();
      const at = Math.floor(random() * (damaged.length - 12));
      damaged[at] = (damaged[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      const { lines: back, tally } = decodePage({ coding, width: 1_728 }, damaged);
      const [above, below] = unlike(lines, back);
      if (coding === 'mmr') expect(tally.badLines).toBe(0);
      // One line and those that lean on it, at most twice when an EOL was hit.
      else expect(Math.max(lines.length, back.length) - above - below).toBeLessThanOrEqual(coding === 'mh' ? 2 : 8);
    }
  });
});

function decodedInPieces(coding: PageCoding, octets: Uint8Array, sizes: readonly number[]): readonly Line[] {
  let decoder = startDecoder({ coding, width: 1_728 });
  const lines: Line[] = [];
  for (let at = 0, turn = 0; at < octets.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const decoded = decodeOctets(decoder, octets.subarray(at, at + size));
    lines.push(...decoded.lines);
    decoder = decoded.decoder;
    at += size;
  }
  return [...lines, ...finishDecoder(decoder).lines];
}

/** How many lines are the same from the top, and from the bottom. */
function unlike(one: readonly Line[], other: readonly Line[]): readonly [number, number] {
  const same = (a: Line | undefined, b: Line | undefined) => a !== undefined && `${a}` === `${b}`;
  let above = 0;
  while (above < one.length && same(one[above], other[above])) above += 1;
  let below = 0;
  while (below < one.length - above && same(one.at(-1 - below), other.at(-1 - below))) below += 1;
  return [above, below];
}

describe('X-1: a page without error correction', () => {
  const width = 1_728;
  const lines = textPage(width, 30);

  it('shows a bad line as the one above it, and counts it', () => {
    const before = encodeLines(startEncoder({ coding: 'mh', width }), lines.slice(0, 10));
    // 0000 0010 is the beginning of no white code.
    const bad = Uint8Array.of(0x00, 0x10, 0b0000_0010, 0b0000_0011);
    const aligned = encodePage({ coding: 'mh', width }, lines.slice(10));
    const filled = Uint8Array.from([...before[1], before[0].loose.octet, ...bad, ...aligned]);
    const { lines: back, tally } = decodePage({ coding: 'mh', width }, filled);
    expect(tally).toEqual({ lines: 31, badLines: 1, badInARow: 1, ended: 'properly' });
    expect(plain(back)).toEqual(
      plain([...lines.slice(0, 10), lines[9] ?? lines[0] ?? Uint16Array.of(), ...lines.slice(10)]),
    );
  });

  it.each(['mh', 'mr'] as const)('takes its time per line in %s, and fill of seconds changes nothing', (coding) => {
    const leastBits = bitsPerLine(14_400, 20);
    const octets = encodePage({ coding, width, twoDimensional: 1, leastBits }, lines);
    expect(octets.length * 8).toBeGreaterThanOrEqual(leastBits * lines.length);
    expect(plain(decodePage({ coding, width }, octets).lines)).toEqual(plain(lines));
    // Five seconds of zeros at 14,400 bit/s where a line is about to end.
    const eol = eolPlace(octets);
    const stretched = Uint8Array.from([...octets.subarray(0, eol), ...new Uint8Array(9_000), ...octets.subarray(eol)]);
    expect(plain(decodePage({ coding, width }, stretched).lines)).toEqual(plain(lines));
  });

  it('takes a line with more in it than it is wide for a bad one', () => {
    // White 1728, then black 64: a whole line, and something behind it.
    const tooLong = encodePage({ coding: 'mh', width: width + 64 }, [Uint16Array.of(width)]);
    expect(decodePage({ coding: 'mh', width }, tooLong).tally).toMatchObject({ lines: 1, badLines: 1 });
  });

  it('takes the lines of MR that lean on a bad one for bad as well, until one that does not', () => {
    // The second line can be read below any first one; what it leans on is not known, though.
    const bars = [Uint16Array.of(1_000), ...Array.from({ length: 29 }, () => Uint16Array.of(100, 200))];
    const octets = encodePage({ coding: 'mr', width, twoDimensional: 3 }, bars).slice();
    // Behind the first EOL and its tag: nine zeros and a one, which begin no code.
    octets.set([0x18, 0x02], 1);
    const { lines: back, tally } = decodePage({ coding: 'mr', width }, octets);
    expect(tally).toEqual({ lines: 30, badLines: 4, badInARow: 4, ended: 'properly' });
    expect(plain(back.slice(4))).toEqual(plain(bars.slice(4)));
    expect(plain(back.slice(0, 4))).toEqual([[], [], [], []]);
  });

  it('rounds a scan time up to whole bits', () => {
    expect(bitsPerLine(9_600, 20)).toBe(192);
    expect(bitsPerLine(7_200, 5)).toBe(36);
    expect(bitsPerLine(14_400, 0)).toBe(0);
    expect(bitsPerLine(2_400, 2.5)).toBe(6);
    expect(bitsPerLine(2_400, 2.6)).toBe(7);
  });

  it('takes a last line that has no end behind it, and leaves half of one', () => {
    const [encoder, octets] = encodeLines(startEncoder({ coding: 'mh', width }), lines);
    const whole = Uint8Array.from([...octets, encoder.loose.octet]);
    expect(decodePage({ coding: 'mh', width }, whole).tally).toMatchObject({ lines: 30, ended: 'not' });
    const half = octets.subarray(0, octets.length - 6);
    expect(decodePage({ coding: 'mh', width }, half).tally).toMatchObject({ badLines: 0, ended: 'not' });
  });

  it('ends at RTC and hears nothing behind it', () => {
    const octets = encodePage({ coding: 'mr', width, twoDimensional: 1 }, lines);
    const twice = Uint8Array.from([...octets, ...octets]);
    expect(decodePage({ coding: 'mr', width }, twice).tally).toMatchObject({ lines: 30, ended: 'properly' });
  });
});

/** A place in the fill before an EOL. */
function eolPlace(octets: Uint8Array): number {
  const found = octets.findIndex((octet, at) => octet === 0 && octets[at + 1] === 0);
  if (found < 0) throw new Error('the page has no fill there');
  return found + 1;
}

describe('an MMR page', () => {
  it('that lost something is cut there, and says so', () => {
    const octets = encodePage({ coding: 'mmr', width: 1_728 }, textPage(1_728, 100));
    // 0000 0000 1 is neither a mode nor an end.
    const damaged = Uint8Array.from([...octets.subarray(0, 400), 0x00, 0x80, 0x00, 0x80, ...octets.subarray(404)]);
    const { lines, tally } = decodePage({ coding: 'mmr', width: 1_728 }, damaged);
    expect(tally.ended).toBe('damaged');
    expect(lines.length).toBe(tally.lines);
    expect(lines.length).toBeLessThan(100);
  });

  it('without its end says so', () => {
    const octets = encodePage({ coding: 'mmr', width: 1_728 }, textPage(1_728, 100));
    expect(decodePage({ coding: 'mmr', width: 1_728 }, octets.subarray(0, octets.length - 4)).tally.ended).toBe('not');
  });
});

describe('a line', () => {
  it('is its bits, and bits are their line', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }).chain((width) => fc.tuple(fc.constant(width), anyLine(width))),
        ([width, line]) => {
          expect(lineOfBits(bitsOfLine(line, width), width)).toEqual(line);
        },
      ),
    );
  });

  it('has the leftmost element in the most significant bit', () => {
    expect([...lineOfBits(Uint8Array.of(0b1100_0001, 0xff), 12)]).toEqual([0, 2, 7]);
    expect([...bitsOfLine(Uint16Array.of(0, 2, 7), 12)]).toEqual([0b1100_0001, 0b1111_0000]);
  });
});
