const EURO = /^(\d{1,5})(?:\.(\d{1,6}))?$/;

/** Micro-euro of an amount such as "150" or "150.50"; undefined for anything else. Exact: no floating point. */
export function readEuro(text: string): number | undefined {
  const [, whole, fraction = ''] = EURO.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'));
}
