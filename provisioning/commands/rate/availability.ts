import { z } from 'zod';
import { AvailabilityReadingsSchema, AvailabilityTermsSchema } from '../../../agent/model/readings/availability.ts';
import { availabilityCredit } from '../../../agent/rating/service/availability.ts';
import { writeEuro } from '../../euro.ts';
import { caseOf } from './case.ts';
import { euroField, excusedField, intervalField } from './fields.ts';
import { monthField, monthPeriod, writeTime } from './times.ts';
import { readingsOf } from './with-regime.ts';

const AvailabilityCaseSchema = z.strictObject({
  terms: AvailabilityTermsSchema,
  readings: AvailabilityReadingsSchema.prefault({}),
  month: monthField,
  outages: z.array(intervalField),
  excused: z.array(excusedField).default([]),
  fixedFeesEuro: euroField,
  usageEuro: euroField.default(0),
  usageBeforeEuro: z.array(euroField).max(3, 'the usage of the three months before, at most (N3)').default([]),
  creditedIn30DaysEuro: euroField.default(0),
});
type AvailabilityCase = z.output<typeof AvailabilityCaseSchema>;

/** G-5: credit for the availability of a month. Fields: docs/rating/availability.md. */
export const availabilityCase = caseOf(
  'Credit for the availability of a service over a month (G-5)',
  AvailabilityCaseSchema,
  answer,
  ({ availabilityTerms, availability }) => ({ terms: availabilityTerms, readings: readingsOf(availability) }),
);

function answer(input: AvailabilityCase): unknown {
  const { start, end } = monthPeriod(input.month);
  const outcome = availabilityCredit(
    {
      month: { from: start, to: end },
      outages: input.outages,
      excused: input.excused,
      fixedFees: input.fixedFeesEuro,
      usage: input.usageEuro,
      usageBefore: input.usageBeforeEuro,
      creditedIn30Days: input.creditedIn30DaysEuro,
    },
    input.terms,
    input.readings,
  );
  return {
    from: writeTime(start),
    to: writeTime(end),
    monthMilliseconds: outcome.length,
    downMilliseconds: outcome.down,
    excusedMilliseconds: outcome.excused,
    availabilityMillionths: outcome.millionths,
    percent: outcome.percent,
    beforeCeilingEuro: writeEuro(outcome.uncapped),
    ceilingEuro: writeEuro(outcome.ceiling),
    creditEuro: writeEuro(outcome.credit),
    onRequest: outcome.onRequest,
  };
}
