/** Digits of a French number behind the country code or the trunk zero. */
const NATIONAL = 9;

/** The line of the site that a number is, dialed in any form; undefined where it is none of them. */
export function lineOfNumber(lines: readonly { readonly number: string }[], dialed: string): string | undefined {
  const digits = dialed.replaceAll(/\D/g, '');
  if (digits.length < NATIONAL) return undefined;
  return lines.find(({ number }) => number.endsWith(digits.slice(-NATIONAL)))?.number;
}

/** U-6: of a number that may be somebody's the last four digits are hidden; short ones are services and stay. */
export const masked = (number: string): string =>
  number.replaceAll(/\D/g, '').length < NATIONAL ? number : `${number.slice(0, -4)}****`;
