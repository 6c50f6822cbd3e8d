import type { Excuse } from '../../model/excuse.ts';
import { civilDay, parisDay, parisTimeOfDay, writeDay } from '../calendar/paris.ts';
import { never } from '../never.ts';
import { inEuro } from './credit-words.ts';
import type { ExcusedCause } from './outage.ts';

/** One step of the decision about an incident. Instants and durations in milliseconds, amounts in micro-euro. */
export type GtrReason =
  | { readonly is: 'clock-from-report'; readonly at: number; readonly article: string }
  | { readonly is: 'clock-from-restart'; readonly at: number; readonly reported: number; readonly article: string }
  | { readonly is: 'clock-never-started'; readonly article: string }
  | { readonly is: 'excuse-not-known'; readonly cause: Excuse; readonly article: string }
  | {
      readonly is: 'excused';
      readonly causes: readonly ExcusedCause[];
      readonly millis: number;
      readonly article: string;
    }
  | { readonly is: 'time-lost'; readonly millis: number; readonly article: string }
  | { readonly is: 'nothing-promised'; readonly article: string }
  | { readonly is: 'within-first-bound'; readonly fromMinutes: number; readonly article: string }
  | {
      readonly is: 'tier';
      readonly tier: number;
      readonly fromMinutes: number;
      readonly included: boolean;
      readonly percent: number;
      readonly article: string;
    }
  | { readonly is: 'not-total'; readonly article: string }
  | { readonly is: 'unpaid-invoice'; readonly article: string }
  | {
      readonly is: 'ceiling';
      readonly room: number;
      readonly paid: number;
      readonly fees: number;
      readonly article: string;
    }
  | { readonly is: 'amount'; readonly amount: number; readonly article: string };

/** The step as a sentence for the client; times are those of Paris. */
export function gtrReasonText(reason: GtrReason, language: 'fr' | 'en'): string {
  const say = (fr: string, en: string): string => (language === 'fr' ? fr : en);
  switch (reason.is) {
    case 'clock-from-report':
      return say(
        `Le délai court du signalement, ${at(reason.at)}.`,
        `The clock runs from the report, ${at(reason.at)}.`,
      );
    case 'clock-from-restart':
      return say(
        `Le délai court du redémarrage avec état des voyants, ${at(reason.at)}.`,
        `The clock runs from the restart with the LED states, ${at(reason.at)}.`,
      );
    case 'clock-never-started':
      return say(
        'Le délai n’a pas couru : redémarrage et état des voyants manquent.',
        'The clock never ran: the restart and the LED states are missing.',
      );
    case 'excuse-not-known':
      return say(
        `La cause ${CAUSES[reason.cause]} n’est pas une excuse de ce contrat ; son temps compte.`,
        `The cause ${reason.cause} is no excuse of this contract; its time counts.`,
      );
    case 'excused':
      return say(
        `Temps excusé, non compté : ${span(reason.millis)} (${reason.causes.map((cause) => CAUSES[cause]).join(', ')}).`,
        `Excused time, not counted: ${span(reason.millis)} (${reason.causes.join(', ')}).`,
      );
    case 'time-lost':
      return say(
        `Temps de rétablissement en heures ouvrées : ${span(reason.millis)}.`,
        `Restoration took ${span(reason.millis)} of working time.`,
      );
    default:
      return amountText(reason, language);
  }
}

type Amounts = Extract<
  GtrReason,
  { is: 'nothing-promised' | 'within-first-bound' | 'tier' | 'not-total' | 'unpaid-invoice' | 'ceiling' | 'amount' }
>;

function amountText(reason: Amounts, language: 'fr' | 'en'): string {
  const say = (fr: string, en: string): string => (language === 'fr' ? fr : en);
  const from = 'fromMinutes' in reason ? span(reason.fromMinutes * 60_000) : '';
  switch (reason.is) {
    case 'nothing-promised':
      return say('Ce contrat ne prévoit aucune indemnité.', 'This contract promises no compensation.');
    case 'within-first-bound':
      return say(`Le premier palier, ${from}, n’est pas atteint.`, `The first tier, ${from}, is not reached.`);
    case 'tier':
      return say(
        `Palier ${reason.tier}, ${reason.included ? 'à partir de' : 'au-delà de'} ${from} : ${reason.percent} % de l’abonnement mensuel.`,
        `Tier ${reason.tier}, ${reason.included ? 'from' : 'beyond'} ${from}: ${reason.percent} % of the monthly fee.`,
      );
    case 'not-total':
      return say(
        'L’interruption n’était pas totale : rien n’est dû.',
        'The interruption was not total: nothing is due.',
      );
    case 'unpaid-invoice':
      return say('Une facture est impayée : rien n’est dû.', 'An invoice is unpaid: nothing is due.');
    case 'ceiling':
      return say(
        `Plafond annuel : il reste ${inEuro(reason.room)} € après ${inEuro(reason.paid)} € déjà versés.`,
        `Yearly ceiling: ${inEuro(reason.room)} € are left after ${inEuro(reason.paid)} € already paid.`,
      );
    case 'amount':
      return say(
        `Indemnité : ${inEuro(reason.amount)} € HT.`,
        `Compensation: ${inEuro(reason.amount)} € excluding VAT.`,
      );
    default:
      return never(reason);
  }
}

const CAUSES: Readonly<Record<ExcusedCause, string>> = {
  maintenance: 'maintenance',
  client: 'fait du client',
  'third-party': 'fait d’un tiers',
  'other-operator': 'autre opérateur',
  suspension: 'suspension',
  'public-authority': 'autorité publique',
  'force-majeure': 'force majeure',
  mains: 'coupure du secteur',
  porting: 'portage',
  overload: 'trafic au-delà de la capacité',
  unseen: 'passerelle sans courant, rien d’observé',
};

const two = (n: number): string => String(n).padStart(2, '0');

/** Such as "4 h 05 min 00.250 s"; what is zero at the end is left out. */
function span(millis: number): string {
  const seconds = Math.floor(millis / 1_000);
  const rest = millis % 1_000;
  const tail = rest > 0 ? `${two(seconds % 60)}.${String(rest).padStart(3, '0')} s` : `${two(seconds % 60)} s`;
  const hours = `${Math.floor(seconds / 3_600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
  return millis % 60_000 === 0 ? hours : `${hours} ${tail}`;
}

function at(instant: number): string {
  const minutes = Math.floor(parisTimeOfDay(instant) / 60_000);
  return `${writeDay(civilDay(parisDay(instant)))} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
