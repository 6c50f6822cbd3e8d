import { z } from 'zod';
import { cited } from '../cited.ts';
import { CountSchema, PeriodSchema } from './quantities.ts';

/** the pace of faxes and mass fax stand in `limits`. */
export const FaxSchema = z.strictObject({
  bearer: cited(z.enum(['T.38']), 'X-1: how a fax machine reaches the network', 'X-1 : raccordement du fax').optional(),
  receptionFormat: cited(
    z.enum(['pdf']),
    'X-2: format of faxes received by mail',
    'X-2 : format des fax reçus par courriel',
  ).optional(),
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
