export type SenderName =
  | { readonly is: 'accepted' }
  | { readonly is: 'refused'; readonly because: 'no-letter' | 'letter-and-four-digits' }
  | { readonly is: 'refused'; readonly because: 'sensitive'; readonly like: string };

/** From this length on a sensitive name is looked for inside other words too: "edf" is in many, "paypal" is in none. */
const LONG_NAME = 5;

/**
 * May a sender call itself so (R-6; networth, annexe SMS Cely art. 1, "Filtrage des OADC")? Case, accents, spaces and
 * punctuation make no difference: "Pay-Pal" is "Paypal".
 */
export function senderName(name: string, sensitiveNames: readonly string[]): SenderName {
  const words = wordsOf(name);
  const joined = words.join('');
  if (!/\p{L}/u.test(joined)) return { is: 'refused', because: 'no-letter' };
  if (/^\p{L}\d{4}$/u.test(joined)) return { is: 'refused', because: 'letter-and-four-digits' };
  const like = sensitiveNames.find((sensitive) => {
    const one = wordsOf(sensitive).join('');
    return joined === one || words.includes(one) || (one.length >= LONG_NAME && joined.includes(one));
  });
  return like === undefined ? { is: 'accepted' } : { is: 'refused', because: 'sensitive', like };
}

const wordsOf = (name: string): readonly string[] =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
