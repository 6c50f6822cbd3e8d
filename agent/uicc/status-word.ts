/** What a status word asks for, and what it says to support. */
export type WordMeaning = {
  readonly is: 'done' | 'more' | 'again' | 'refused';
  readonly says: string;
  /** Bytes that wait, or that the card wants to be asked for; 1 to 256. */
  readonly count?: number;
  /** The card has an order for the terminal, such as REFRESH (ETSI TS 102 223). */
  readonly proactive?: true;
};

/** ETSI TS 102 221 10.2.1, ISO/IEC 7816-4 5.6. A warning is a refusal here: no ES10 function answers with one. */
export function meaningOf(word: number): WordMeaning {
  const high = word >> 8;
  const low = word & 0xff;
  if (word === 0x9000) return { is: 'done', says: 'done' };
  if (high === 0x91) return { is: 'done', says: 'done; the card has an order for the terminal', proactive: true };
  if (high === 0x61) return { is: 'more', says: 'the answer waits', count: low === 0 ? 256 : low };
  if (high === 0x6c) return { is: 'again', says: 'the length asked for was wrong', count: low === 0 ? 256 : low };
  if (high === 0x63 && low >> 4 === 0xc) return { is: 'refused', says: `wrong code, ${low & 0xf} tries left` };
  return {
    is: 'refused',
    says: WORDS[wordName(word)] ?? CLASSES[wordName(word).slice(0, 2)] ?? 'a status word of no standard',
  };
}

export const wordName = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0');

const WORDS: Readonly<Record<string, string>> = {
  '6300': 'a code was wrong',
  '6881': 'the logical channel is not there: it was closed, or the card was restarted',
  '6882': 'secure messaging is not supported',
  '6883': 'the last command of the chain was expected',
  '6884': 'command chaining is not supported',
  '6981': 'the command does not fit this file',
  '6982': 'security condition not fulfilled: the code was not given',
  '6983': 'the code is blocked',
  '6984': 'the data are invalid',
  '6985': 'conditions of use are not fulfilled: the application is not selected',
  '6986': 'no file is selected',
  '6A80': 'the data of the command are wrong',
  '6A81': 'the function is not supported',
  '6A82': 'no such file or application: this card may be no eUICC, or hides its ISD-R',
  '6A83': 'no such record',
  '6A84': 'the memory of the card is full',
  '6A86': 'wrong parameters P1-P2',
  '6A88': 'the function is not known to this eUICC',
};

const CLASSES: Readonly<Record<string, string>> = {
  '62': 'a warning, nothing was changed',
  '63': 'a warning, something was changed',
  '64': 'an error of execution, nothing was changed',
  '65': 'an error of the card’s memory',
  '67': 'wrong length',
  '6B': 'wrong parameters',
  '6D': 'the card does not know this instruction',
  '6E': 'the card does not know this class',
  '6F': 'an error of the card without a name',
  '93': 'the card is busy, try again',
  '98': 'an error of security management',
};
