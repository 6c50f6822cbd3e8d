/** Micro-euro as euros with two to six decimals: "0.015", "150.00", "-0.000001". Exact: no floating point. */
export function writeEuro(microEuro: number): string {
  const size = Math.abs(microEuro);
  const fraction = String(size % 1_000_000).padStart(6, '0');
  const shown = fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, '');
  return `${microEuro < 0 ? '-' : ''}${Math.floor(size / 1_000_000)}.${shown}`;
}
