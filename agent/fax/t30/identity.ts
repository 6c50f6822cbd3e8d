/** Length of the information of CSI, CIG, TSI, PWD, SEP, SUB, SID and PSA (T.30 5.3.6.2.4 and following). */
const LENGTH = 20;
const SPACE = 0x20;

/** The number or name in such a frame: it is sent from its last character to its first, filled up with spaces. */
export function readIdentity(information: Uint8Array): string {
  const characters = [...information.subarray(0, LENGTH)].map((octet) =>
    octet >= SPACE && octet < 0x7f ? String.fromCharCode(octet) : ' ',
  );
  return characters.reverse().join('').trim();
}

/** Digits, plus and spaces only, as T.30 has it; longer numbers lose their end. */
export function writeIdentity(number: string): Uint8Array {
  const kept = [...number].filter((character) => /[0-9+ ]/.test(character)).slice(0, LENGTH);
  return Uint8Array.from(kept.join('').padStart(LENGTH).split('').reverse(), (character) => character.charCodeAt(0));
}
