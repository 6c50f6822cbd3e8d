import type { z } from 'zod';
import { AvailabilityReadingsSchema, AvailabilityTermsSchema } from '../../../../agent/model/readings/availability.ts';
import { GtrReadingsSchema, GtrTermsSchema, LongOutageTermsSchema } from '../../../../agent/model/readings/gtr.ts';

type GtrFacts = {
  readonly terms: z.input<typeof GtrTermsSchema>;
  readonly readings: z.input<typeof GtrReadingsSchema>;
  readonly longOutage?: z.input<typeof LongOutageTermsSchema>;
};

const EXCUSES_IN_BOTH: z.input<typeof GtrTermsSchema>['excuses']['value'] = [
  'maintenance',
  'client',
  'third-party',
  'other-operator',
  'suspension',
  'public-authority',
  'force-majeure',
  'mains',
  'porting',
];

/** The contract facts as the regime files hold them: what JSON can say and no more. */
export const IMESIT_GTR: GtrFacts = {
  terms: {
    weeklyHours: {
      value: { spans: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }], publicHolidays: 'off' },
      article: 'art. 7 CGS: du lundi au vendredi de 9h00 à 18h00 hors jours fériés',
    },
    targetMinutes: { value: 240, article: 'art. 7 CGS: moins de quatre (4) heures en heures ouvrées' },
    tiers: {
      value: [
        { fromMinutes: 240, percent: 50, bound: 'half_fee_from' },
        { fromMinutes: 480, percent: 100, bound: 'full_fee_from' },
      ],
      article: 'art. 7 CGS: entre 4 et 8 heures la moitié de l’abonnement mensuel, au-delà de 8 heures l’abonnement',
    },
    restartNeeded: { value: [], article: 'art. 7 CGS: à partir de la signalisation de l’incident' },
    totalInterruptionOnly: { value: false, article: 'art. 7 CGS: no such condition in the text' },
    excuses: {
      value: EXCUSES_IN_BOTH,
      article:
        'art. 7 CGS, responsabilité; art. 9 DG, force majeure (phénomènes d’origine électrique); mobile 10, portage',
    },
    onRequest: { value: false, article: 'art. 7 CGS: IMESIT versera une indemnité libératoire' },
  },
  readings: { clock_start: 'report' },
  longOutage: {
    days: { value: 2, article: 'art. 8.1 fixe, 7.1 mobile, 3.1 Internet: deux (2) jours consécutifs' },
    fees: { value: 1, article: 'art. 8.1 fixe, 7.1 mobile, 3.1 Internet: remboursement d’un mois d’abonnement' },
    excuses: { value: EXCUSES_IN_BOTH, article: 'art. 8.1 fixe, 7.1 mobile, 3.1 Internet; art. 9 DG' },
    onRequest: {
      value: true,
      article: 'art. 8.1 fixe, 7.1 mobile, 3.1 Internet: s’il se fait connaître par lettre simple',
    },
  },
};

export const CMI_GTR: GtrFacts = {
  terms: {
    weeklyHours: {
      value: {
        spans: [
          { days: [1, 2, 3, 4, 5], from: '09:00', to: '12:00' },
          { days: [1, 2, 3, 4, 5], from: '14:00', to: '18:00' },
        ],
        publicHolidays: 'off',
      },
      article: 'art. 10.2 CGV: du lundi au vendredi de 9h00 à 12h00 et de 14h00 à 18h00 hors jours fériés',
    },
    targetMinutes: { value: 240, article: 'art. 10.2 CGV: moins de quatre (4) heures en heures ouvrées' },
    tiers: {
      value: [
        { fromMinutes: 240, percent: 10, bound: 'first_tier_from' },
        { fromMinutes: 390, percent: 20, bound: 'exclusive' },
        { fromMinutes: 510, percent: 30, bound: 'exclusive' },
        { fromMinutes: 600, percent: 100, bound: 'exclusive' },
      ],
      article: 'art. 10.2 CGV: 4h < 10 % <= 6h30 < 20 % <= 8h30 < 30 % <= 10h < 100 %',
    },
    restartNeeded: {
      value: ['adsl', 'sdsl', 'fibre'],
      article: 'art. 1.1.1 to 1.1.3 Services Internet: redémarré son équipement d’accès et fourni l’état des voyants',
    },
    totalInterruptionOnly: { value: true, article: 'art. 10.2 CGV: l’interruption totale du Service' },
    yearlyCeilingFees: { value: 1, article: 'art. 10.2 CGV: plafonné à un abonnement mensuel par an' },
    excuses: { value: EXCUSES_IN_BOTH, article: 'art. 10.5 CGV; art. 9.2.4.4 mobile, portage' },
    onRequest: { value: true, article: 'art. 10.2 CGV: le Client pourra demander à CMI le montant des pénalités' },
  },
  readings: {},
  longOutage: {
    days: { value: 2, article: 'art. 6.1.3 mobile: deux (2) jours consécutifs' },
    fees: { value: 1, article: 'art. 6.1.3 mobile: remboursement d’un mois d’abonnement' },
    excuses: { value: EXCUSES_IN_BOTH, article: 'art. 10.5 CGV; art. 9.2.4.4 mobile, portage' },
    onRequest: { value: true, article: 'art. 6.1.3 mobile: s’il se fait connaître par lettre simple' },
  },
};

const NEXIS_EXCUSES: z.input<typeof AvailabilityTermsSchema>['excuses'] = {
  value: [
    'maintenance',
    'client',
    'third-party',
    'other-operator',
    'overload',
    'mains',
    'force-majeure',
    'suspension',
    'public-authority',
    'porting',
  ],
  article: 'art. 18, Evénement Excusable (i) to (vi); art. 9, force majeure; art. 12, suspension; art. 5, portage',
};

export const NEXIS_GTR: GtrFacts = {
  terms: {
    weeklyHours: {
      value: { spans: [{ days: [1, 2, 3, 4, 5], from: '09:30', to: '18:30' }], publicHolidays: 'off' },
      article: 'art. 18: cinq jours sur sept (5/7), entre 9H30 et 18H30; the text is silent on public holidays',
    },
    targetMinutes: { value: 240, article: 'art. 18: quatre (4) heures à compter de la Notification de Défaillance' },
    tiers: { value: [], article: 'art. 18: aucune pénalité si l’Objectif de Rétablissement n’est pas atteint' },
    restartNeeded: { value: [], article: 'art. 18: à compter de la réception d’une Notification de Défaillance' },
    totalInterruptionOnly: { value: false, article: 'art. 18: no such condition in the text' },
    excuses: NEXIS_EXCUSES,
    onRequest: { value: true, article: 'art. 18: sur demande' },
    equipmentHours: { value: 48, article: 'art. 18: dans les quarante-huit (48) heures à compter de la constatation' },
  },
  readings: { clock_start: 'report' },
};

export const NEXIS_AVAILABILITY: {
  readonly terms: z.input<typeof AvailabilityTermsSchema>;
  readonly readings: z.input<typeof AvailabilityReadingsSchema>;
} = {
  terms: {
    classes: {
      value: [
        { fromMillionths: 998_500, percent: 0, bound: 'shared_bound' },
        { fromMillionths: 995_000, percent: 5, bound: 'shared_bound' },
        { fromMillionths: 970_000, percent: 10, bound: 'inclusive' },
      ],
      article: 'art. 18: de 99,85% à 99,5% 5%, de 99,5% à 97% 10%',
    },
    belowPercent: { value: 20, article: 'art. 18: moins de 97% 20%' },
    excuses: NEXIS_EXCUSES,
    onRequest: { value: true, article: 'art. 18: sur demande' },
  },
  readings: {},
};

export const gtrOf = (facts: GtrFacts, readings: z.input<typeof GtrReadingsSchema> = {}) => ({
  terms: GtrTermsSchema.parse(facts.terms),
  readings: GtrReadingsSchema.parse({ ...facts.readings, ...readings }),
});

export const longOutageOf = (facts: GtrFacts, count?: 'elapsed' | 'whole_days') =>
  LongOutageTermsSchema.parse({
    ...facts.longOutage,
    ...(count === undefined ? {} : { count: { value: count, article: 'a reading of G-4' } }),
  });

export const availabilityOf = (readings: z.input<typeof AvailabilityReadingsSchema> = {}) => ({
  terms: AvailabilityTermsSchema.parse(NEXIS_AVAILABILITY.terms),
  readings: AvailabilityReadingsSchema.parse({ ...NEXIS_AVAILABILITY.readings, ...readings }),
});
