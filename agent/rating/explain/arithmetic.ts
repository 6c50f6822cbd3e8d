import type { RatedUse } from '../book/words.ts';
import { euro } from './euro.ts';
import type { Sentence } from './sentence.ts';

const UNITS: Readonly<Record<string, readonly [fr: string, en: string]>> = {
  call: ['s', 's'],
  sms: ['SMS', 'SMS'],
  mms: ['MMS', 'MMS'],
  data: ['octets', 'bytes'],
  fax: ['pages', 'pages'],
};

/** The amounts of a charge, step by step: all of it, what the plan includes, what is paid and at which price, the sum. */
export function arithmeticOf(rated: RatedUse): readonly Sentence[] {
  const { use, quantity, included, paid, waived, price, ticks } = rated;
  if (price === undefined) return [];
  const [fr, en] = UNITS[use.kind] ?? ['', ''];
  const steps: Sentence[] = [{ fr: `${quantity} ${fr} au total`, en: `${quantity} ${en} in all` }];
  if (included > 0) steps.push({ fr: `dont ${included} ${fr} comprises`, en: `of which ${included} ${en} included` });
  if (waived > 0) steps.push({ fr: `dont ${waived} ${fr} non facturées`, en: `of which ${waived} ${en} not charged` });
  if (paid > 0 || ticks > 0) steps.push(paidStep(rated, fr, en));
  return steps;
}

function paidStep({ use, paid, price, ticks }: RatedUse, fr: string, en: string): Sentence {
  const name = price?.name ?? '';
  const each = (price?.perUnitMicroEuro ?? 0) * TICKS_PER_MICRO_EURO;
  const setup = price?.perCallMicroEuro ?? 0;
  const fee = (point: ',' | '.'): string => (setup === 0 ? '' : ` + ${euro(setup * TICKS_PER_MICRO_EURO, point)}`);
  const [perFr, perEn] =
    use.kind === 'call' ? ['/min', '/min'] : use.kind === 'data' ? [' par unité', ' a unit'] : ['', ''];
  const tax = price?.tax ?? 'HT';
  return {
    fr: `${paid} ${fr} à ${euro(each, ',')} ${tax}${perFr}${fee(',')} (« ${name} ») = ${euro(ticks, ',')} ${tax}`,
    en: `${paid} ${en} at ${euro(each, '.')} ${tax}${perEn}${fee('.')} ("${name}") = ${euro(ticks, '.')} ${tax}`,
  };
}

const TICKS_PER_MICRO_EURO = 60;
