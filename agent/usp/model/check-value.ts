import { type Failure, fails } from '../failure.ts';
import type { ParameterType } from './object-type.ts';

const LONGEST = 256;
const LEXICAL = {
  boolean: /^(true|false|0|1)$/,
  dateTime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/,
  decimal: /^-?\d+(\.\d+)?$/,
  hexBinary: /^([0-9A-Fa-f]{2})*$/,
  int: /^-?\d{1,10}$/,
  long: /^-?\d{1,19}$/,
  string: /^[\s\S]*$/,
  unsignedInt: /^\d{1,10}$/,
  unsignedLong: /^\d{1,19}$/,
} as const;

/** The value as it is kept: booleans as `true` and `false` (XSD, 3.2.2). */
export function checkValue(
  { type, values, least, pattern, longest = LONGEST }: ParameterType,
  value: string,
  path: string,
): { readonly value: string } | Failure {
  if (!LEXICAL[type].test(value)) return fails(7012, path, `not of type ${type}`);
  if (type === 'unsignedInt' && Number(value) > 4_294_967_295) return fails(7012, path, 'more than 32 bits');
  if (type === 'int' && Math.abs(Number(value)) > 2_147_483_647) return fails(7012, path, 'more than 32 bits');
  if (least !== undefined && Number(value) < least) return fails(7012, path, `${least} at least`);
  if (value.length > longest) return fails(7012, path, `longer than ${longest}`);
  if (pattern?.test(value) === false) return fails(7012, path, `of the form ${pattern.source}`);
  if (values !== undefined && !values.includes(value)) return fails(7012, path, `one of ${values.join(', ')}`);
  if (type !== 'boolean') return { value };
  return { value: value === '1' || value === 'true' ? 'true' : 'false' };
}
