import { PayoutTermsSchema } from '../../../agent/model/readings/payout.ts';
import { SmsTermsSchema } from '../../../agent/model/readings/sms.ts';
import { UnlimitedTermsSchema } from '../../../agent/model/readings/unlimited.ts';

const CELY = 'annexe SMS Cely';

/** What networth's contract says of SMS campaigns, written out by hand. */
export const NETWORTH_SMS = SmsTermsSchema.parse({
  window: {
    value: { firstWeekday: 1, lastWeekday: 6, opensHour: 8, closesHour: 22, outside: 'queue' },
    article: `${CELY} art. 1, "Contrainte d'horaires": du lundi au samedi, de 8h à 22h; "rejeté ou mis en file d'attente"`,
  },
  stock: {
    value: { usual: 1_000, most: 100_000 },
    article: `${CELY} art. 4: 1 000 SMS/mensuel par défaut, jusqu'à un maximum de 100 000 SMS par mois`,
  },
  sensitiveNames: {
    value: ['Orange', 'Gouv', 'Impôt', 'Ameli', 'CPF', 'BRED', 'Paypal', 'EDF', 'COLISSIMO'],
    article: `${CELY} art. 1, "Filtrage des OADC"; "et d'autres de nature similaire": the operator adds those of AF2M's list`,
  },
});

const SPECIAL = 'Service Numéros Spéciaux art. 4';

/** What cmi's contract says of the pay-out of special numbers, written out by hand. */
export const CMI_PAYOUT = PayoutTermsSchema.parse({
  threshold: { value: { microEuro: 30_000_000 }, article: `${SPECIAL}: "un minimum de trente (30) € HT"` },
  longService: {
    value: { overMicroEuroTtcPerMinute: 150_000, maximumSeconds: 1_800 },
    article: `${SPECIAL}: "plus de 0,15 € TTC / min", "trente (30) minutes"`,
  },
  perCallLoss: {
    value: { afterSeconds: 12, microEuroPerMinute: 60_000 },
    article: `${SPECIAL}: "une dégressivité de 0,06 € HT / min […] au-delà de douze (12) secondes"`,
  },
  freeTierMobile: {
    value: { overPercent: 30, microEuroPerMinute: 50_000 },
    article: `${SPECIAL}: palier Gratuit, "supérieure à 30%, ajout d'un coût de 0,05 € HT / min"`,
  },
  farOrigin: {
    value: { microEuroPerMinute: 150_000 },
    article: `${SPECIAL}: "appels d'origine DOM et Publiphones, ajout d'un coût de 0,15 € HT / min"`,
  },
  invoice: {
    value: { askedOnDay: 20, withinMonths: 3 },
    article: `${SPECIAL}: appel à facture "tous les vingt (20) du mois", facture "dans les trois (3) mois suivants"`,
  },
  payment: { value: { days: 30 }, article: `${SPECIAL}: "trente (30) jours fin de mois"` },
});

/** What nexis' contract says of the limits of unlimited plans, written out by hand. */
export const NEXIS_UNLIMITED = UnlimitedTermsSchema.parse({
  voiceSeconds: { value: 144_000, article: 'art. 15: "plus de 40h"' },
  voiceNumbers: { value: 150, article: 'art. 15: "plus de 150 numéros différents"' },
  sms: { value: 1_000, article: 'art. 15: "pas plus de 1000 SMS"' },
  smsRecipients: { value: 50, article: 'art. 15: "pas plus de 50 destinataires différents"' },
});
