import type { SmsReadings } from '../../../../agent/model/readings/sms.ts';

/** The five lines of the annex as they are printed, and the list of double characters with its hole. */
const ANNEX = [
  'A à Z',
  '0 à 9',
  'À È É Ù è é ù ì ò Ç ç Ä Ö Ñ Ü Ø ø Å å ä ö ñ ü à',
  'Æ æ ß Δ Φ Γ Λ Ω Π Ψ Σ Θ Ξ 1 B',
  '@ € £ $ ¥ ‘ » # ¤ % & ( ) * + < = > . , – : ; ? ¿ ! ¡ § ^ { } [ ] / | ~',
];
const DOUBLE = '^, ~, |, {, }, [, ], , €.';

const printed = new Set<string>();
for (const line of ANNEX) {
  const signs = line.split(' ');
  if (signs[1] === 'à' && signs.length === 3) {
    for (let code = (signs[0] ?? '').charCodeAt(0); code <= (signs[2] ?? '').charCodeAt(0); code += 1) {
      printed.add(String.fromCharCode(code));
    }
  } else for (const sign of signs) printed.add(sign);
}

export const ALPHABET = [...printed, ...'abcxyz \'"-\\\n', 'ê', 'œ', '_', '😀', '\u0301'];

/** S1 to S12 a second time: slots filled one by one, boxes closed one by one. */
export function naiveLength(text: string, stop: boolean | undefined, readings: SmsReadings): string {
  const slots: number[] = [];
  let place = 0;
  const reserve = stop === false ? 0 : readings.stop_chars;
  const characters = Array.from(text.normalize('NFC'));
  if (characters.length === 0) return 'empty 0';
  for (const character of characters) {
    const weight = naiveWeight(character, readings);
    if (weight === 0) return `forbidden-character ${place}`;
    for (let copy = 0; copy < weight; copy += 1) slots.push(place);
    if (slots.length + reserve > readings.max_weight) return `too-long ${place}`;
    place += 1;
  }
  for (let copy = 0; copy < reserve; copy += 1) slots.push(place + copy);
  if (slots.length <= 160) return `${slots.length} 1 1`;
  return `${slots.length} ${boxes(slots, false)} ${boxes(slots, true)}`;
}

function naiveWeight(character: string, readings: SmsReadings): number {
  if (character === '\\') return { double: 2, single: 1, forbidden: 0 }[readings.backslash];
  if (/^[a-z]$/.test(character)) return readings.allow_lower_case ? 1 : 0;
  if (character === ' ') return readings.allow_space ? 1 : 0;
  if (character === '\n') return readings.allow_newline ? 1 : 0;
  if ('\'"-'.includes(character)) return readings.typographic_forms === 'listed' ? 0 : 1;
  if ('‘»–'.includes(character)) return readings.typographic_forms === 'ascii' ? 0 : 1;
  if (!printed.has(character)) return 0;
  return character !== ',' && character !== '.' && DOUBLE.includes(character) ? 2 : 1;
}

/** Fills boxes of 153 slots; a character whose slots would lie in two boxes waits for the next one when it is kept whole. */
function boxes(slots: readonly number[], keptWhole: boolean): number {
  let count = 1;
  let free = 153;
  slots.forEach((place, at) => {
    const opensPair = slots[at + 1] === place;
    if (free === 0 || (keptWhole && opensPair && free === 1)) {
      count += 1;
      free = 153;
    }
    free -= 1;
  });
  return count;
}
