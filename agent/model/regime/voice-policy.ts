import { z } from 'zod';
import { cited } from '../cited.ts';
import { ClassSchema, SelectorSchema } from '../destination.ts';
import { CountSchema, PercentSchema } from './quantities.ts';

/** V-3: beyond these, registration may be blocked or the service suspended. */
export const SignallingSchema = z.strictObject({
  messagesPerSecond: cited(
    CountSchema,
    'V-3: SIP messages a second and public address, at most',
    'V-3 : messages SIP par seconde et par adresse publique, au plus',
  ).optional(),
  transactionsPerSecond: cited(
    CountSchema,
    'V-3: SIP transactions a second, at most',
    'V-3 : transactions SIP par seconde, au plus',
  ).optional(),
});

/** V-5: digits, then capital letters that each stand for one digit, as ARCEP writes blocks; the start of a national number. */
const NumberPatternSchema = z
  .string()
  .regex(/^0\d{0,8}[A-Z]{0,9}$/, 'a national block such as "089B": digits, then a capital letter for any digit')
  .max(10);

export const CallerIdSchema = z.strictObject({
  mayPresent: cited(
    z.array(z.enum(['assigned', 'authorized'])).min(1),
    'V-5: numbers that may be presented',
    'V-5 : numéros présentables',
  ).prefault({ value: ['assigned'], article: "default: V-5, the client's own numbers" }),
  forbidden: cited(
    z.array(NumberPatternSchema),
    'V-5: blocks that are never a caller identity',
    "V-5 : tranches interdites comme identifiant d'appelant",
  ).prefault({ value: ['089B'], article: 'default: V-5, ARCEP decision 2012-0856 binds every operator' }),
  masking: cited(
    z.enum(['on-request']),
    'V-5: the client may have its number masked',
    'V-5 : masquage du numéro à la demande',
  ).optional(),
  atBreach: cited(
    z.enum(['suspend-presentation', 'suspend-service']),
    'V-5: what follows a number that is not the client’s',
    'V-5 : suite donnée à un numéro non autorisé',
  ).optional(),
});

/** V-6: what is closed at first. Emergency calls are never barred (V-1). */
export const BarringSchema = z.strictObject({
  atActivation: cited(
    z.array(SelectorSchema).min(1),
    'V-6: destinations barred at activation',
    "V-6 : destinations bloquées à l'activation",
  ).optional(),
  liftedBy: cited(z.enum(['signed-waiver']), 'V-6: what lifts the bar', 'V-6 : ce qui lève le blocage').optional(),
  beforeDocuments: cited(
    z.array(z.enum(['incoming', 'on-net'])),
    'V-6: calls allowed until the supporting documents are received',
    "V-6 : appels permis jusqu'à réception des justificatifs",
  ).optional(),
});

const ABUSES = [
  'automatic-dialing',
  'uninterrupted-use',
  'mass-sending',
  'mass-fax',
  'relaying',
  'resale',
  'voice-over-ip',
  'peer-to-peer',
  'other-device',
  'sms-spam',
  'simbox',
  'robots',
  'beyond-average-use',
] as const;

/**
 * V-7: what unlimited plans leave out, and what is abuse. What follows it stands in `limits.automaticDialing`; the limits
 * of unlimited plans are `unlimitedTerms`.
 */
export const AbuseSchema = z.strictObject({
  excludedFromUnlimited: cited(
    z.array(ClassSchema),
    'V-7: classes outside unlimited plans',
    'V-7 : destinations hors forfaits illimités',
  ).optional(),
  forms: cited(z.array(z.enum(ABUSES)).min(1), 'V-7: uses that are abuse', 'V-7 : usages abusifs').optional(),
  averageOfMonths: cited(
    CountSchema,
    'V-7: months over which use is compared with that of comparable clients',
    "V-7 : mois d'observation de l'usage moyen des clients comparables",
  ).optional(),
  returnToUnlimited: cited(
    z.boolean(),
    'V-7: the client may return to an unlimited plan',
    "V-7 : retour possible à l'illimité",
  ).optional(),
});

/** V-8: carrier preselection until the IP service is live. */
export const PreselectionSchema = z.strictObject({
  prefix: cited(z.string().regex(/^\d{1,4}$/), 'V-8: prefix before the number', 'V-8 : préfixe à composer').optional(),
  numberLength: cited(
    z.int().min(2).max(15),
    'V-8: digits of the numbers that take the prefix',
    'V-8 : chiffres des numéros préfixés',
  ).optional(),
  endsWith: cited(
    z.enum(['ip-service-live']),
    'V-8: what ends preselection by itself',
    'V-8 : ce qui met fin à la présélection',
  ).optional(),
});

/** V-9 */
export const TrunkSchema = z.strictObject({
  unfitDevices: cited(
    z.array(z.enum(['fax', 'payment-terminal', 'franking-machine', 'alarm', 'door-phone'])).min(1),
    'V-9: devices that a SIP trunk is not fit for',
    'V-9 : appareils incompatibles avec le SIP Trunking',
  ).optional(),
});

/** V-10 */
export const PerSiteSchema = z.strictObject({
  minimumUnlimitedPlans: cited(
    CountSchema,
    'V-10: unlimited plans per site, at least',
    'V-10 : forfaits illimités par site, au moins',
  ).optional(),
  maximumPerUsePercent: cited(
    PercentSchema,
    'V-10: per-use accounts of the site, at most, in percent',
    'V-10 : comptes à la consommation du site, au plus, en pour cent',
  ).optional(),
});

/** V-11 */
export const NumberBlocksSchema = z.strictObject({
  minimumUsePercent: cited(
    PercentSchema,
    'V-11: use of a block below which numbers may be billed or freed, in percent',
    "V-11 : taux d'usage d'une tranche sous lequel ses numéros sont facturables ou libérables",
  ).optional(),
});
