import { describe, expect, test } from 'vitest';
import { LimitUseSchema } from '../../../agent/model/limit-use.ts';
import { LimitsSchema } from '../../../agent/model/limits.ts';

const problems = (limits: unknown): readonly string[] =>
  (LimitsSchema.safeParse(limits).error?.issues ?? []).map(({ path }) => path.join('.'));

const ceiling = (ceilingMicroEuro: number) => ({
  roamingCeiling: {
    value: { ceilingMicroEuro, steps: [{ at: { percent: 80 }, is: 'reached', do: { name: 'warn' } }] },
    article: 'imesit mobile 9.3',
  },
});
const report = { at: { value: 1 }, is: 'reached', do: { name: 'report' } };

describe('C-1, C-2, S-6, V-4, V-7: limits are data of the regime', () => {
  test('a rule that is left out does not exist', () => {
    expect(LimitsSchema.parse({})).toEqual({});
  });

  test('S-6: the ceiling lies between 45 and 60 € (imesit mobile 9.3, cmi mobile 8.3.3)', () => {
    expect(problems(ceiling(45_000_000))).toEqual([]);
    expect(problems(ceiling(60_000_000))).toEqual([]);
    expect(problems(ceiling(44_999_999))).toEqual(['roamingCeiling.value.ceilingMicroEuro']);
    expect(problems(ceiling(60_000_001))).toEqual(['roamingCeiling.value.ceilingMicroEuro']);
  });

  test('V-7: an action that meters has its penalty; an action that warns has none', () => {
    const dialing = (action: object) => ({
      automaticDialing: {
        value: { signs: [{ kind: 'at-once', over: 3 }], steps: [{ ...report, do: action }] },
        article: 'networth 7.1.2',
      },
    });
    const parsed = LimitsSchema.parse(dialing({ name: 'meter', retroactive: true, penaltyMicroEuro: 200_000_000 }));
    expect(parsed.automaticDialing?.value.steps[0]?.do).toMatchObject({ penaltyMicroEuro: 200_000_000 });
    expect(problems(dialing({ name: 'meter' }))).toEqual(['automaticDialing.value.steps.0.do.retroactive']);
    expect(problems(dialing({ name: 'warn', retroactive: true }))).toEqual(['automaticDialing.value.steps.0.do']);
    expect(problems(dialing({ name: 'hang-up' }))).toEqual(['automaticDialing.value.steps.0.do.name']);
  });

  test('V-7: a sign has the counts of its kind and no others', () => {
    const signs = (sign: object) =>
      problems({ massFax: { value: { signs: [sign], steps: [report] }, article: 'imesit fixe 2.1' } });
    expect(signs({ kind: 'attempts', seconds: 60, over: 5 })).toEqual([]);
    expect(signs({ kind: 'attempts', over: 5 })).toEqual(['massFax.value.signs.0.seconds']);
    expect(signs({ kind: 'at-once', over: 5, seconds: 60 })).toEqual(['massFax.value.signs.0']);
    expect(signs({ kind: 'robots', over: 5 })).toEqual(['massFax.value.signs.0.kind']);
  });

  test('every value names its article', () => {
    expect(problems({ roamingCeiling: { ...ceiling(50_000_000).roamingCeiling, article: '' } })).toEqual([
      'roamingCeiling.article',
    ]);
  });

  test('R-10: amounts of a use are whole', () => {
    const use = { kind: 'data', id: 'a', line: '+33612345678', at: 0, bytes: 1 };
    expect(LimitUseSchema.parse({ use })).toEqual({ use, ticks: 0, option: false });
    expect(LimitUseSchema.safeParse({ use, ticks: 0.5 }).error?.issues[0]?.path).toEqual(['ticks']);
  });
});
