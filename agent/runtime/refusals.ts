import type { Admission } from '../machines/call/words.ts';
import type { Refusal } from '../sip/write-message.ts';

type Cause = Extract<Admission, { may: 'not-pass' }>['cause'];

/** What the network is told of a call that the site has no channel for (Q-4, RFC 3261 21.4.24). */
export const BUSY_HERE: Refusal = { status: 486, phrase: 'Busy Here', warning: 'no subscribed channel is free' };

/** What the phone is told, in French for its user (RFC 3261 21.4, 21.5). */
export const REFUSALS: Readonly<Record<Cause, Refusal>> = {
  'refused-credit': {
    status: 403,
    phrase: 'Credit epuise',
    warning: 'Limite de consommation atteinte : appels entrants et urgences seulement',
  },
  'refused-capacity': {
    status: 503,
    phrase: 'Lignes occupees',
    warning: 'Toutes les lignes souscrites sont en communication',
  },
  'refused-number': {
    status: 404,
    phrase: 'Numero inconnu',
    warning: "Ce numéro n'est pas attribué ou n'est pas desservi",
  },
  'refused-barred': {
    status: 403,
    phrase: 'Destination bloquee',
    warning: 'Destination bloquée : une décharge signée est nécessaire',
  },
  'refused-caller': {
    status: 403,
    phrase: 'Numero presente refuse',
    warning: "Le numéro présenté n'est pas attribué à ce client",
  },
  'refused-suspension': {
    status: 403,
    phrase: 'Ligne suspendue',
    warning: "Ligne suspendue par l'opérateur : appels entrants et urgences seulement",
  },
  'refused-limit': {
    status: 403,
    phrase: 'Limite atteinte',
    warning: 'Appels sortants bloqués, limite du contrat atteinte : appels entrants et urgences seulement',
  },
  'refused-outside-bundle': {
    status: 403,
    phrase: 'Forfait seulement',
    warning: 'Limite hors forfait atteinte : destinations du forfait, appels entrants et urgences seulement',
  },
  'refused-recording': {
    status: 503,
    phrase: 'Service indisponible',
    warning: 'Le boitier ne peut rien enregistrer : appels entrants et urgences seulement',
  },
};
