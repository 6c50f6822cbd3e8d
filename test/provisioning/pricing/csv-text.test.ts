import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv, separatorOf } from '../../../provisioning/pricing/csv-text.ts';
import { decodeText } from '../../../provisioning/pricing/decode-text.ts';

const texts = (csv: string, separator = ';') =>
  readCsv(csv, separator).rows.map((row) => row.cells.map(({ text }) => text));

describe('P-4: CSV as RFC 4180 has it', () => {
  test.each<readonly [string, string, readonly (readonly string[])[]]>([
    [
      'lines end in LF',
      'a;b\nc;d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'lines end in CRLF',
      'a;b\r\nc;d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'lines end in CR',
      'a;b\rc;d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['the last line may end without', 'a;b', [['a', 'b']]],
    ['a field may be empty', ';a;', [['', 'a', '']]],
    ['a quoted field holds the separator', '"a;b";c', [['a;b', 'c']]],
    ['a quoted field holds quotes', '"a ""b"" c"', [['a "b" c']]],
    ['a quoted field holds lines', '"a\r\nb";c', [['a\r\nb', 'c']]],
    ['blank lines are no rows', 'a\n\n;;\n \nb\n', [['a'], ['b']]],
  ])('%s', (_, csv, rows) => {
    expect(texts(csv)).toEqual(rows);
    expect(readCsv(csv, ';').problems).toEqual([]);
  });

  test('each field knows its line and column, behind a field of several lines too', () => {
    const { rows } = readCsv('a;"b\nb";c\r\nd;e', ';');
    const places = rows.flatMap((row) => row.cells.map(({ text, line, column }) => [text, line, column]));
    expect(places).toEqual([
      ['a', 1, 1],
      ['b\nb', 1, 3],
      ['c', 2, 4],
      ['d', 3, 1],
      ['e', 3, 3],
    ]);
  });

  test.each([
    ['a quote that is never closed', 'a;b\nc;"d\ne;f', 2, 3, 'never closed'],
    ['a quote inside a field', 'a;b"c', 1, 3, 'quotes'],
    ['something behind the closing quote', '"a"b;c', 1, 1, 'closing quote'],
  ])('%s is a problem with its place', (_, csv, line, column, remedy) => {
    expect(readCsv(csv, ';').problems).toMatchObject([{ line, column, remedy: expect.stringContaining(remedy) }]);
  });

  test('what is written in quotes is read back, whatever it is', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ';', ',', '\n', '\r', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const kept = rows.filter((row) => row.some((text) => text.trim() !== ''));
        const csv = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(';')).join('\r\n');
        expect(texts(csv)).toEqual(kept);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['a;b,c', ';'],
    ['a,b', ','],
    ['"a;b",c', ','],
    ['a', ','],
  ])('the header %s separates by %s', (csv, separator) => expect(separatorOf(csv)).toBe(separator));
});

describe('P-4: the text of a file', () => {
  test.each<readonly [string, readonly number[], string]>([
    ['UTF-8', [0xc3, 0xa9], 'é'],
    ['UTF-8 with a byte order mark', [0xef, 0xbb, 0xbf, 0xc3, 0xa9], 'é'],
    ['Latin-1', [0xe9, 0x20, 0x61], 'é a'],
    ['Windows-1252 with its euro sign', [0x80, 0xe9], '€é'],
  ])('%s', (_, given, text) => expect(decodeText(Uint8Array.from(given))).toEqual({ text }));

  test.each<readonly [string, readonly number[], string]>([
    ['UTF-16', [0xff, 0xfe, 0x61, 0], 'UTF-16'],
    ['a spreadsheet file', [0x50, 0x4b, 0x03, 0x04, 0x00], 'export it as CSV'],
  ])('%s is refused with what to do', (_, given, remedy) => {
    expect(decodeText(Uint8Array.from(given))).toEqual({ remedy: expect.stringContaining(remedy) });
  });
});
