import { z } from 'zod';
import {
  AccessSchema,
  GtrReadingsSchema,
  GtrTermsSchema,
  type LongOutageTerms,
  LongOutageTermsSchema,
} from '../../../agent/model/readings/gtr.ts';
import type { Regime } from '../../../agent/model/regime.ts';
import { inAlsaceMoselle } from '../../../agent/rating/calendar/holidays.ts';
import { gtrCompensation } from '../../../agent/rating/service/gtr.ts';
import { type GtrReason, gtrReasonText } from '../../../agent/rating/service/gtr-reason.ts';
import { longOutageRefund, serviceOn } from '../../../agent/rating/service/long-outage.ts';
import { writeEuro } from '../../euro.ts';
import { caseOf } from './case.ts';
import { communeField, euroField, excusedField, intervalField } from './fields.ts';
import { timeField, writeTime } from './times.ts';
import { type Fields, readingsOf } from './with-regime.ts';

const GtrCaseSchema = z
  .strictObject({
    terms: GtrTermsSchema,
    readings: GtrReadingsSchema.prefault({}),
    commune: communeField.optional(),
    access: AccessSchema,
    total: z.boolean().default(true),
    reported: timeField,
    restarted: timeField.optional(),
    restored: timeField,
    excused: z.array(excusedField).default([]),
    unpaidInvoice: z.boolean().default(false),
    monthlyFeeEuro: euroField,
    paidInYearEuro: euroField.default(0),
    equipmentFailed: timeField.optional(),
    longOutage: z.strictObject({ terms: LongOutageTermsSchema, outages: z.array(intervalField).min(1) }).optional(),
  })
  .refine(({ reported, restored }) => reported <= restored, {
    path: ['restored'],
    error: 'the service is restored before the incident is reported',
  })
  .superRefine(({ access, longOutage }, context) => {
    const services = longOutage?.terms.services.value;
    if (services === undefined || services.includes(serviceOn(access))) return;
    const message = `holds for ${services.join(', ')} only, and ${access} is ${serviceOn(access)}: leave it out`;
    context.addIssue({ code: 'custom', path: ['longOutage'], message });
  });
type GtrCase = z.output<typeof GtrCaseSchema>;

/** G-1 to G-4, G-7: what one interruption gives back. Fields: docs/rating/gtr.md. */
export const gtrCase = caseOf(
  'Compensation of one incident by restoration time (G-1 to G-4)',
  GtrCaseSchema,
  answer,
  factsOf,
);

function factsOf({ gtrTerms, longOutageTerms, gtr }: Regime, { longOutage }: Fields): Fields {
  const facts = { terms: gtrTerms, readings: readingsOf(gtr) };
  return longOutage === undefined ? facts : { ...facts, longOutage: { terms: longOutageTerms } };
}

function answer(input: GtrCase): unknown {
  const { terms, commune, restarted, equipmentFailed } = input;
  const alsace_moselle = input.readings.alsace_moselle || (commune !== undefined && inAlsaceMoselle(commune));
  const outcome = gtrCompensation(
    {
      access: input.access,
      total: input.total,
      reported: input.reported,
      ...(restarted === undefined ? {} : { restarted }),
      restored: input.restored,
      excused: input.excused,
      unpaidInvoice: input.unpaidInvoice,
      monthlyFee: input.monthlyFeeEuro,
      paidInYear: input.paidInYearEuro,
      ...(equipmentFailed === undefined ? {} : { equipmentFailed }),
    },
    terms,
    { ...input.readings, alsace_moselle },
  );
  return {
    alsaceMoselle: alsace_moselle,
    clockStart: timeOrNull(outcome.clockStart),
    workingMillisecondsLost: outcome.lost,
    millisecondsBeyondTarget: outcome.beyondTarget,
    tier: outcome.tier,
    percent: outcome.percent,
    amountEuro: writeEuro(outcome.amount),
    onRequest: outcome.onRequest,
    replaceEquipmentBy: timeOrNull(outcome.replaceEquipmentBy),
    steps: outcome.reasons.map(stepOf),
    longOutage: input.longOutage === undefined ? null : refundOf(input.longOutage.terms, input),
  };
}

function refundOf(terms: LongOutageTerms, { longOutage, excused, monthlyFeeEuro }: GtrCase): unknown {
  const refund = longOutageRefund(longOutage?.outages ?? [], excused, monthlyFeeEuro, terms);
  return {
    outages: refund.outages.map(({ from, to, counted, due }) => ({
      from: writeTime(from),
      to: writeTime(to),
      millisecondsCounted: counted,
      due,
    })),
    amountEuro: writeEuro(refund.amount),
    onRequest: refund.onRequest,
  };
}

const stepOf = (reason: GtrReason): unknown => {
  const { is, article, ...values } = reason;
  return {
    code: is,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => shown(name, value))),
    article,
    fr: gtrReasonText(reason, 'fr'),
    en: gtrReasonText(reason, 'en'),
  };
};

/** Instants and amounts of a step as everywhere else in the answer. */
function shown(name: string, value: unknown): readonly [string, unknown] {
  if (typeof value !== 'number') return [name, value];
  if (INSTANTS.includes(name)) return [name, writeTime(value)];
  return AMOUNTS.includes(name) ? [`${name}Euro`, writeEuro(value)] : [name, value];
}

const INSTANTS = ['at', 'reported'];
const AMOUNTS = ['amount', 'room', 'paid'];

const timeOrNull = (instant: number | undefined): string | null => (instant === undefined ? null : writeTime(instant));
