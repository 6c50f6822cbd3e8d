/**
 * Cuts what a Class 1 modem says: lines of words, or octets between CONNECT and DLE ETX (T.31 8.1, V.250 5.7.1).
 *
 *   words ── CONNECT to a receiving command (its owner calls readOctets) ──► octets ── DLE ETX ──► words
 */
export type Framer = {
  readonly reading: 'words' | 'octets';
  /** A line that is not over. */
  readonly line: string;
  readonly afterDle: boolean;
  /** The CR that ended CONNECT was read, and not yet the LF that belongs to it. */
  readonly owesLineFeed: boolean;
  /** Mends a modem that does not double DLE: an unknown pair is two octets instead of none. */
  readonly singleDle: boolean;
};

export type FaxToken =
  | { readonly is: 'line'; readonly text: string }
  | { readonly is: 'octets'; readonly octets: Uint8Array }
  /** DLE ETX. */
  | { readonly is: 'end' }
  /** DLE and a code between lines: what the modem tells unasked in voice class (V.253). */
  | { readonly is: 'event'; readonly code: string }
  | { readonly is: 'xoff' | 'xon' };

/** `next` is where to go on; without a token the chunk is used up. */
export type Cut = { readonly framer: Framer; readonly token: FaxToken | undefined; readonly next: number };

export const DLE = 0x10;
export const ETX = 0x03;
const SUB = 0x1a;
const XON = 0x11;
const XOFF = 0x13;
const CR = 0x0d;
const LF = 0x0a;
/** Far longer than any answer; what goes beyond is noise of a line without ends. */
const LONGEST_LINE = 512;

export const readWords = (singleDle = false): Framer => ({
  reading: 'words',
  line: '',
  afterDle: false,
  owesLineFeed: false,
  singleDle,
});

/** From here on octets are a frame or a page: those that stand in the same read as CONNECT as well. */
export const readOctets = (framer: Framer): Framer => ({
  ...framer,
  reading: 'octets',
  line: '',
  afterDle: false,
  owesLineFeed: true,
});

/** The next token of a chunk, from a place on. Never throws; what is kept is bounded. */
export const cut = (framer: Framer, chunk: Uint8Array, from: number): Cut =>
  framer.reading === 'words' ? cutWord(framer, chunk, from) : cutOctets(framer, chunk, from);

function cutWord(framer: Framer, chunk: Uint8Array, from: number): Cut {
  let { line, afterDle } = framer;
  for (let at = from; at < chunk.length; at += 1) {
    const octet = chunk[at] ?? 0;
    if (afterDle) {
      const code = String.fromCharCode(octet);
      return { framer: { ...framer, line, afterDle: false }, token: { is: 'event', code }, next: at + 1 };
    }
    afterDle = octet === DLE;
    if (afterDle) continue;
    if (octet === XON || octet === XOFF)
      return { framer: { ...framer, line }, token: { is: octet === XON ? 'xon' : 'xoff' }, next: at + 1 };
    if (octet !== CR && octet !== LF) {
      if (line.length < LONGEST_LINE) line += String.fromCharCode(octet);
      continue;
    }
    const text = line.trim();
    line = '';
    if (text !== '') return { framer: { ...framer, line }, token: { is: 'line', text }, next: at + 1 };
  }
  return { framer: { ...framer, line, afterDle }, token: undefined, next: chunk.length };
}

function cutOctets(framer: Framer, chunk: Uint8Array, from: number): Cut {
  let at = from;
  if (framer.owesLineFeed && at < chunk.length && chunk[at] === LF) at += 1;
  const owesLineFeed = framer.owesLineFeed && from >= chunk.length;
  const octets = new Uint8Array(2 * (chunk.length - at) + 2);
  let length = 0;
  let { afterDle } = framer;
  for (; at < chunk.length; at += 1) {
    const octet = chunk[at] ?? 0;
    if (!afterDle) {
      afterDle = octet === DLE;
      if (!afterDle) octets[length++] = octet;
      continue;
    }
    if (octet === ETX) {
      // The octets before the end are said first, the end is read again.
      if (length > 0)
        return { framer: { ...framer, owesLineFeed, afterDle }, token: octetsOf(octets, length), next: at };
      return { framer: readWords(framer.singleDle), token: { is: 'end' }, next: at + 1 };
    }
    afterDle = false;
    for (const meant of pairMeans(octet, framer.singleDle)) octets[length++] = meant;
  }
  const token = length > 0 ? octetsOf(octets, length) : undefined;
  return { framer: { ...framer, owesLineFeed, afterDle }, token, next: chunk.length };
}

const octetsOf = (octets: Uint8Array, length: number): FaxToken => ({ is: 'octets', octets: octets.slice(0, length) });

/** T.31 8.1: DLE DLE is one, DLE SUB two of them; other pairs mean nothing. */
function pairMeans(octet: number, singleDle: boolean): readonly number[] {
  if (octet === DLE) return [DLE];
  if (octet === SUB) return [DLE, DLE];
  return singleDle ? [DLE, octet] : [];
}

/** Octets as they go to the modem: every DLE twice. */
export function shielded(octets: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(octets.length + octets.reduce((count, octet) => count + (octet === DLE ? 1 : 0), 0));
  let at = 0;
  for (const octet of octets) {
    if (octet === DLE) doubled[at++] = DLE;
    doubled[at++] = octet;
  }
  return doubled;
}

/** Ends a frame or a page. */
export const END_OF_OCTETS: Uint8Array = Uint8Array.of(DLE, ETX);
