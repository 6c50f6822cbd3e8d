/**
 * How a fax may end, in words for the client. `again`: whether another try may go better without anybody doing anything.
 * The codes are ours and are never renamed; pages confirmed before the end count in any case.
 */
export const FAX_OUTCOMES = {
  'all-confirmed': { again: false, text: 'Toutes les pages ont été transmises et confirmées.' },
  busy: { again: true, text: 'La ligne du correspondant est occupée.' },
  'no-answer': { again: true, text: 'Le correspondant n’a pas répondu.' },
  'no-fax-heard': { again: true, text: 'Le correspondant a répondu, mais aucun télécopieur n’a été détecté (T1).' },
  'no-command-heard': { again: true, text: 'Le télécopieur appelant n’a plus rien envoyé (T2).' },
  'training-failed': { again: true, text: 'La ligne est trop mauvaise : aucune vitesse de transmission n’a convenu.' },
  'no-page-heard': { again: true, text: 'L’image de la page n’est pas arrivée après l’accord des télécopieurs.' },
  'page-unanswered': { again: true, text: 'La page a été envoyée, mais sa réception n’a pas été confirmée.' },
  'page-refused': { again: true, text: 'La page est arrivée illisible et a été refusée par le correspondant (RTN).' },
  'correction-failed': { again: true, text: 'Les erreurs de la page n’ont pas pu être corrigées (ERR).' },
  'receiver-not-ready': {
    again: true,
    text: 'Le télécopieur du correspondant est resté indisponible, mémoire ou papier (RNR).',
  },
  disconnected: { again: true, text: 'Le télécopieur du correspondant a mis fin à la communication (DCN).' },
  'hung-up': { again: true, text: 'La communication a été coupée avant la fin.' },
  'network-silent': { again: true, text: 'Le réseau de l’opérateur ne transmettait plus rien.' },
  'network-refused-fax': { again: true, text: 'Le réseau de l’opérateur n’a pas accepté le mode télécopie (T.38).' },
  incompatible: { again: false, text: 'Les deux télécopieurs n’ont aucun mode en commun.' },
  'cannot-receive': { again: false, text: 'Le télécopieur du correspondant ne peut pas recevoir de document.' },
  'nothing-to-poll': { again: false, text: 'Le correspondant n’a aucun document à relever.' },
  'machine-stopped': { again: false, text: 'L’envoi a été arrêté sur le télécopieur.' },
  'machine-silent': {
    again: true,
    text: 'Le télécopieur raccordé ne répond pas ; vérifiez qu’il est allumé et branché.',
  },
  'cap-reached': { again: false, text: 'Le plafond de consommation hors forfait est atteint.' },
  'one-a-minute': { again: true, text: 'Un seul fax par minute peut être envoyé ; réessayez dans un instant.' },
  'not-connected': { again: true, text: 'Le réseau de l’opérateur n’a pas pu établir l’appel.' },
  'wrong-number': { again: false, text: 'Le numéro composé n’est pas attribué ou n’est pas complet.' },
  barred: { again: false, text: 'Cet appel n’est pas autorisé depuis cette ligne.' },
  'two-at-a-time': { again: true, text: 'Deux fax sont déjà en cours ; réessayez à la fin de l’un d’eux.' },
  suspended: { again: false, text: 'Le service de fax est suspendu ; contactez votre opérateur.' },
} as const satisfies Readonly<Record<string, { readonly again: boolean; readonly text: string }>>;
