import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ZodError } from 'zod';
import type { Case } from '../../../../provisioning/commands/rate/case.ts';
import { dailyCase } from '../../../../provisioning/commands/rate/daily.ts';
import { encoursCase } from '../../../../provisioning/commands/rate/encours.ts';
import { roamingCase } from '../../../../provisioning/commands/rate/roaming.ts';
import { answerOf } from './answer-of.ts';

const CASES: Readonly<Record<string, Case>> = { daily: dailyCase, encours: encoursCase, roaming: roamingCase };
const caseOf = (name: string): Case => {
  const found = CASES[name];
  if (found === undefined) throw new Error(`there is no case ${name}`);
  return found;
};
const PAGE = readFileSync(new URL('../../../../docs/rating/limits.md', import.meta.url), 'utf8');
const EXAMPLE = /```json case=(\w+)\n([\s\S]*?)```[\s\S]*?```json answer\n([\s\S]*?)```/g;
const examples = [...PAGE.matchAll(EXAMPLE)].map(([, name = '', input = '', answer = '']) => ({
  name,
  input: JSON.parse(input) as unknown,
  answer: JSON.parse(answer) as unknown,
}));

/** Where the first complaint is, and what it says. */
function complaint(which: Case, input: unknown): string {
  try {
    answerOf(which, input);
  } catch (error) {
    if (error instanceof ZodError)
      return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw error;
  }
  return '';
}

describe('V-4, S-6, C-2: the billing cases answer as their page says', () => {
  test('the page has an example of each', () => {
    expect(new Set(examples.map(({ name }) => name))).toEqual(new Set(Object.keys(CASES)));
    expect(PAGE.match(/```json case=/g)).toHaveLength(examples.length);
  });

  test.each(examples)('the example of $name', ({ name, input, answer }) => {
    expect(answerOf(caseOf(name), input)).toEqual(answer);
    expect(JSON.parse(JSON.stringify(answerOf(caseOf(name), input)))).toEqual(answer);
  });
});

describe('C-2, U-5: records of a case', () => {
  const ask = (uses: readonly object[]) =>
    answerOf(encoursCase, { thresholdMicroEuro: 1_000, uses, asOf: '2026-12-31T00:00' }) as {
      encoursMicroEuro: number;
      tooLate: string[];
    };
  const use = { at: '2026-06-01T10:00', microEuro: 500 };

  test('a correction, a record taken back and a record that came too late', () => {
    expect(ask([use, { ...use, replaces: 'use-1', microEuro: 7 }]).encoursMicroEuro).toBe(7);
    expect(
      ask([
        { ...use, canceled: true, replaces: 'x' },
        { ...use, id: 'x' },
      ]).encoursMicroEuro,
    ).toBe(0);
    expect(ask([{ ...use, arrived: '2026-08-15T10:00' }]).encoursMicroEuro).toBe(500);
    expect(ask([{ ...use, arrived: '2026-08-15T10:00:00.001' }])).toMatchObject({
      encoursMicroEuro: 0,
      tooLate: ['use-1'],
    });
  });

  test('a credit note lowers what is owed', () => {
    expect(ask([use, { ...use, microEuro: -200 }]).encoursMicroEuro).toBe(300);
  });
});

describe('C-2, S-6, V-4: bad input names the field and the remedy', () => {
  const encours = { thresholdMicroEuro: 1, uses: [], asOf: '2026-11-22T09:30' };
  const rows: readonly (readonly [string, Case, object, string])[] = [
    ['a day that does not exist', encoursCase, { ...encours, asOf: '2026-02-30T09:30' }, 'asOf: a time such as'],
    [
      'a time that March leaves out',
      encoursCase,
      { ...encours, asOf: '2026-03-29T02:30' },
      'asOf: Paris has no such time',
    ],
    ['a time of 25 o’clock', encoursCase, { ...encours, asOf: '2026-03-29T25:30' }, 'asOf: a time such as'],
    ['an offset of 15 hours', encoursCase, { ...encours, asOf: '2026-03-20T02:30+15:00' }, 'asOf: a time such as'],
    ['half a micro-euro', encoursCase, { ...encours, thresholdMicroEuro: 0.5 }, 'thresholdMicroEuro: '],
    ['a field of another name', encoursCase, { ...encours, threshold: 1 }, 'threshold'],
    [
      'a record that takes back nothing',
      encoursCase,
      { ...encours, uses: [{ at: '2026-11-22T09:30', microEuro: 1, canceled: true }] },
      'uses.0.replaces: a canceled record names',
    ],
    [
      'a ceiling under 45 €',
      roamingCase,
      { month: '2026-11', ceilingMicroEuro: 44_999_999, uses: [] },
      'ceilingMicroEuro: ',
    ],
    [
      'a ceiling over 60 €',
      roamingCase,
      { month: '2026-11', ceilingMicroEuro: 60_000_001, uses: [] },
      'ceilingMicroEuro: ',
    ],
    [
      'a month without a number',
      roamingCase,
      { month: '2026-13', ceilingMicroEuro: 45_000_000, uses: [] },
      'month: a month such as',
    ],
    ['a day that is none', dailyCase, { day: '2026-11-31', calls: [] }, 'day: a day that exists'],
    [
      'seconds below zero',
      dailyCase,
      { day: '2026-11-30', calls: [{ at: '2026-11-30T10:00', seconds: -1 }] },
      'calls.0.seconds: ',
    ],
  ];
  test.each(rows)('%s', (_, which, input, words) => {
    expect(complaint(which, input)).toContain(words);
  });

  test('an offset is read on either side of Greenwich', () => {
    const asOf = (text: string) => (answerOf(encoursCase, { ...encours, asOf: text }) as { asOf: string }).asOf;
    expect(asOf('2026-11-22T09:30-05:00')).toBe('2026-11-22T15:30:00+01:00');
    expect(asOf('2026-07-01T09:30:15.250Z')).toBe('2026-07-01T11:30:15.250+02:00');
    expect(asOf('2026-10-25T02:30')).toBe('2026-10-25T02:30:00+02:00');
  });

  test('a ceiling of a day under way, and a line that is cut', () => {
    const uses = [{ at: '2026-11-05T12:00', microEuro: 45_000_000 }];
    const ask = (asOf: string) =>
      answerOf(roamingCase, { month: '2026-11', ceilingMicroEuro: 45_000_000, uses, asOf }) as { state: string };
    expect([ask('2026-11-05T11:59').state, ask('2026-11-05T12:00').state]).toEqual(['open', 'cut']);
  });
});
