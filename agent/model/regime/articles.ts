import { z } from 'zod';
import { CitationSchema } from '../cited.ts';
import type { Limit, Rule } from '../rule.ts';

const article = (en: string, fr: string) => CitationSchema.meta({ description: en, fr }).optional();

const ARTICLES = {
  emergency: article('V-1: emergency calls', "V-1 : appels d'urgence"),
  incoming: article('R-1: what comes in', 'R-1 : communications entrantes'),
  unanswered: article('U-2: calls that nobody answered', 'U-2 : appels sans réponse'),
  'not-sent': article('R-5: messages that were not sent', 'R-5 : messages non acheminés'),
  'on-net': article('R-1: calls between the lines of an account', 'R-1 : appels entre lignes du compte'),
  'own-fleet': article('R-1: calls to the own fleet', 'R-1 : appels vers la flotte du client'),
  'free-number': article('R-1: numbers that are free for the caller', "R-1 : numéros gratuits pour l'appelant"),
  'no-price': article(
    'V-6, R-1: destinations that are barred or not in the price list',
    'V-6, R-1 : destinations fermées ou absentes de la grille',
  ),
  metered: article('R-1: metered use', 'R-1 : consommation au compteur'),
  bundle: article('R-1: bundle first, then metered', 'R-1 : forfait, puis hors forfait'),
  unlimited: article('R-1: unlimited plans', 'R-1 : forfaits illimités'),
  'unlimited-breach': article('R-7: past the limits of an unlimited plan', "R-7 : au-delà des limites d'un illimité"),
  abuse: article('V-7: abuse of an unlimited plan', "V-7 : abus d'un illimité"),
  allowance: article('R-1: messages, pages and data of the plan', 'R-1 : messages, pages et données du forfait'),
  roaming: article('R-1, S-5: use abroad', "R-1, S-5 : communications à l'étranger"),
  fax: article('X-5: faxes sent', 'X-5 : télécopies envoyées'),
  cap: article('C-1: out-of-bundle cap reached', 'C-1 : limite hors forfait atteinte'),
  'roaming-ceiling': article('S-6: ceiling of roaming data reached', "S-6 : plafond de données à l'étranger atteint"),
  // The article of `long-service` stands beside the fact itself, in `payoutTerms`.
} satisfies Record<Rule | Exclude<Limit, 'long-service'>, z.ZodType>;

/** The article of each rule of rating, for the explanation of a charge; absent where the contract is silent. */
export const ArticlesSchema = z.strictObject(ARTICLES);
