/** TS 23.038 6.2.1: the default alphabet, by septet; the place of the escape (1B) is held by U+001B. */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** TS 23.038 6.2.1.1: behind an escape. */
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

const ESCAPE = 0x1b;

/** The septets of a text, one or two a character; undefined when a character is not of the alphabet. */
export function septetsOf(text: string): readonly number[] | undefined {
  const septets: number[] = [];
  for (const character of text) {
    const plain = character === '\x1b' ? undefined : SEPTETS.get(character);
    const extended = EXTENSION[character];
    if (plain !== undefined) septets.push(plain);
    else if (extended !== undefined) septets.push(ESCAPE, extended);
    else return undefined;
  }
  return septets;
}

/** TS 23.038 6.2.1.1: an extension that is not known is shown as the character of the default alphabet. */
export function textOfSeptets(septets: readonly number[]): string {
  let text = '';
  for (let at = 0; at < septets.length; at += 1) {
    const septet = septets[at] ?? 0;
    if (septet !== ESCAPE) {
      text += CHARACTERS[septet] ?? ' ';
      continue;
    }
    at += 1;
    const next = septets[at];
    // A lone escape, and one before another, is shown as a space.
    if (next !== undefined) text += EXTENDED.get(next) ?? (next === ESCAPE ? ' ' : CHARACTERS[next]) ?? ' ';
    else text += ' ';
  }
  return text;
}

const CHARACTERS: readonly string[] = [...DEFAULT_ALPHABET];
const SEPTETS: ReadonlyMap<string, number> = new Map(CHARACTERS.map((character, septet) => [character, septet]));
const EXTENDED: ReadonlyMap<number, string> = new Map(
  Object.entries(EXTENSION).map(([character, septet]) => [septet, character]),
);
