import { describe, expect, test } from 'vitest';
import { GtrTermsSchema } from '../../../../agent/model/readings/gtr.ts';
import { availabilityCredit } from '../../../../agent/rating/service/availability.ts';
import { type GtrIncident, gtrCompensation } from '../../../../agent/rating/service/gtr.ts';
import { gtrReasonText } from '../../../../agent/rating/service/gtr-reason.ts';
import { longOutageRefund } from '../../../../agent/rating/service/long-outage.ts';
import { HOUR, MINUTE } from '../calendar/intl-calendar.ts';
import { availabilityOf, CMI_GTR, gtrOf, IMESIT_GTR, longOutageOf } from './contract-terms.ts';

const MORNING = Date.parse('2026-11-18T09:00+01:00');
const incident = (changes: Partial<GtrIncident>): GtrIncident => ({
  ...{ access: 'sdsl', total: true, reported: MORNING, restarted: MORNING, restored: MORNING + 5 * HOUR },
  ...{ excused: [], unpaidInvoice: false, monthlyFee: 100, paidInYear: 0, ...changes },
});
const [imesit, cmi] = [gtrOf(IMESIT_GTR), gtrOf(CMI_GTR)];
const told = ({ terms, readings }: typeof imesit, changes: Partial<GtrIncident>) =>
  gtrCompensation(incident(changes), terms, readings).reasons;

describe('G-3: every compensation says how it came about', () => {
  const { article } = imesit.terms.restartNeeded;

  test('G-2, G6: from when the clock ran, and why', () => {
    expect(told(imesit, {})[0]).toEqual({ is: 'clock-from-report', at: MORNING, article });
    const cited = cmi.terms.restartNeeded.article;
    const later = MORNING + MINUTE;
    expect(told(cmi, { restarted: later })[0]).toEqual({
      is: 'clock-from-restart',
      at: later,
      reported: MORNING,
      article: cited,
    });
    expect(told(cmi, { restarted: MORNING })[0]).toEqual({ is: 'clock-from-report', at: MORNING, article: cited });
    const { restarted: _, ...never } = incident({});
    expect(gtrCompensation(never, cmi.terms, cmi.readings).reasons[0]).toEqual({
      is: 'clock-never-started',
      article: cited,
    });
  });

  test('G-7: what was excused, each cause once and in order, and what is no excuse of the contract', () => {
    const [known = expect.fail(), other = expect.fail()] = imesit.terms.excuses.value.toSorted();
    const strange =
      (['overload', 'mains', 'porting'] as const).find((cause) => !imesit.terms.excuses.value.includes(cause)) ??
      expect.fail();
    const time = (cause: typeof known, from: number) => ({
      cause,
      from: MORNING + from * HOUR,
      to: MORNING + (from + 1) * HOUR,
    });
    const reasons = told(imesit, {
      excused: [time(other, 1), time(known, 2), time(other, 1), time(strange, 3), time(strange, 3)],
    });
    const cited = imesit.terms.excuses.article;
    expect(reasons.slice(1, 4)).toEqual([
      { is: 'excuse-not-known', cause: strange, article: cited },
      { is: 'excused', causes: [known, other], millis: 2 * HOUR, article: cited },
      { is: 'time-lost', millis: 3 * HOUR, article: imesit.terms.weeklyHours.article },
    ]);
    expect(told(imesit, {}).map(({ is }) => is)).not.toContain('excused');
  });

  test('G-3: the first bound that was not reached, and a tier whose bound the contract sets itself', () => {
    const tiers = imesit.terms.tiers;
    expect(told(imesit, { restored: MORNING + HOUR }).at(-1)).toEqual({
      is: 'within-first-bound',
      fromMinutes: 240,
      article: tiers.article,
    });
    const own = (bound: 'inclusive' | 'exclusive', restored: number) => {
      const terms = GtrTermsSchema.parse({
        ...imesit.terms,
        tiers: { ...tiers, value: [{ fromMinutes: 60, percent: 10, bound }] },
      });
      return gtrCompensation(incident({ restored }), terms, imesit.readings).percent;
    };
    expect([
      own('inclusive', MORNING + HOUR),
      own('exclusive', MORNING + HOUR),
      own('exclusive', MORNING + HOUR + 1),
    ]).toEqual([10, 0, 10]);
  });

  test('G5: a ceiling of two fees a year leaves two fees less what was paid', () => {
    const ceiling = { value: 2, article: 'sample' };
    const terms = GtrTermsSchema.parse({ ...imesit.terms, yearlyCeilingFees: ceiling });
    const paid = (paidInYear: number) =>
      gtrCompensation(incident({ monthlyFee: 1_000, paidInYear }), terms, imesit.readings);
    expect([0, 1_500, 1_501, 2_000, 3_000].map((amount) => paid(amount).amount)).toEqual([500, 500, 499, 0, 0]);
    expect(paid(1_500).reasons.map(({ is }) => is)).not.toContain('ceiling');
    expect(paid(1_501).reasons).toContainEqual({ is: 'ceiling', room: 499, paid: 1_501, fees: 2, article: 'sample' });
  });

  test('R-10: what cannot be is refused with what is wrong', () => {
    const refused = (changes: Partial<GtrIncident>) => () => told(imesit, changes);
    expect(refused({ restored: MORNING - 1 })).toThrow(new RangeError(`restored before reported: ${MORNING - 1}`));
    expect(refused({ monthlyFee: -1 })).toThrow(new RangeError('a negative monthly fee: -1'));
    expect(refused({ paidInYear: -1 })).toThrow(new RangeError('a negative amount paid in the year: -1'));
    expect(refused({ monthlyFee: 0 })).not.toThrow();
    expect(() => longOutageRefund([], [], -1, longOutageOf(IMESIT_GTR))).toThrow(
      new RangeError('a negative monthly fee: -1'),
    );
    expect(longOutageRefund([], [], 0, longOutageOf(IMESIT_GTR)).amount).toBe(0);
  });

  test.each([
    ['maintenance', 'maintenance'],
    ['client', 'fait du client'],
    ['third-party', 'fait d’un tiers'],
    ['other-operator', 'autre opérateur'],
    ['suspension', 'suspension'],
    ['public-authority', 'autorité publique'],
    ['force-majeure', 'force majeure'],
  ] as const)('G-7: the cause %s is told to the client as « %s »', (cause, fr) => {
    expect(gtrReasonText({ is: 'excuse-not-known', cause, article: 'a' }, 'fr')).toContain(`La cause ${fr} n’est pas`);
  });

  test('R-10: amounts keep their six places, the cents always', () => {
    const text = (amount: number) => gtrReasonText({ is: 'amount', amount, article: 'a' }, 'en');
    expect([1, 1_000_000, 10_050_000].map(text)).toEqual(
      ['0.000001', '1.00', '10.05'].map((euro) => `Compensation: ${euro} € excluding VAT.`),
    );
  });
});

describe('G-4: the refund of a long outage', () => {
  test('as many fees as the contract says, for each outage of two days', () => {
    const terms = { ...longOutageOf(IMESIT_GTR), fees: { value: 3, article: 'sample' } };
    const outages = [
      { from: 0, to: 48 * HOUR },
      { from: 100 * HOUR, to: 148 * HOUR },
    ];
    expect(longOutageRefund(outages, [], 1_000, terms).amount).toBe(6_000);
  });
});

describe('G-5: what a month of availability refuses', () => {
  const { terms, readings } = availabilityOf();
  const month = {
    month: { from: 0, to: HOUR },
    outages: [],
    excused: [],
    fixedFees: 1,
    usage: 1,
    usageBefore: [],
    creditedIn30Days: 0,
  };
  const ask = (changes: object) => () => availabilityCredit({ ...month, ...changes }, terms, readings);

  test('N3, N4: an empty month, more months than the mean has, and amounts below nothing, each by name', () => {
    expect(ask({ month: { from: 5, to: 5 } })).toThrow(new RangeError('an empty month: 5 to 5'));
    expect(ask({ month: { from: 5, to: 6 } })).not.toThrow();
    expect(ask({ usageBefore: [1, 2, 3, 4] })).toThrow(new RangeError('more than 3 months of usage before'));
    for (const change of [{ fixedFees: -1 }, { usageBefore: [-1] }, { usage: -1 }, { creditedIn30Days: -1 }]) {
      expect(ask(change)).toThrow(new RangeError('a negative amount'));
    }
  });
});
