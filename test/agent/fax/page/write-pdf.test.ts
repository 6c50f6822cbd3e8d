import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bitsOfLine } from '../../../../agent/fax/page/line.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import {
  type CodedPage,
  type FaxLabel,
  RESOLUTIONS,
  type Resolution,
  TWO_DIMENSIONAL_LINES,
} from '../../../../agent/fax/page/page-format.ts';
import { writePdf } from '../../../../agent/fax/page/write-pdf.ts';
import { textPage } from './sample-pages.ts';
import { inFolder, tool } from './tools.ts';

const LABEL: FaxLabel = {
  sender: 'Étude (notaire) 0123',
  time: { year: 2026, month: 3, day: 9, hour: 8, minute: 7, second: 6 },
};
const WIDTHS: Readonly<Record<Resolution, number>> = {
  standard: 1_728,
  fine: 2_048,
  superFine: 2_432,
  dots300: 2_592,
  dots400: 3_456,
};

const CODINGS = ['mh', 'mr', 'mmr'] as const;
const RESOLUTION_NAMES = Object.keys(RESOLUTIONS) as readonly Resolution[];

/** A page in every coding and resolution. */
const SAMPLES = CODINGS.flatMap((coding) =>
  RESOLUTION_NAMES.map((resolution, number) => {
    const width = WIDTHS[resolution];
    const lines = textPage(width, 60 + number, number + 1);
    const octets = encodePage({ coding, width, twoDimensional: TWO_DIMENSIONAL_LINES[resolution] }, lines);
    return { page: { coding, width, resolution, height: lines.length, octets } satisfies CodedPage, lines };
  }),
);

/** Black and white elements of a PBM file (P4), 1 black. */
function bitsOfPbm(file: Buffer): Buffer {
  const head = /^P4\s+(?:#[^\n]*\n)?\d+\s+\d+\s/.exec(file.toString('latin1', 0, 200));
  if (head === null) throw new Error('no PBM');
  return file.subarray(head[0].length);
}

const bits = (sample: (typeof SAMPLES)[number]): Buffer =>
  Buffer.concat(sample.lines.map((line) => bitsOfLine(line, sample.page.width)));

describe('X-2: the PDF of a fax', () => {
  it('is known to poppler with its pages at true size, its sender and its time', async () => {
    await inFolder(async (place) => {
      await writeFile(
        place('fax.pdf'),
        writePdf(
          SAMPLES.map(({ page }) => page),
          LABEL,
        ),
      );
      const told = await tool('pdfinfo', '-l', '99', '-enc', 'UTF-8', place('fax.pdf'));
      expect(told).toMatch(/^Pages: +15$/m);
      expect(Buffer.from(told, 'latin1').toString()).toMatch(/^Author: +Étude \(notaire\) 0123$/m);
      expect(told).toMatch(/^CreationDate: +Mon Mar {2}9 08:07:06 2026/m);
      const sizes = [...told.matchAll(/^Page +\d+ size: +([\d.]+) x ([\d.]+) pts/gm)].map(([, x, y]) => [
        +`${x}`,
        +`${y}`,
      ]);
      expect(sizes).toHaveLength(15);
      for (const [number, { page }] of SAMPLES.entries()) {
        const { across, down } = RESOLUTIONS[page.resolution];
        expect(sizes[number]?.[0]).toBeCloseTo((page.width * 72) / across, 1);
        expect(sizes[number]?.[1]).toBeCloseTo((page.height * 72) / down, 1);
      }
    });
  });

  it('holds the octets of the line as they came', async () => {
    await inFolder(async (place) => {
      const sample = SAMPLES.filter(({ page }) => page.coding === 'mmr');
      await writeFile(
        place('fax.pdf'),
        writePdf(
          sample.map(({ page }) => page),
          LABEL,
        ),
      );
      await tool('pdfimages', '-ccitt', place('fax.pdf'), place('image'));
      for (const [number, { page }] of sample.entries())
        expect(Buffer.compare(await readFile(place(`image-00${number}.ccitt`)), page.octets)).toBe(0);
    });
  });

  it('shows every element as it was in poppler, in MH, MR and MMR at five resolutions', async () => {
    await inFolder(async (place) => {
      await writeFile(
        place('fax.pdf'),
        writePdf(
          SAMPLES.map(({ page }) => page),
          LABEL,
        ),
      );
      await tool('pdfimages', place('fax.pdf'), place('image'));
      for (const [number, sample] of SAMPLES.entries()) {
        const shown = bitsOfPbm(await readFile(place(`image-${String(number).padStart(3, '0')}.pbm`)));
        expect(Buffer.compare(shown, bits(sample)), JSON.stringify([sample.page.coding, sample.page.resolution])).toBe(
          0,
        );
      }
    });
  });

  it('shows every element as it was in ghostscript, in MH, MR and MMR at five resolutions', async () => {
    await inFolder(async (place) => {
      for (const [number, sample] of SAMPLES.entries()) {
        const { across, down } = RESOLUTIONS[sample.page.resolution];
        await writeFile(place('fax.pdf'), writePdf([sample.page], LABEL));
        const out = place(`page-${number}.pbm`);
        const size = `-g${sample.page.width}x${sample.page.height}`;
        const options = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pbmraw', `-r${across}x${down}`, size];
        expect(await tool('gs', ...options, '-o', out, place('fax.pdf'))).toBe('');
        const shown = bitsOfPbm(await readFile(out));
        expect(Buffer.compare(shown, bits(sample)), JSON.stringify([sample.page.coding, sample.page.resolution])).toBe(
          0,
        );
      }
    });
  });

  it('has at least a page', () => {
    expect(() => writePdf([], LABEL)).toThrow('at least one page');
  });
});
