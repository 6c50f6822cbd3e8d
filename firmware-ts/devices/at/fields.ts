/**
 * The values behind the name of a response line (V.250 5.7.2): quotes taken off, an empty place undefined. A comma inside
 * quotes is part of its value.
 */
export function fieldsOf(line: string): readonly (string | undefined)[] {
  const values = line.slice(line.indexOf(':') + 1);
  return [...values.matchAll(/\s*(?:"([^"]*)"|([^",]*))\s*(?:,|$)/g)]
    .slice(0, commasOutside(values) + 1)
    .map(([, quoted, bare]) => quoted ?? (bare?.trim() || undefined));
}

/** A whole number of a field, undefined for anything else. */
export const numberOf = (field: string | undefined): number | undefined =>
  field !== undefined && /^-?\d{1,15}$/.test(field) ? Number(field) : undefined;

/** The first line of a beginning, as its values. */
export function fieldsAfter(lines: readonly string[], starts: string): readonly (string | undefined)[] | undefined {
  const line = lines.find((one) => one.startsWith(starts));
  return line === undefined ? undefined : fieldsOf(line);
}

const commasOutside = (values: string): number => values.replace(/"[^"]*"/g, '').split(',').length - 1;
