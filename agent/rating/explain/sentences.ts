import type { Limit, Rule } from '../../model/rule.ts';
import type { Sentence } from './sentence.ts';

/** What each rule says; its article stands beside it. */
export const RULES: Readonly<Record<Rule, Sentence>> = {
  emergency: {
    fr: "appel d'urgence : jamais compté ni facturé",
    en: 'emergency call: never counted nor charged',
  },
  incoming: { fr: 'communication entrante : gratuite', en: 'incoming: free' },
  unanswered: { fr: 'appel sans réponse : enregistré, gratuit', en: 'not answered: recorded, free' },
  'not-sent': { fr: 'message non acheminé : gratuit', en: 'message not sent: free' },
  'on-net': { fr: 'vers un numéro du même compte : gratuit', en: 'to a number of the same account: free' },
  'own-fleet': {
    fr: 'vers la flotte mobile du client : comprise dans le forfait',
    en: "to the client's own fleet: in the plan",
  },
  'free-number': { fr: 'numéro gratuit pour l’appelant', en: 'the number is free for the caller' },
  'no-price': {
    fr: 'destination fermée ou absente de la grille tarifaire : rien n’est facturé',
    en: 'barred, or not in the price list: nothing is charged',
  },
  metered: { fr: 'à la consommation', en: 'metered' },
  bundle: { fr: 'forfait d’abord, puis à la consommation', en: 'bundle first, then metered' },
  unlimited: { fr: 'comprise dans l’illimité', en: 'in the unlimited plan' },
  'unlimited-breach': {
    fr: 'au-delà des limites de l’illimité : facturée à la consommation',
    en: 'past the limits of the unlimited plan: metered',
  },
  abuse: { fr: 'usage abusif de l’illimité : facturée à la consommation', en: 'unlimited plan abused: metered' },
  allowance: { fr: 'comprise dans le forfait', en: 'in the allowance of the plan' },
  roaming: { fr: 'en itinérance', en: 'roaming' },
  fax: { fr: 'télécopie : par page envoyée et confirmée', en: 'fax: by page sent and confirmed' },
};

export const LIMITS: Readonly<Record<Limit, Sentence>> = {
  cap: {
    fr: 'plafond hors forfait atteint : le reste n’est pas facturé',
    en: 'out-of-bundle cap reached: the rest is not charged',
  },
  'roaming-ceiling': {
    fr: 'plafond de données en itinérance atteint : le reste n’est pas facturé',
    en: 'ceiling of roaming data reached: the rest is not charged',
  },
  'long-service': {
    fr: 'durée maximale du service atteinte : le reste n’est pas facturé',
    en: 'longest time of the service reached: the rest is not charged',
  },
};
