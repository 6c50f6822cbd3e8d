import { describe, expect, test } from 'vitest';
import { classify } from '../../../agent/rating/numbering/classify.ts';
import { TABLE } from '../../agent/rating/numbering/table.ts';
import { MAJNUM } from './sources.ts';

type Judged = readonly [className: string, territory: string | undefined, countryCode: string | undefined];

/** ARCEP's names of the overseas territories: ISO 3166-1 and country code. */
const OVERSEAS: Readonly<Record<string, readonly [territory: string, countryCode: string]>> = {
  'Guadeloupe, St Martin et St Barthélemy': ['GP', '590'],
  Martinique: ['MQ', '596'],
  Guyane: ['GF', '594'],
  'La Réunion': ['RE', '262'],
  'La Réunion - Océan indien': ['RE', '262'],
  Mayotte: ['YT', '262'],
  'Saint Pierre et Miquelon': ['PM', '508'],
};

/** Written from the published rules of the plan and ARCEP's column, knowing nothing of the compiler. */
function judge(number: string, area: string): Judged {
  if (!number.startsWith('0')) return [shortClass(number), undefined, undefined];
  if (area === 'National') return [specialClass(number), 'FR', '33'];
  const [territory, code] = area === 'Métropole' ? ['FR', '33'] : (OVERSEAS[area] ?? ['?', '?']);
  const at = (className: string): Judged => [className, territory, code];
  if (number.length > 10) return at('m2m');
  if (territory !== 'FR')
    return at(/^09/.test(number) ? 'overseas-09' : /^0[67]/.test(number) ? 'overseas-mobile' : 'overseas-fixed');
  if (/^0[67]/.test(number)) return at('mobile');
  if (/^09/.test(number) && !/^094[89]/.test(number))
    return at(/^093[789]/.test(number) ? 'platform-09' : 'nomadic-09');
  return at('geographic');
}

function shortClass(number: string): string {
  if (/^116...$|^3114$|^3919$/.test(number)) return 'helpline';
  if (/^118...$/.test(number)) return 'directory';
  if (/^3[01]..$/.test(number)) return 'free-special';
  return /^10..$/.test(number) ? 'short' : 'premium-special';
}

function specialClass(number: string): string {
  if (/^080[0-5]/.test(number)) return 'free-special';
  if (/^080[6-9]/.test(number)) return 'ordinary-special';
  return /^08[129]/.test(number) ? 'premium-special' : 'invalid';
}

/** The E.164 form; 0508 loses its own prefix abroad. */
function e164(number: string, [, , code]: Judged): string {
  if (code === undefined) return number;
  return number.startsWith('0508') ? `+${number.slice(1)}` : `+${code}${number.slice(1)}`;
}

const blocks = MAJNUM.toString('latin1')
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => line.replaceAll('"', '').split(';'))
  .map(([, first = '', last = '', , area = '']) => ({ first, last, area }));

const middle = (first: string, last: string): string =>
  String((BigInt(first) + BigInt(last)) / 2n).padStart(first.length, '0');

describe('R-2, goal 9: 19,096 of 19,096 blocks of ARCEP', () => {
  test('have their class, territory and E.164 form: first, middle and last number, dialled in France', () => {
    const wrong = blocks.flatMap(({ first, last, area }) =>
      [first, middle(first, last), last].flatMap((number) => {
        const judged = judge(number, area);
        const expected = { number: e164(number, judged), class: judged[0], territory: judged[1] };
        const found = classify(number, TABLE);
        return JSON.stringify(found) === JSON.stringify(expected) ? [] : [{ area, expected, found }];
      }),
    );
    expect(wrong).toEqual([]);
    expect(blocks).toHaveLength(19_096);
  });

  test('have the same when they are dialled from abroad', () => {
    const wrong = blocks.flatMap(({ first, last, area }) => {
      const national = classify(middle(first, last), TABLE);
      const abroad = national.number.replace(/^\+/, '00');
      const by33 = first.startsWith('0') ? `+33${middle(first, last).slice(1)}` : abroad;
      const same = [abroad, by33].every(
        (dialled) => JSON.stringify(classify(dialled, TABLE)) === JSON.stringify(national),
      );
      return same ? [] : [{ area, abroad, by33 }];
    });
    expect(wrong).toEqual([]);
  });

  test('are invalid with a digit more or less, short numbers among the five digits of SMS+ apart', () => {
    const wrong = blocks.flatMap(({ first }) =>
      [first.slice(0, -1), `${first}0`].filter((number) => {
        const of = classify(number, TABLE).class;
        return of !== 'invalid' && !(number.length === 5 && of === 'short');
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('are as many of each class as the list was counted to hold', () => {
    const counts: Record<string, number> = {};
    for (const { first } of blocks) {
      const { class: of, territory = '' } = classify(first, TABLE);
      const kind = /^09/.test(first) && territory === 'FR' ? 'metropolitan 09' : /^08/.test(first) ? 'special 08' : of;
      const group = first.startsWith('0') ? kind : 'short numbers';
      counts[group] = (counts[group] ?? 0) + 1;
    }
    expect(counts).toEqual({
      geographic: 13_696,
      mobile: 1_581,
      m2m: 35,
      'metropolitan 09': 1_064,
      'overseas-fixed': 417,
      'overseas-mobile': 427,
      'overseas-09': 103,
      'special 08': 1_505,
      'short numbers': 268,
    });
  });
});
