import { z } from 'zod';
import { CountSchema, cited, PeriodSchema } from './cited.ts';

/** */
export const FaxSchema = z.strictObject({
  bearer: cited(z.enum(['T.38']), 'X-1: how a fax machine reaches the network', 'X-1 : raccordement du fax').optional(),
  receptionFormat: cited(
    z.enum(['pdf']),
    'X-2: format of faxes received by mail',
    'X-2 : format des fax reçus par courriel',
  ).optional(),
  sentPerMinute: cited(
    CountSchema,
    'X-3: faxes sent a minute and account',
    'X-3 : fax envoyés par minute et par compte',
  ).optional(),
  atATime: cited(
    CountSchema,
    'X-3: faxes at a time, sent and received together',
    'X-3 : fax simultanés, émis et reçus',
  ).optional(),
  massFax: cited(z.enum(['forbidden']), 'X-4: fax mailing', 'X-4 : envoi de fax en nombre').optional(),
  billedBy: cited(
    z.enum(['page-sent']),
    'X-5: what is billed, out of bundle and inside the cap',
    'X-5 : unité facturée, hors forfait et dans la limite',
  ).optional(),
});

/** the operator's SMTP relay. */
export const MailSchema = z.strictObject({
  connectionsPerSecond: cited(CountSchema, 'X-6: connections a second', 'X-6 : connexions par seconde').optional(),
  mailsPerConnection: cited(CountSchema, 'X-6: mails per connection', 'X-6 : courriels par connexion').optional(),
  recipientsPerMail: cited(CountSchema, 'X-6: recipients per mail', 'X-6 : destinataires par courriel').optional(),
  distinctRecipientsPerWeek: cited(
    CountSchema,
    'X-6: different recipients a week',
    'X-6 : destinataires différents par semaine',
  ).optional(),
});

/** M-8 */
export const LentServicesSchema = z.strictObject({
  stopWithin: cited(
    PeriodSchema,
    'M-8: lent services stop within this time of the request',
    "M-8 : délai d'arrêt des services mis à disposition",
  ).optional(),
});

/** G-4: days in a row without the main obligation, and what the client gets. */
export const CompensationSchema = z.strictObject({
  afterConsecutiveDays: cited(
    CountSchema,
    'G-4: days in a row without the service',
    'G-4 : jours consécutifs sans service',
  ).optional(),
  monthlyFees: cited(CountSchema, 'G-4: monthly fees paid back', 'G-4 : mois remboursés').optional(),
  services: cited(
    z.array(z.enum(['fixed', 'mobile', 'internet'])).min(1),
    'G-4: services that have this clause',
    'G-4 : services concernés',
  ).optional(),
});
