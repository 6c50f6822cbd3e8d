import { septetsOf } from './alphabet.ts';

/** A text cut into what one message can carry each. */
export type Segments = { readonly coding: 'gsm7' | 'ucs2'; readonly texts: readonly string[] };

/** TS 23.040 9.2.3.24.1: septets or UCS-2 units alone, and beside the header of a part (8-bit, 16-bit reference). */
const ROOM = { gsm7: { alone: 160, narrow: 153, wide: 152 }, ucs2: { alone: 70, narrow: 67, wide: 66 } } as const;
/** TS 23.040 9.2.3.24.1: the number of parts is one octet. */
const MOST_PARTS = 255;

/**
 * The segments of a text, for sending; what they cost is priced elsewhere. An escaped character and a surrogate pair are
 * never torn apart, so that each part can be shown by itself.
 * @throws RangeError for a text of more than 255 parts.
 */
export function segmentsOf(text: string, wide = false): Segments {
  const coding = septetsOf(text) === undefined ? 'ucs2' : 'gsm7';
  const weigh = coding === 'gsm7' ? weighSeptets : (character: string) => character.length;
  const characters = [...text];
  const total = characters.reduce((sum, character) => sum + weigh(character), 0);
  if (total <= ROOM[coding].alone) return { coding, texts: [text] };
  const texts = cut(characters, weigh, ROOM[coding][wide ? 'wide' : 'narrow']);
  if (texts.length > MOST_PARTS)
    throw new RangeError(`text: ${texts.length} parts, and a message has at most ${MOST_PARTS}`);
  return { coding, texts };
}

const weighSeptets = (character: string): number => septetsOf(character)?.length ?? 0;

function cut(characters: readonly string[], weigh: (character: string) => number, room: number): readonly string[] {
  const texts: string[] = [];
  let [current, taken] = ['', 0];
  for (const character of characters) {
    const weight = weigh(character);
    if (taken + weight > room) {
      texts.push(current);
      [current, taken] = ['', 0];
    }
    current += character;
    taken += weight;
  }
  return [...texts, current];
}
