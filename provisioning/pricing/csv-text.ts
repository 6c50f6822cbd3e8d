/**
 * A strict reader of RFC 4180 that knows where each field stands. csv-parse, the usual package, gives the line of a
 * record but no column, and an operator who corrects a price list of 5,000 lines needs both; so it is done here.
 */
export type Cell = { readonly text: string; readonly line: number; readonly column: number };
export type CsvRow = { readonly line: number; readonly cells: readonly Cell[] };
export type CsvProblem = Cell & { readonly remedy: string };
export type CsvText = { readonly rows: readonly CsvRow[]; readonly problems: readonly CsvProblem[] };

/** Rows of a text whose lines end in LF, CRLF or CR; lines without any content are left out. */
export function readCsv(text: string, separator: string): CsvText {
  const scan: Scan = { text, separator, at: 0, line: 1, lineStart: 0, problems: [] };
  const rows: CsvRow[] = [];
  while (scan.at < text.length) {
    const line = scan.line;
    const cells = readRecord(scan);
    if (cells.some((cell) => cell.text.trim() !== '')) rows.push({ line, cells });
  }
  return { rows, problems: scan.problems };
}

/** `;` where the header has one outside of quotes, else `,`. */
export function separatorOf(text: string): ';' | ',' {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  return header.replace(/"[^"]*"/g, '').includes(';') ? ';' : ',';
}

type Scan = {
  readonly text: string;
  readonly separator: string;
  at: number;
  line: number;
  lineStart: number;
  readonly problems: CsvProblem[];
};

const QUOTE = '"';

function readRecord(scan: Scan): readonly Cell[] {
  const cells = [readCell(scan)];
  while (scan.text[scan.at] === scan.separator) {
    scan.at += 1;
    cells.push(readCell(scan));
  }
  passLineEnd(scan);
  return cells;
}

function readCell(scan: Scan): Cell {
  const place = { line: scan.line, column: scan.at - scan.lineStart + 1 };
  if (scan.text[scan.at] === QUOTE) return { text: readQuoted(scan, place), ...place };
  const text = readToEnd(scan);
  if (text.includes(QUOTE)) {
    const remedy = 'put the whole field in quotes, and write a quote inside it twice';
    scan.problems.push({ text, ...place, remedy });
  }
  return { text, ...place };
}

function readQuoted(scan: Scan, place: Omit<Cell, 'text'>): string {
  let text = '';
  for (;;) {
    const end = scan.text.indexOf(QUOTE, scan.at + 1);
    const piece = scan.text.slice(scan.at + 1, end === -1 ? undefined : end);
    text += piece;
    if (end === -1) {
      // The rest of the line alone, so that the lines after it are read and their errors found as well.
      const [shown = ''] = /^[^\r\n]*/.exec(text) ?? [];
      scan.problems.push({ text: shown, ...place, remedy: 'the quote is never closed' });
      readToEnd(scan);
      return shown;
    }
    countLines(scan, scan.at + 1, end);
    scan.at = end + 1;
    if (scan.text[scan.at] !== QUOTE) break;
    text += QUOTE;
  }
  const rest = readToEnd(scan);
  if (rest !== '') {
    const remedy = 'nothing may stand between the closing quote and the separator; write a quote in a field twice';
    scan.problems.push({ text: `${text}${QUOTE}${rest}`, ...place, remedy });
  }
  return text;
}

/** Up to the next separator or the end of the line. */
function readToEnd(scan: Scan): string {
  const start = scan.at;
  for (let next = scan.text[scan.at]; next !== undefined; next = scan.text[scan.at]) {
    if (next === scan.separator || next === '\n' || next === '\r') break;
    scan.at += 1;
  }
  return scan.text.slice(start, scan.at);
}

function passLineEnd(scan: Scan): void {
  const start = scan.at;
  if (scan.text[scan.at] === '\r') scan.at += 1;
  if (scan.text[scan.at] === '\n') scan.at += 1;
  if (scan.at === start) return;
  scan.line += 1;
  scan.lineStart = scan.at;
}

/** A quoted field may go over several lines. */
function countLines(scan: Scan, from: number, to: number): void {
  for (const found of scan.text.slice(from, to).matchAll(/\r\n|\n|\r/g)) {
    scan.line += 1;
    scan.lineStart = from + found.index + found[0].length;
  }
}
