import fc from 'fast-check';
import { type Line, lineOfBits } from '../../../../agent/fax/page/line.ts';

/** A line as noise of a chosen density: from nearly white to nearly black, so that all run lengths come up. */
export const anyLine = (width: number): fc.Arbitrary<Line> =>
  fc
    .array(fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 80 }), fc.nat({ max: width })), { maxLength: 60 })
    .map((gaps) => lineOfGaps(gaps, width));

function lineOfGaps(gaps: readonly number[], width: number): Line {
  const changes: number[] = [];
  let at = 0;
  for (const gap of gaps) {
    at += changes.length === 0 ? gap : gap + 1;
    if (at >= width) break;
    changes.push(at);
  }
  return Uint16Array.from(changes);
}

/** Lines that resemble the ones above them, as on paper: most differ by a shift of their changes. */
export const anyPage = (width: number, mostLines = 40): fc.Arbitrary<readonly Line[]> =>
  fc
    .tuple(
      anyLine(width),
      fc.array(fc.tuple(anyLine(width), fc.integer({ min: -5, max: 5 })), { maxLength: mostLines }),
    )
    .map(([first, rest]) => {
      const page = [first];
      for (const [fresh, shift] of rest) page.push(shift === 0 ? fresh : shifted(page.at(-1) ?? first, shift, width));
      return page;
    });

function shifted(line: Line, by: number, width: number): Line {
  const moved = [...line].map((change, place) => change + (place % 3 === 0 ? by : 0));
  const inside = moved.filter((at) => at >= 0 && at < width);
  return Uint16Array.from(new Set(inside.toSorted((a, b) => a - b)));
}

/** A page of text-like marks, the same for the same seed. */
export function textPage(width: number, height: number, seed = 1): readonly Line[] {
  const random = seededRandom(seed);
  const size = (width + 7) >> 3;
  let glyphs = Uint8Array.from({ length: size }, () => (random() < 0.3 ? Math.floor(random() * 256) : 0));
  return Array.from({ length: height }, (_, row) => {
    if (row % 24 === 0)
      glyphs = Uint8Array.from({ length: size }, () => (random() < 0.3 ? Math.floor(random() * 256) : 0));
    if (row % 24 > 16) return lineOfBits(new Uint8Array(size), width);
    if (random() < 0.4) glyphs = glyphs.map((octet) => (random() < 0.5 ? octet : (octet << 1) & 0xff));
    return lineOfBits(glyphs, width);
  });
}

/** Mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
