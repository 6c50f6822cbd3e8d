import { expect, test } from 'vitest';
import { citing, creditId, inEuro, regimeName } from '../../../../agent/rating/service/credit-words.ts';
import { servedBy } from './served.ts';

test('G-3, R-10: a credit is named by its rule, its service and its first instant', () => {
  expect(creditId('gtr', servedBy('imesit').service, 17)).toBe('credit/gtr/access/17');
});

test('G-3: a contract is named with its version, and a sentence with its article in both languages', () => {
  const regime = servedBy('imesit').regimeAt(0);
  expect(regime && regimeName({ ...regime, version: 3 })).toBe('imesit@3');
  expect(citing({ fr: 'Oui.', en: 'Yes.' }, 'art. 7')).toEqual({ fr: 'Oui. (art. 7)', en: 'Yes. (art. 7)' });
});

test('R-10: euro have two digits at least and none that is not there', () => {
  expect([0, 44_950_000, 44_951_000, 5, 1_000_000, 123_456_789].map(inEuro)).toEqual([
    '0.00',
    '44.95',
    '44.951',
    '0.000005',
    '1.00',
    '123.456789',
  ]);
});
