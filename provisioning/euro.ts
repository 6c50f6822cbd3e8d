/**
 * Micro-euro of an amount such as "150" or "150.50"; undefined for anything else. Exact: no floating point.
 * `wholeDigits` is how many digits the euros may have: five by default, up to 99,999.
 */
export function readEuro(text: string, wholeDigits = 5): number | undefined {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined || whole.length > wholeDigits) return undefined;
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

/** Micro-euro as euros with two to six decimals: "0.015", "150.00", "-0.000001". Exact: no floating point. */
export function writeEuro(microEuro: number): string {
  const size = Math.abs(microEuro);
  const fraction = String(size % 1_000_000).padStart(6, '0');
  const shown = fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, '');
  return `${microEuro < 0 ? '-' : ''}${Math.floor(size / 1_000_000)}.${shown}`;
}
