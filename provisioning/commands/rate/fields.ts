import { z } from 'zod';
import { ExcuseSchema } from '../../../agent/model/excuse.ts';
import { readEuro } from '../../euro.ts';
import { timeField } from './times.ts';

const EURO_DIGITS = 9;

/** An amount in euro such as "89.90", to the micro-euro. Read as micro-euro, exactly. */
export const euroField = z.string().transform((text, context): number => {
  const amount = readEuro(text, EURO_DIGITS);
  if (amount !== undefined) return amount;
  context.addIssue('an amount in euro as text such as "89.90": up to 9 digits, a dot, up to 6 decimals');
  return z.NEVER;
});

const ends = { from: timeField, to: timeField };
const inOrder = ({ from, to }: { readonly from: number; readonly to: number }): boolean => from <= to;
const ORDER = { path: ['to'], error: 'ends before it begins' };

export const intervalField = z.strictObject(ends).refine(inOrder, ORDER);
export const excusedField = z.strictObject({ cause: ExcuseSchema, ...ends }).refine(inOrder, ORDER);

/** INSEE code of the site's commune: says whether the holidays of Alsace-Moselle hold (G4). */
export const communeField = z.string().regex(/^(?:\d{2}|2[AB])\d{3}$/, 'an INSEE code of a commune such as "67482"');
