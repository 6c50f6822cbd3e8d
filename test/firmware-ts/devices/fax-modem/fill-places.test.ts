import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePage } from '../../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { cutAtFill, startFillCutter } from '../../../../firmware-ts/devices/fax-modem/fill-places.ts';
import { anyPage } from '../../../agent/fax/page/sample-pages.ts';

const TURNED = Uint8Array.from({ length: 256 }, (_, octet) =>
  Number.parseInt([...octet.toString(2).padStart(8, '0')].reverse().join(''), 2),
);
const turned = (octets: Uint8Array): Uint8Array => octets.map((octet) => TURNED[octet] ?? 0);

/** The page in pieces of a size, with zeros wherever the cutter lets them in; and what it never let go. */
function stretched(page: Uint8Array, size: number, zeros: number): Uint8Array {
  let cutter = startFillCutter();
  const out: number[] = [];
  for (let at = 0; at < page.length; at += size) {
    const [next, whole] = cutAtFill(cutter, page.subarray(at, at + size));
    cutter = next;
    out.push(...whole);
    if (whole.length > 0) out.push(...new Uint8Array(zeros));
  }
  return Uint8Array.from([...out, ...cutter.open]);
}

describe('X-1: a page without error correction may be stretched', () => {
  it.each(['mh', 'mr'] as const)('only where it stays the same page, in %s', (coding) => {
    fc.assert(
      fc.property(
        anyPage(1_728, 12),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 60 }),
        (lines, size, zeros) => {
          const page = turned(encodePage({ coding, width: 1_728, twoDimensional: 2 }, lines));
          const { lines: back, tally } = decodePage({ coding, width: 1_728 }, turned(stretched(page, size, zeros)));
          expect(back.map(String)).toEqual(lines.map(String));
          expect(tally).toMatchObject({ badLines: 0, ended: 'properly' });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('loses nothing when nothing is put in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 50 }), (page, size) => {
        expect(stretched(page, size, 0)).toEqual(page);
      }),
    );
  });

  it('anywhere in a training check, which is zeros', () => {
    expect(cutAtFill(startFillCutter(), new Uint8Array(100))[1]).toHaveLength(100);
  });

  it('never within RTC', () => {
    const page = turned(
      encodePage(
        { coding: 'mh', width: 1_728 },
        [Uint8Array.of(5)].map((line) => Uint16Array.from(line)),
      ),
    );
    const [, whole] = cutAtFill(startFillCutter(), page);
    // One EOL before the line, one behind it: the other five have no place between them.
    expect(page.length - whole.length).toBeGreaterThanOrEqual(7);
  });

  it('lets go of noise that has no EOL', () => {
    const [cutter, whole] = cutAtFill(startFillCutter(), new Uint8Array(20_000).fill(0x55));
    expect([cutter.open.length, whole.length]).toEqual([0, 20_000]);
  });
});
