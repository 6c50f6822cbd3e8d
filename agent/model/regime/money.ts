import { z } from 'zod';
import { cited } from '../cited.ts';
import { GROUNDS } from '../suspension.ts';
import { AmountSchema, CountSchema, PeriodSchema } from './quantities.ts';

/**
 * U-5, U-7: the site and a host operator may both keep a record of one call. Which two are of one call, and what is
 * charged of it. Seconds; no text speaks of any of this but of who is believed.
 */
const HostRecordsSchema = z.strictObject({
  /** The starts of two records of one call lie no further apart, and their lengths differ by no more. */
  startSeconds: z.int().min(0).max(300).default(5),
  durationSeconds: z.int().min(0).max(300).default(3),
  /** Left over, of one line and number, and no further apart: one call of which the records differ. */
  disputeSeconds: z.int().min(0).max(3_600).default(60),
  wins: z.enum(['site', 'host']).default('site'),
  /** Records that differ by more: charged once, by the one that wins, or held until somebody has looked. */
  differing: z.enum(['charge', 'hold']).default('charge'),
  /** A call of a host operator that the line's own site has no record of. */
  unmatched: z.enum(['charge', 'hold']).default('hold'),
});

/** U-4, U-5, U-6 */
export const RecordsSchema = z.strictObject({
  retentionMonths: cited(
    CountSchema.max(120),
    'U-4: months for which records are kept after the invoice',
    'U-4 : mois de conservation après la facture',
  ).prefault({ value: 12, article: 'default: U-4, the longest that a text asks (imesit CGS 6, mie 14.6)' }),
  lateAfter: cited(
    PeriodSchema,
    'U-5: time in which roaming and international records may still arrive',
    "U-5 : délai d'arrivée des CDR internationaux et d'itinérance",
  ).prefault({ value: { count: 60, unit: 'day' }, article: 'default: U-5' }),
  maskedDigits: cited(
    z.int().min(0).max(10),
    'U-6: last digits masked in the detail',
    'U-6 : derniers chiffres masqués au détail',
  ).prefault({ value: 4, article: 'default: U-6' }),
  hostRecords: cited(
    HostRecordsSchema,
    'U-5, U-7: one call in the records of the site and of a host operator',
    "U-5, U-7 : un même appel dans les relevés du site et d'un opérateur hôte",
  ).prefault({ value: {}, article: 'default: U-7, the site counts to the second where the call is made (U-2)' }),
});

/** and the notices of prices and invoices. */
export const BillingSchema = z.strictObject({
  cycle: cited(
    z.enum(['calendar-month', 'anniversary']),
    'R-9: cycle: the calendar month, or from the day of the first activation',
    'R-9 : cycle : mois civil, ou date anniversaire de la première activation',
  ).prefault({ value: 'calendar-month', article: 'default: R-9' }),
  subscriptions: cited(
    z.enum(['in-advance', 'in-arrears']),
    'R-9: when subscriptions are billed',
    'R-9 : facturation des abonnements',
  ).prefault({ value: 'in-advance', article: 'default: R-9' }),
  usage: cited(
    z.enum(['in-advance', 'in-arrears']),
    'R-9: when usage is billed',
    'R-9 : facturation des communications',
  ).prefault({ value: 'in-arrears', article: 'default: R-9' }),
  planChangesPerYear: cited(
    CountSchema,
    'R-11: plan changes a calendar year',
    'R-11 : migrations par année calendaire',
  ).optional(),
  planChangesPerMonth: cited(CountSchema, 'R-11: plan changes a month', 'R-11 : migrations par mois').optional(),
  planChangeEffective: cited(
    z.enum(['next-cycle', 'at-once']),
    'R-11: when a plan change takes effect',
    "R-11 : prise d'effet d'une migration",
  ).optional(),
  tariffNotice: cited(PeriodSchema, 'P-4: notice of a dearer tariff', 'P-4 : préavis de hausse tarifaire').optional(),
  usageTariffNotice: cited(
    PeriodSchema,
    'P-4: notice of dearer usage, where it differs',
    "P-4 : préavis de hausse des frais d'utilisation, s'il diffère",
  ).optional(),
  contestation: cited(
    PeriodSchema,
    'U-6: time in which an invoice may be contested',
    "U-6 : délai de contestation d'une facture",
  ).optional(),
  contestationFrom: cited(
    z.enum(['invoice-date', 'invoice-receipt', 'order-form']),
    'U-6: what that time runs from',
    'U-6 : point de départ de ce délai',
  ).optional(),
  priceTax: cited(z.enum(['HT', 'TTC']), 'R-10: tax of the prices', 'R-10 : taxe des prix').prefault({
    value: 'HT',
    article: 'default: amounts are HT unless the contract says otherwise',
  }),
});

/**
 * C-1, C-2, C-4: the limit of what an account may owe. `hard-cap` may not be exceeded; a `credit-threshold` suspends
 * once it is exceeded; `none`: the contract sets no limit. What happens to the lines at the limit stands in
 * `limits.outOfBundleCap` and `limits.creditThreshold`. Incoming and emergency calls go on whatever it says (V-1).
 */
export const CreditSchema = z
  .strictObject({
    kind: cited(
      z.enum(['hard-cap', 'credit-threshold', 'none']),
      'C-1, C-2: kind of limit',
      "C-1, C-2 : nature de la limite d'encours",
    ).prefault({ value: 'none', article: 'default: C-1, the contract sets no limit' }),
    limitMicroEuro: cited(
      AmountSchema,
      'C-1: limit of a billing account that the order does not set',
      "C-1 : limite par défaut d'un compte de facturation",
    ).optional(),
    cut_running_calls: cited(
      z.boolean(),
      'C-4: a running paid call is cut at the limit',
      'C-4 : un appel payant en cours est coupé à la limite',
    ).prefault({ value: false, article: 'default: C-4, no text orders a running call cut' }),
  })
  .refine(
    ({ kind, limitMicroEuro }) => kind.value !== 'none' || limitMicroEuro === undefined,
    'the kind "none" has no limitMicroEuro; remove it, or say hard-cap or credit-threshold',
  );

/** C-5: suspension and what follows it. */
export const SuspensionSchema = z.strictObject({
  grounds: cited(z.array(z.enum(GROUNDS)).min(1), 'C-5: grounds', 'C-5 : motifs').optional(),
  afterReminder: cited(
    PeriodSchema,
    'C-5: from the reminder of an unpaid sum to suspension',
    "C-5 : de la relance d'un impayé à la suspension",
  ).optional(),
  afterFormalNotice: cited(
    PeriodSchema,
    'C-5: from a registered notice to suspension',
    'C-5 : de la mise en demeure à la suspension',
  ).optional(),
  reopeningFee: cited(
    z.union([z.literal('tariff-sheet'), z.literal('none'), AmountSchema]),
    'C-5: fee of re-opening: by the tariff sheet, none, or micro-euro',
    'C-5 : frais de remise en service',
  ).optional(),
  terminationAfter: cited(
    PeriodSchema,
    'C-5: suspension after which the contract may end',
    'C-5 : suspension au-delà de laquelle le contrat est résiliable',
  ).optional(),
  terminationNotice: cited(
    PeriodSchema,
    'C-5: notice that this end needs',
    'C-5 : préavis de cette résiliation',
  ).optional(),
});
