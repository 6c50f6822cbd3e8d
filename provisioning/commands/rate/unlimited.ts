import { z } from 'zod';
import { UnlimitedReadingsSchema, UnlimitedTermsSchema } from '../../../agent/model/readings/unlimited.ts';
import { monthOfInstant } from '../../../agent/rating/calendar/civil-month.ts';
import { isNational, type NationalBy, readSpelling } from '../../../agent/rating/numbering/national.ts';
import { planMonth } from '../../../agent/rating/unlimited/month.ts';
import type { Breach } from '../../../agent/rating/unlimited/step.ts';
import { caseOf } from './case.ts';
import { refuseTwice } from './refuse-twice.ts';
import { monthField, timeField, writeMonth, writeTime } from './times.ts';
import { readingsOf } from './with-regime.ts';

const common = {
  id: z.string().min(1).max(200),
  at: timeField,
  party: z.string().min(1).max(200),
  /** Absent: a national number in E.164 is included, and no other (U10). */
  included: z.boolean().optional(),
  /** By a permanent forwarding of the line: outside the plan. */
  forwarded: z.boolean().default(false),
};
const UseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), ...common, seconds: z.int().min(0).max(10_000_000) }),
  z.strictObject({ kind: z.literal('sms'), ...common, segments: z.int().min(1).max(255) }),
]);

const InputSchema = z
  .strictObject({
    month: monthField,
    uses: z.array(UseSchema).max(100_000),
    terms: UnlimitedTermsSchema,
    readings: UnlimitedReadingsSchema.prefault({}),
  })
  .superRefine(({ month, uses }, context) => {
    refuseTwice(
      uses.map(({ id }, at) => ({ id, path: ['uses', at, 'id'] })),
      context,
    );
    uses.forEach((use, at) => {
      if (monthOfInstant(use.at) === month) return;
      const message = `does not start in ${writeMonth(month)} in Paris: give it to the month of its start`;
      context.addIssue({ code: 'custom', path: ['uses', at, 'at'], message });
    });
  });

/** R-7, U1 to U10: what passing the limits of an unlimited plan costs a line. */
export const unlimitedCase = caseOf(
  'What of a month of one line is billed once the limits of its unlimited plan are passed (R-7)',
  InputSchema,
  ({ month, uses, terms, readings }) => {
    const plain = uses.map(({ forwarded, included, ...use }) => ({
      ...use,
      included: !forwarded && (included ?? isNationalNumber(use.party, readings.national_by)),
    }));
    const { charges, state } = planMonth(plain, { terms, readings });
    const billed = (kind: 'call' | 'sms'): number =>
      charges.reduce(
        (sum, { use, charge }) => sum + (use.kind === kind && charge.is === 'billed' ? charge.units : 0),
        0,
      );
    return {
      month: writeMonth(month),
      uses: charges.map(({ use, charge }) => ({ id: use.id, ...charge })),
      callBreach: shown(state.call.breach),
      smsBreach: shown(state.sms.breach),
      billedSeconds: billed('call'),
      billedSms: billed('sms'),
    };
  },
  ({ unlimitedTerms, unlimited }) => ({
    terms: Object.keys(unlimitedTerms).length === 0 ? undefined : unlimitedTerms,
    readings: readingsOf(unlimited),
  }),
);

function isNationalNumber(number: string, by: NationalBy): boolean {
  const read = readSpelling(number);
  return read !== undefined && isNational(read, by);
}

const shown = (breach: Breach | undefined) => (breach === undefined ? null : { ...breach, at: writeTime(breach.at) });
