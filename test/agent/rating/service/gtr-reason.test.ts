import { expect, test } from 'vitest';
import { type GtrReason, gtrReasonText } from '../../../../agent/rating/service/gtr-reason.ts';

const AT = Date.parse('2026-11-18T09:05+01:00');
const article = 'art. 7 CGS';
const SENTENCES: readonly [GtrReason, string, string][] = [
  [
    { is: 'clock-from-report', at: AT, article },
    'Le délai court du signalement, 2026-11-18 09:05.',
    'The clock runs from the report, 2026-11-18 09:05.',
  ],
  [
    { is: 'clock-from-restart', at: AT, reported: AT - 60_000, article },
    'Le délai court du redémarrage avec état des voyants, 2026-11-18 09:05.',
    'The clock runs from the restart with the LED states, 2026-11-18 09:05.',
  ],
  [
    { is: 'clock-never-started', article },
    'Le délai n’a pas couru : redémarrage et état des voyants manquent.',
    'The clock never ran: the restart and the LED states are missing.',
  ],
  [
    { is: 'excuse-not-known', cause: 'overload', article },
    'La cause trafic au-delà de la capacité n’est pas une excuse de ce contrat ; son temps compte.',
    'The cause overload is no excuse of this contract; its time counts.',
  ],
  [
    { is: 'excused', causes: ['mains', 'porting'], millis: 5_400_000, article },
    'Temps excusé, non compté : 1 h 30 min (coupure du secteur, portage).',
    'Excused time, not counted: 1 h 30 min (mains, porting).',
  ],
  [
    { is: 'time-lost', millis: 14_400_001, article },
    'Temps de rétablissement en heures ouvrées : 4 h 00 min 00.001 s.',
    'Restoration took 4 h 00 min 00.001 s of working time.',
  ],
  [
    { is: 'time-lost', millis: 14_461_000, article },
    'Temps de rétablissement en heures ouvrées : 4 h 01 min 01 s.',
    'Restoration took 4 h 01 min 01 s of working time.',
  ],
  [
    { is: 'nothing-promised', article },
    'Ce contrat ne prévoit aucune indemnité.',
    'This contract promises no compensation.',
  ],
  [
    { is: 'within-first-bound', fromMinutes: 240, article },
    'Le premier palier, 4 h 00 min, n’est pas atteint.',
    'The first tier, 4 h 00 min, is not reached.',
  ],
  [
    { is: 'tier', tier: 1, fromMinutes: 240, included: true, percent: 50, article },
    'Palier 1, à partir de 4 h 00 min : 50 % de l’abonnement mensuel.',
    'Tier 1, from 4 h 00 min: 50 % of the monthly fee.',
  ],
  [
    { is: 'tier', tier: 2, fromMinutes: 390, included: false, percent: 20, article },
    'Palier 2, au-delà de 6 h 30 min : 20 % de l’abonnement mensuel.',
    'Tier 2, beyond 6 h 30 min: 20 % of the monthly fee.',
  ],
  [
    { is: 'not-total', article },
    'L’interruption n’était pas totale : rien n’est dû.',
    'The interruption was not total: nothing is due.',
  ],
  [
    { is: 'unpaid-invoice', article },
    'Une facture est impayée : rien n’est dû.',
    'An invoice is unpaid: nothing is due.',
  ],
  [
    { is: 'ceiling', room: 100_000, paid: 89_800_000, fees: 1, article },
    'Plafond annuel : il reste 0.10 € après 89.80 € déjà versés.',
    'Yearly ceiling: 0.10 € are left after 89.80 € already paid.',
  ],
  [
    { is: 'amount', amount: 44_950_001, article },
    'Indemnité : 44.950001 € HT.',
    'Compensation: 44.950001 € excluding VAT.',
  ],
];

test.each(SENTENCES)('G-3: %j is a sentence in French and in English', (reason, french, english) => {
  expect(gtrReasonText(reason, 'fr')).toBe(french);
  expect(gtrReasonText(reason, 'en')).toBe(english);
});
