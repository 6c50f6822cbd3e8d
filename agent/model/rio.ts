import { z } from 'zod';

/** Operator, client type, reference and key of a relevé d'identité opérateur; which number it is of, its key tells (S-10). */
export const RioSchema = z
  .string()
  .regex(/^[A-Z0-9]{2}[EP][A-Z0-9+]{6}[A-Z0-9+]{3}$/, 'a RIO of 12 characters, such as 02P123456MH0, without spaces');

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+';

/**
 * The three last characters of a RIO: sums over the nine first and the number's ten digits, modulo 37, of weights 1, 2
 * and 4 (decision of Arcep on number portability, annex "calcul de la clé de contrôle du RIO").
 * @param number E.164 of a French number, such as +33612345678.
 */
export function rioKey(rio: string, number: string): string {
  const digits = `0${number.slice('+33'.length)}`;
  const sums = [1, 2, 4].map((weight) =>
    [...rio.slice(0, 9), ...digits].reduce((sum, letter) => (weight * sum + LETTERS.indexOf(letter)) % 37, 0),
  );
  return sums.map((sum) => LETTERS[sum] ?? '').join('');
}

/** Whether the RIO is one of that number: mistakes in copying either show. */
export const isRioOf = (rio: string, number: string): boolean =>
  /^\+33\d{9}$/.test(number) && RioSchema.safeParse(rio).success && rio.slice(9) === rioKey(rio, number);
