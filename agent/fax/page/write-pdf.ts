import { joined } from '../../model/joined.ts';
import { type CodedPage, type FaxLabel, RESOLUTIONS } from './page-format.ts';

/**
 * A PDF 1.4 (ISO 32000-1 7.4.6, CCITTFaxDecode) of fax pages as they were on the line, each at its true size (X-2).
 * @throws RangeError for a file without a page.
 */
export function writePdf(pages: readonly CodedPage[], label: FaxLabel): Uint8Array {
  if (pages.length === 0) throw new RangeError('a PDF has at least one page: hand over the pages of the fax');
  const kids = pages.map((_, number) => `${pageObject(number)} 0 R`).join(' ');
  const objects = [
    dictionary('/Type /Catalog /Pages 2 0 R'),
    dictionary(`/Type /Pages /Kids [${kids}] /Count ${pages.length}`),
    dictionary(labelOf(label)),
    ...pages.flatMap((page, number) => objectsOf(page, number)),
  ];
  return fileOf(objects);
}

/** Objects 1 to 3 are catalog, page tree and label; each page has three: the page, what is drawn on it, its picture. */
const pageObject = (number: number): number => 4 + 3 * number;

/** In points. A dot is 1/`across` inch wide and 1/`down` inch high. */
const pointsOf = (dots: number, perInch: number): string => ((dots * 72) / perInch).toFixed(3);

function objectsOf(page: CodedPage, number: number): readonly Uint8Array[] {
  const { across, down } = RESOLUTIONS[page.resolution];
  const [width, height] = [pointsOf(page.width, across), pointsOf(page.height, down)];
  const first = pageObject(number);
  return [
    dictionary(
      `/Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${first + 1} 0 R ` +
        `/Resources << /XObject << /Fax ${first + 2} 0 R >> >>`,
    ),
    streamOf('', ascii(`q ${width} 0 0 ${height} 0 0 cm /Fax Do Q`)),
    streamOf(
      `/Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} /ColorSpace /DeviceGray ` +
        `/BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << ${parametersOf(page)} >>`,
      page.octets,
    ),
  ];
}

/** K: below zero T.6, zero T.4 one-dimensional, above zero T.4 mixed (ISO 32000-1 table 11). */
const K = { mmr: -1, mh: 0, mr: 4 } as const;

function parametersOf({ coding, width, height }: CodedPage): string {
  const lineEnds = coding === 'mmr' ? '' : ' /EndOfLine true /DamagedRowsBeforeError 100';
  return `/K ${K[coding]} /Columns ${width} /Rows ${height}${lineEnds}`;
}

function labelOf({ sender, time }: FaxLabel): string {
  const { year, month, day, hour, minute, second } = time;
  const date = `${String(year).padStart(4, '0')}${[month, day, hour, minute, second].map(two).join('')}`;
  return (
    `/Title ${textOf(`Fax ${sender}`)} /Author ${textOf(sender)} /Producer ${textOf('Relais')} ` +
    `/CreationDate (D:${date})`
  );
}

const two = (value: number): string => String(value).padStart(2, '0');

/** UTF-16 with its mark, in hexadecimal: no letter of it can end the string (ISO 32000-1 7.9.2.2). */
const textOf = (text: string): string =>
  `<FEFF${Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join('')}>`;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const dictionary = (content: string): Uint8Array => ascii(`<< ${content} >>`);
const streamOf = (content: string, octets: Uint8Array): Uint8Array =>
  joined(ascii(`<< ${content} /Length ${octets.length} >>\nstream\n`), octets, ascii('\nendstream'));

/** Header with the comment that marks a binary file, the objects, and where each begins (ISO 32000-1 7.5). */
function fileOf(objects: readonly Uint8Array[]): Uint8Array {
  const header = joined(ascii('%PDF-1.4\n%'), Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 0x0a));
  const parts = [header];
  const places: number[] = [];
  let length = header.length;
  for (const [number, object] of objects.entries()) {
    const whole = joined(ascii(`${number + 1} 0 obj\n`), object, ascii('\nendobj\n'));
    places.push(length);
    parts.push(whole);
    length += whole.length;
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const trailer = `trailer\n<< /Size ${count} /Root 1 0 R /Info 3 0 R >>\nstartxref\n${length}\n%%EOF\n`;
  return joined(...parts, ascii(`xref\n0 ${count}\n0000000000 65535 f \n${rows}${trailer}`));
}
