import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bitsOfLine, type Line } from '../../../../agent/fax/page/line.ts';
import { encodeLines, encodePage, startEncoder } from '../../../../agent/fax/page/page-encoder.ts';
import type { CodedPage, FaxLabel, PageCoding, Resolution } from '../../../../agent/fax/page/page-format.ts';
import { readTiff } from '../../../../agent/fax/page/read-tiff.ts';
import { readDirectories } from '../../../../agent/fax/page/read-tiff-directory.ts';
import { TAG } from '../../../../agent/fax/page/tiff-tags.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { seededRandom, textPage } from './sample-pages.ts';
import { inFolder, tool } from './tools.ts';

const LABEL: FaxLabel = {
  sender: '+33 1 23 45 67 89',
  time: { year: 2026, month: 3, day: 9, hour: 8, minute: 7, second: 6 },
};
const plain = (lines: readonly Line[]) => lines.map((line) => [...line]);

/** Text, then lines whose every run length comes up, then black, then noise. */
function samplePage(width: number): readonly Line[] {
  const random = seededRandom(width);
  const runs = Array.from({ length: 120 }, (_, row) => {
    const changes = [row * 3, row * 3 + 1 + row * 11].filter((at) => at < width);
    return Uint16Array.from(changes);
  });
  const noise = Array.from({ length: 20 }, () =>
    Uint16Array.from(Array.from({ length: width }, (_, at) => at).filter(() => random() < 0.4)),
  );
  return [...textPage(width, 100), ...runs, Uint16Array.of(0), Uint16Array.of(), ...noise, Uint16Array.of(width - 1)];
}

const codedPage = (coding: PageCoding, width: number, resolution: Resolution, lines: readonly Line[]): CodedPage => ({
  coding,
  width,
  resolution,
  height: lines.length,
  octets: encodePage({ coding, width, twoDimensional: 3 }, lines),
});

function strip(file: Uint8Array): Uint8Array {
  const { directories } = readDirectories(file);
  const at = directories?.[0]?.get(TAG.stripOffsets)?.[0] ?? 0;
  return file.subarray(at, at + (directories?.[0]?.get(TAG.stripByteCounts)?.[0] ?? 0));
}

describe('X-1, X-2, X-7: Debian libtiff', () => {
  const cases = [
    ['mh', 'g3:1d', 0],
    ['mr', 'g3:2d', 3],
    ['mmr', 'g4', 0],
  ] as const;

  it.each(cases.flatMap((row) => [1_728, 2_048, 2_432].map((width) => [...row, width] as const)))(
    'encodes %s (%s) as we do, octet by octet, K - 1 = %i, %i elements a line',
    async (coding, scheme, twoDimensional, width) => {
      const lines = samplePage(width);
      await inFolder(async (place) => {
        await writeFile(place('ours.tif'), writeTiff([codedPage('mmr', width, 'fine', lines)], LABEL));
        await tool('tiffcp', '-c', scheme, '-r', '100000', place('ours.tif'), place('theirs.tif'));
        const theirs = strip(await readFile(place('theirs.tif')));
        // TIFF has no RTC, and libtiff an EOFB.
        const [encoder, octets] = encodeLines(startEncoder({ coding, width, twoDimensional }), lines);
        const ours =
          coding === 'mmr'
            ? encodePage({ coding, width }, lines)
            : Uint8Array.from([...octets, ...(encoder.loose.count > 0 ? [encoder.loose.octet] : [])]);
        expect(Buffer.compare(ours, theirs)).toBe(0);
      });
    },
  );

  it.each(['mh', 'mr', 'mmr'] as const)('reads our pages in %s bit for bit, RTC and all', async (coding) => {
    const lines = samplePage(1_728);
    await inFolder(async (place) => {
      await writeFile(place('ours.tif'), writeTiff([codedPage(coding, 1_728, 'fine', lines)], LABEL));
      await tool('tiffcp', '-c', 'none', '-r', '100000', place('ours.tif'), place('plain.tif'));
      const bits = strip(await readFile(place('plain.tif')));
      expect(Buffer.compare(Buffer.concat(lines.map((line) => bitsOfLine(line, 1_728))), bits)).toBe(0);
    });
  });

  it.each([
    ['mh', ['-3', '-1']],
    ['mr', ['-3', '-2']],
    ['mmr', ['-4']],
  ] as const)('makes of our bare %s stream a TIFF that we read as it was', async (coding, options) => {
    const lines = samplePage(2_432);
    await inFolder(async (place) => {
      await writeFile(place('raw'), encodePage({ coding, width: 2_432, twoDimensional: 1 }, lines));
      await tool('fax2tiff', ...options, '-M', '-X', '2432', '-R', '98', '-o', place('theirs.tif'), place('raw'));
      const { pages } = readTiff(await readFile(place('theirs.tif')));
      // fax2tiff takes the RTC of T.4 for one line more or less; what is on paper is the same.
      expect(plain(pages?.[0]?.lines.slice(0, lines.length) ?? [])).toEqual(plain(lines));
      expect(pages?.[0]).toMatchObject({ width: 2_432, resolution: 'standard' });
    });
  });

  it.each([
    ['none', []],
    ['none', ['-B']],
    ['none', ['-f', 'lsb2msb']],
    ['g3:1d', ['-f', 'lsb2msb', '-B']],
    ['g3:2d:fill', ['-r', '17']],
    ['g4', ['-r', '17', '-L']],
  ] as const)('writes TIFF (%s, %j) that we read as it was', async (scheme, options) => {
    const lines = samplePage(1_728);
    await inFolder(async (place) => {
      await writeFile(place('ours.tif'), writeTiff([codedPage('mmr', 1_728, 'superFine', lines)], LABEL));
      await tool('tiffcp', '-c', scheme, ...options, place('ours.tif'), place('theirs.tif'));
      const { pages, obstacle } = readTiff(await readFile(place('theirs.tif')));
      expect(obstacle).toBeUndefined();
      expect(plain(pages?.[0]?.lines ?? [])).toEqual(plain(lines));
      expect(pages?.[0]?.resolution).toBe('superFine');
    });
  });

  it('finds every page of our file with its resolution, its sender and its time', async () => {
    const lines = samplePage(1_728);
    const pages = (['standard', 'fine', 'superFine', 'dots300', 'dots400'] as const).map((resolution, number) => ({
      ...codedPage((['mh', 'mr', 'mmr'] as const)[number % 3] ?? 'mh', 1_728, resolution, lines),
      badLines: 3,
      badInARow: 2,
    }));
    await inFolder(async (place) => {
      await writeFile(place('ours.tif'), writeTiff(pages, LABEL));
      const told = await tool('tiffinfo', place('ours.tif'));
      expect(told.match(/=== TIFF directory/g)).toHaveLength(5);
      expect([...told.matchAll(/Resolution: (\d+), (\d+) pixels\/inch/g)].map(([, x, y]) => `${x}x${y}`)).toEqual([
        '204x98',
        '204x196',
        '204x391',
        '300x300',
        '400x400',
      ]);
      expect(told).toContain('ImageDescription: +33 1 23 45 67 89');
      expect(told).toContain('DateTime: 2026:03:09 08:07:06');
      expect(told).toContain('Bad Fax Lines: 3');
      expect(told).toContain('Consecutive Bad Fax Lines: 2');
      expect(told).toContain('Page Number: 4-5');
    });
  });
});
