import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { nearestResolution } from '../../../../agent/fax/page/page-format.ts';
import { readTiff } from '../../../../agent/fax/page/read-tiff.ts';
import { TAG } from '../../../../agent/fax/page/tiff-tags.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { textPage } from './sample-pages.ts';

const LABEL = { sender: 'é', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } };
const lines = textPage(1_728, 20);
const octets = encodePage({ coding: 'mmr', width: 1_728 }, lines);
const file = writeTiff(
  [1, 2].map(() => ({ coding: 'mmr', width: 1_728, resolution: 'fine', height: 20, octets }) as const),
  LABEL,
);

/** The file with the value of a tag in its first directory replaced. */
function withTag(tag: number, value: number): Uint8Array {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  const directory = view.getUint32(4, true);
  for (let entry = directory + 2; ; entry += 12)
    if (view.getUint16(entry, true) === tag) {
      view.setUint32(entry + 8, value, true);
      return changed;
    }
}

describe('X-7: reading a TIFF', () => {
  it('finds all pages in their order', () => {
    const { pages } = readTiff(file);
    expect(pages?.map((page) => page.lines)).toEqual([lines, lines]);
  });

  it.each([
    ['no width', withTag(TAG.width, 0), 'ImageWidth', 1],
    ['too wide', withTag(TAG.width, 70_000), 'ImageWidth', 1],
    ['no line', withTag(TAG.length, 0), 'ImageLength', 1],
    ['too long', withTag(TAG.length, 1 << 30), 'ImageLength', 1],
    ['gray', withTag(TAG.bitsPerSample, 8), 'BitsPerSample', 1],
    ['colored', withTag(TAG.samplesPerPixel, 3), 'BitsPerSample', 1],
    ['LZW', withTag(TAG.compression, 5), 'Compression', 1],
    ['in tiles', withoutStrips(), 'StripOffsets', 1],
    ['text', new TextEncoder().encode('%PDF-1.4, and no TIFF'), 'header', undefined],
    ['nothing', new Uint8Array(0), 'header', undefined],
    ['cut in its directory', file.subarray(0, file.length - 40), 'IFD', undefined],
    ['a circle', circle(), 'IFD', undefined],
  ])('refuses one that is %s, and names the field and a remedy', (_, damaged, field, page) => {
    const { pages, obstacle } = readTiff(damaged);
    expect(pages).toBeUndefined();
    expect(obstacle).toMatchObject({ field, page });
    expect(obstacle?.remedy).toMatch(/^(scan|make|save|hand over|copy|send) /);
  });

  it('reads what is left of a strip that is cut, and fills up with its last line', () => {
    const half = withTag(TAG.stripByteCounts, octets.length >> 1);
    const page = readTiff(half).pages?.[0];
    expect(page?.lines).toHaveLength(20);
    expect(page?.lines[0]).toEqual(lines[0]);
  });

  it('never throws, whatever a file is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { maxLength: 8 }),
        (hits) => {
          const damaged = file.slice();
          for (const [at, value] of hits) damaged[at] = value;
          const { pages, obstacle } = readTiff(damaged);
          expect((pages === undefined) !== (obstacle === undefined)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes each scanner for the nearest resolution', () => {
    expect(nearestResolution(203, 97)).toBe('standard');
    expect(nearestResolution(200, 200)).toBe('fine');
    expect(nearestResolution(204, 391)).toBe('superFine');
    expect(nearestResolution(300, 300)).toBe('dots300');
    expect(nearestResolution(600, 600)).toBe('dots400');
  });
});

function withoutStrips(): Uint8Array {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  const directory = view.getUint32(4, true);
  for (let entry = directory + 2; ; entry += 12)
    if (view.getUint16(entry, true) === TAG.stripOffsets) {
      view.setUint16(entry, 324, true);
      return changed;
    }
}

/** The second directory leads to the first. */
function circle(): Uint8Array {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  const first = view.getUint32(4, true);
  const link = first + 2 + 12 * view.getUint16(first, true);
  const second = view.getUint32(link, true);
  view.setUint32(second + 2 + 12 * view.getUint16(second, true), first, true);
  return changed;
}
