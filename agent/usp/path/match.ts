import type { ValueType } from '../model/object-type.ts';
import type { Condition } from './parse-path.ts';

const ORDERED: readonly ValueType[] = ['int', 'unsignedInt', 'unsignedLong', 'decimal'];

/** Does a value meet the condition of a search? Strings and booleans are equal or not; only numbers have an order. */
export function holds({ operator, literal, quoted }: Condition, value: string, type: ValueType): boolean {
  if (operator === '~=') return value.split(',').some((one) => one.trim() === literal);
  if (!quoted && ORDERED.includes(type)) return compare(operator, Number(value), Number(literal));
  if (type === 'dateTime' && quoted === false) return false;
  if (operator === '==') return value === literal;
  return operator === '!=' && value !== literal;
}

function compare(operator: Condition['operator'], value: number, literal: number): boolean {
  switch (operator) {
    case '==':
      return value === literal;
    case '!=':
      return value !== literal;
    case '<':
      return value < literal;
    case '>':
      return value > literal;
    case '<=':
      return value <= literal;
    case '>=':
      return value >= literal;
    case '~=':
      return false;
  }
}
