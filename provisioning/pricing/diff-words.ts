import { canonical } from '../../agent/model/canonical.ts';
import { writeEuro } from '../euro.ts';
import type { Change, FieldChange } from './diff.ts';

/** A diff for a person: one line for each price or plan, one below it for each field. */
export const diffWords = (changes: readonly Change[]): readonly string[] =>
  changes.length === 0
    ? ['no difference']
    : changes.flatMap((change) => [headline(change), ...change.fields.map(fieldLine)]);

const SIGN = { added: '+', removed: '-', changed: '~' } as const;

const headline = ({ is, list, what, name }: Change): string => `${SIGN[is]} ${list}: ${what} (${name})`;

function fieldLine({ field, before, after, dearer }: FieldChange): string {
  const words = field.replace(/MicroEuro$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (before === undefined) return `    ${words}: ${value(field, after)}`;
  if (after === undefined) return `    ${words}: ${value(field, before)} no more`;
  const which = dearer === undefined ? '' : dearer ? ', dearer' : ', cheaper';
  return `    ${words}: ${value(field, before)} → ${value(field, after)}${which}`;
}

function value(field: string, written: unknown): string {
  if (field.endsWith('MicroEuro') && typeof written === 'number') return `${writeEuro(written)} €`;
  return typeof written === 'string' ? written : canonical(written);
}
