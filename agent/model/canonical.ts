type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON in one canonical form: keys in code-unit order, no white space, safe integers only (a subset of RFC 8785).
 * The bytes of a record, of a signed configuration and of a journal line are made here and nowhere else.
 * @throws TypeError on a number that is not a safe integer.
 */
export function canonical(value: unknown): string {
  return write(value as Json);
}

function write(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value);
  if (isList(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

function writeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`only safe integers are canonical, not ${value}`);
  return Object.is(value, -0) ? '0' : String(value);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
