import { z } from 'zod';
import { cited } from '../cited.ts';
import { ZoneSchema } from '../destination.ts';
import { CountSchema, PeriodSchema } from './quantities.ts';

/** F-6, P-3, S-2, S-4, S-9, S-10, S-11: what holds for each card. */
export const SimSchema = z.strictObject({
  dataByDefault: cited(
    z.enum(['open', 'closed']),
    'S-4: data of a line without an unlimited data plan',
    'S-4 : données sans forfait data illimité',
  ).prefault({ value: 'closed', article: 'default: S-4, nothing is spent that was not asked for' }),
  routerUse: cited(
    z.enum(['allowed', 'failover-only', 'forbidden']),
    'F-6: a SIM of this operator in a gateway, unless its plan says otherwise',
    "F-6 : carte SIM dans une passerelle, sauf mention contraire de l'offre",
  ).prefault({ value: 'failover-only', article: 'default: F-6, never the main access' }),
  unreadSmsDays: cited(
    CountSchema,
    'S-11: days for which an unread SMS is kept',
    'S-11 : jours de conservation des SMS non lus',
  ).optional(),
  selfActivationDays: cited(
    CountSchema,
    'P-3: days after delivery at which a mobile line activates by itself',
    "P-3 : jours après livraison valant activation d'office",
  ).optional(),
  portingInterruptionHours: cited(
    CountSchema,
    'S-10: longest interruption on the porting day, in hours',
    'S-10 : interruption maximale le jour du portage, en heures',
  ).optional(),
  hostChangeNotice: cited(
    PeriodSchema,
    'S-9: notice of a change of host operator',
    "S-9 : préavis de changement d'opérateur hôte",
  ).optional(),
  lossConfirmedWithin: cited(
    PeriodSchema,
    'S-2: time in which a loss or theft is confirmed in writing',
    'S-2 : délai de confirmation écrite de perte ou vol',
  ).optional(),
});

/** S-5, S-6: abroad. The ceiling itself is `limits.roamingCeiling`. */
export const RoamingSchema = z.strictObject({
  byDefault: cited(
    z.enum(['open', 'barred']),
    'S-5: roaming before anybody asks',
    'S-5 : itinérance par défaut',
  ).prefault({ value: 'barred', article: 'default: S-5' }),
  openedBy: cited(
    z.array(z.enum(['signed-waiver', 'written-request', 'telephone', 'mail', 'order'])).min(1),
    'S-5: what opens roaming, any of these',
    "S-5 : ce qui ouvre l'itinérance",
  ).optional(),
  effectiveAfter: cited(
    PeriodSchema,
    'S-5: from the request to its effect, on opening and on closing',
    "S-5 : délai d'effet, à l'ouverture comme à la fermeture",
  ).optional(),
  ceilingLiftedBy: cited(
    z.enum(['signed-waiver']),
    'S-6: what re-opens data past the ceiling',
    'S-6 : ce qui rétablit la connexion',
  ).optional(),
  voicemailPricedAs: cited(
    z.enum(['call-from-abroad']),
    'R-1: price of reading voicemail abroad',
    "R-1 : prix de la consultation de messagerie à l'étranger",
  ).optional(),
  likeHome: cited(
    ZoneSchema,
    'R-1: zone in which roaming is priced like home',
    "R-1 : zone d'itinérance au tarif national",
  ).optional(),
});

/** S-7: past the fair-use threshold, which is the plan's. What follows stands in `limits.fairUse`. */
export const FairUseSchema = z.strictObject({
  packsRestore: cited(
    z.boolean(),
    'S-7: a bought pack restores full rate',
    'S-7 : un pack acheté rétablit le débit',
  ).optional(),
});

/** S-11 */
export const SmsApiSchema = z.strictObject({
  perSecond: cited(CountSchema, 'S-11: SMS a second by the API', "S-11 : SMS par seconde par l'API").optional(),
  perMinute: cited(CountSchema, 'S-11: SMS a minute by the API', "S-11 : SMS par minute par l'API").optional(),
});
