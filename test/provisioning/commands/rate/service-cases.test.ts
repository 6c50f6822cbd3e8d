import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ZodError } from 'zod';
import { availabilityCase } from '../../../../provisioning/commands/rate/availability.ts';
import type { Case } from '../../../../provisioning/commands/rate/case.ts';
import { gtrCase } from '../../../../provisioning/commands/rate/gtr.ts';
import { workingHoursCase } from '../../../../provisioning/commands/rate/working-hours.ts';
import { CMI_GTR, IMESIT_GTR, NEXIS_AVAILABILITY } from '../../../agent/rating/service/contract-terms.ts';
import { answerOf } from './answer-of.ts';

/** The JSON blocks of a page of the documentation: question and answer in turn. */
function examples(page: string): readonly { readonly asked: unknown; readonly answered: unknown }[] {
  const text = readFileSync(new URL(`../../../../docs/rating/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => JSON.parse(block));
  return blocks.flatMap((asked, at) => (at % 2 === 0 ? [{ asked, answered: blocks[at + 1] }] : []));
}
/** As it leaves the command: through JSON. */
const answer = (one: Case, asked: unknown): unknown => JSON.parse(JSON.stringify(answerOf(one, asked)));

describe('G-3, G-5, G-1: the worked examples of the documentation are true', () => {
  const [incident, hours, ...rest] = examples('gtr.md');
  const [month, ...more] = examples('availability.md');

  test('G-3: one incident', () => expect(answer(gtrCase, incident?.asked)).toEqual(incident?.answered));
  test('G-1: working hours', () => expect(answer(workingHoursCase, hours?.asked)).toEqual(hours?.answered));
  test('G-5: one month', () => expect(answer(availabilityCase, month?.asked)).toEqual(month?.answered));
  test('and there are no others', () => expect([rest, more]).toEqual([[], []]));

  test('the terms of the examples are those of the contracts', () => {
    expect(incident?.asked).toMatchObject({ terms: CMI_GTR.terms });
    expect(month?.asked).toMatchObject({ terms: NEXIS_AVAILABILITY.terms });
  });
});

const INCIDENT = {
  terms: IMESIT_GTR.terms,
  readings: IMESIT_GTR.readings,
  access: 'telephony',
  reported: '2026-11-18T09:00',
  restored: '2026-11-18T14:00',
  monthlyFeeEuro: '100',
};
const MONTH = { terms: NEXIS_AVAILABILITY.terms, month: '2026-11', outages: [], fixedFeesEuro: '10' };

describe('G-1 to G-4: one incident from JSON', () => {
  const ask = (changes: object) => answer(gtrCase, { ...INCIDENT, ...changes });

  test('times on the wall in Paris and with an offset are the same', () => {
    const expected = ask({});
    expect(expected).toMatchObject({ amountEuro: '50.00', clockStart: '2026-11-18T09:00:00+01:00', longOutage: null });
    expect(ask({ reported: '2026-11-18T08:00:00Z', restored: '2026-11-18T14:00:00.000+01:00' })).toEqual(expected);
    expect(ask({ reported: '2026-11-18T03:00:00-05:00' })).toEqual(expected);
  });

  test('thousandths of a second are kept', () => {
    expect(ask({ reported: '2026-11-18T09:00:00.5' })).toMatchObject({ workingMillisecondsLost: 17_999_500 });
    const late = ask({ reported: '2026-11-18T10:00:00.001' });
    expect(late).toMatchObject({ workingMillisecondsLost: 14_399_999, clockStart: '2026-11-18T10:00:00.001+01:00' });
  });

  test('G4: a commune of Alsace-Moselle brings its holidays', () => {
    const christmas = { reported: '2025-12-26T09:00', restored: '2025-12-26T18:00' };
    expect(ask({ ...christmas, commune: '67482' })).toMatchObject({ alsaceMoselle: true, amountEuro: '0.00' });
    expect(ask({ ...christmas, commune: '75056' })).toMatchObject({ alsaceMoselle: false, amountEuro: '100.00' });
  });

  test('G-4: two days without the main obligation are answered beside it', () => {
    const outages = [{ from: '2026-11-20T10:00', to: '2026-11-22T10:00' }];
    expect(ask({ longOutage: { terms: IMESIT_GTR.longOutage, outages } })).toMatchObject({
      longOutage: { amountEuro: '100.00', onRequest: true, outages: [{ millisecondsCounted: 172_800_000, due: true }] },
    });
  });

  test('the hour that October repeats is its first passage on the wall, and an offset tells the two apart', () => {
    const at = (reported: string) => ask({ reported, restored: '2026-10-25T12:00' });
    expect(at('2026-10-25T02:30')).toEqual(at('2026-10-25T02:30+02:00'));
    expect(at('2026-10-25T02:30+01:00')).toMatchObject({ clockStart: '2026-10-25T02:30:00+01:00' });
  });
});

describe('S-5, G-1: working hours from JSON', () => {
  test('without weekly hours: 48 hours on working days, 24 hours a day', () => {
    const asked = { ask: 'time-after', from: '2026-11-10T15:00', workingMinutes: 2_880 };
    expect(answer(workingHoursCase, asked)).toEqual({
      alsaceMoselle: false,
      from: '2026-11-10T15:00:00+01:00',
      to: '2026-11-13T15:00:00+01:00',
      workingMilliseconds: 172_800_000,
      holidays: [{ day: '2026-11-11', holiday: 'armistice-1918' }],
    });
  });
});

describe('G-3, G-5: wrong input is refused by the name of its field', () => {
  const refused = (one: Case, input: unknown): readonly string[] => {
    try {
      answerOf(one, input);
    } catch (error) {
      if (error instanceof ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      throw error;
    }
    return [];
  };

  test.each<[string, Case, object, RegExp]>([
    ['a day that does not exist', gtrCase, { ...INCIDENT, reported: '2026-02-30T09:00' }, /^reported: a time such as/],
    [
      'an hour that does not exist',
      gtrCase,
      { ...INCIDENT, reported: '2026-11-18T24:00' },
      /^reported: a time such as/,
    ],
    [
      'an offset that does not exist',
      gtrCase,
      { ...INCIDENT, reported: '2026-11-18T09:00+25:00' },
      /^reported: a time such as/,
    ],
    ['a time without a day', gtrCase, { ...INCIDENT, restored: '09:00' }, /^restored: a time such as/],
    [
      'a time that March leaves out',
      gtrCase,
      { ...INCIDENT, reported: '2026-03-29T02:30' },
      /^reported: Paris has no such time/,
    ],
    [
      'a year before the rule',
      gtrCase,
      { ...INCIDENT, reported: '1995-11-18T09:00' },
      /^reported: a time from 1996 on/,
    ],
    [
      'restored before reported',
      gtrCase,
      { ...INCIDENT, restored: '2026-11-18T08:59' },
      /^restored: the service is restored before/,
    ],
    ['an amount as a number', gtrCase, { ...INCIDENT, monthlyFeeEuro: 100 }, /^monthlyFeeEuro: /],
    [
      'an amount with a comma',
      gtrCase,
      { ...INCIDENT, monthlyFeeEuro: '89,90' },
      /^monthlyFeeEuro: an amount in euro as text/,
    ],
    [
      'an amount with a sign',
      gtrCase,
      { ...INCIDENT, paidInYearEuro: '-1' },
      /^paidInYearEuro: an amount in euro as text/,
    ],
    ['a field that does not exist', gtrCase, { ...INCIDENT, fee: 1 }, /^: .*fee/],
    [
      'a reading that is not known',
      gtrCase,
      { ...INCIDENT, readings: { tier_clock: 'wall_clock' } },
      /^readings\.tier_clock: /,
    ],
    [
      'a cause that is not known',
      gtrCase,
      { ...INCIDENT, excused: [{ cause: 'rain', from: '2026-11-18T09:00', to: '2026-11-18T09:00' }] },
      /^excused\.0\.cause: /,
    ],
    ['a commune that is a name', gtrCase, { ...INCIDENT, commune: 'Metz' }, /^commune: an INSEE code/],
    [
      'an excuse that ends before it begins',
      gtrCase,
      { ...INCIDENT, excused: [{ cause: 'mains', from: '2026-11-18T10:00', to: '2026-11-18T09:00' }] },
      /^excused\.0\.to: ends before/,
    ],
    ['a thirteenth month', availabilityCase, { ...MONTH, month: '2026-13' }, /^month: a month such as/],
    [
      'an outage that ends before it begins',
      availabilityCase,
      { ...MONTH, outages: [{ from: '2026-11-18T10:00', to: '2026-11-18T09:00' }] },
      /^outages\.0\.to: ends before/,
    ],
    [
      'a fourth month before',
      availabilityCase,
      { ...MONTH, usageBeforeEuro: ['1', '1', '1', '1'] },
      /^usageBeforeEuro: .*\(N3\)/,
    ],
    [
      'an end before the start',
      workingHoursCase,
      { ask: 'time-between', from: '2026-11-18T10:00', to: '2026-11-18T09:00' },
      /^to: ends before/,
    ],
    ['an unknown question', workingHoursCase, { ask: 'when', from: '2026-11-18T10:00' }, /^ask: /],
    [
      'a negative working time',
      workingHoursCase,
      { ask: 'time-after', from: '2026-11-18T10:00', workingMinutes: -1 },
      /^workingMinutes: /,
    ],
  ])('%s', (_, one, input, message) => expect(refused(one, input).join('\n')).toMatch(message));

  test('and the inputs they were made from are answered', () => {
    expect(refused(gtrCase, INCIDENT)).toEqual([]);
    expect(refused(availabilityCase, MONTH)).toEqual([]);
  });
});
