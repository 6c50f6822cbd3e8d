import type { Regime } from '../../model/regime.ts';
import { inAlsaceMoselle } from '../calendar/holidays.ts';
import { type Credit, citing, creditId, inEuro, regimeName, type Served } from './credit-words.ts';
import { type GtrIncident, gtrCompensation } from './gtr.ts';
import { gtrReasonText } from './gtr-reason.ts';
import type { Incident } from './incidents.ts';
import { longOutageRefund, serviceOn } from './long-outage.ts';

/**
 * What each incident of one service gives back, in the order in which they ended (G-1 to G-4, G-7). An incident that is
 * still open, or whose instants no clock vouches for, gives nothing yet. Both clauses apply where both are in the contract:
 * no text says that one excludes the other.
 */
export function incidentCredits(incidents: readonly Incident[], served: Served): readonly Credit[] {
  const closed = incidents
    .filter(({ open, dated }) => !open && dated)
    .filter(({ reported }) => served.life.from <= reported && reported < served.life.to)
    .toSorted((a, b) => a.to - b.to || a.from - b.from);
  const paid = new Map<string, number>();
  return closed.flatMap((incident) => {
    const regime = served.regimeAt(incident.reported);
    if (regime === undefined) return [];
    const year = served.ceilingYearOf(incident.to);
    const restored = restoration(incident, regime, served, paid.get(year) ?? 0);
    if (restored?.due) paid.set(year, (paid.get(year) ?? 0) + restored.microEuro);
    return [...(restored === undefined ? [] : [restored]), ...refund(incident, regime, served)];
  });
}

/** G-1 to G-3. `paidInYear` is what the incidents before it in the year of the ceiling were given (G5). */
function restoration(incident: Incident, regime: Regime, served: Served, paidInYear: number): Credit | undefined {
  const { service } = served;
  const terms = regime.gtrTerms;
  if (terms === undefined || !service.guaranteed) return undefined;
  const local = service.commune !== undefined && inAlsaceMoselle(service.commune);
  const readings = { ...regime.gtr, alsace_moselle: regime.gtr.alsace_moselle || local };
  const outcome = gtrCompensation(gtrIncident(incident, served, paidInYear), terms, readings);
  if (outcome.amount === 0) return undefined;
  return {
    ...common('gtr', incident, served, regime),
    ...asked(incident, outcome.onRequest),
    microEuro: outcome.amount,
    article: terms.tiers.article,
    steps: outcome.reasons.map((reason) =>
      citing({ fr: gtrReasonText(reason, 'fr'), en: gtrReasonText(reason, 'en') }, reason.article),
    ),
  };
}

const gtrIncident = (incident: Incident, { service, unpaid }: Served, paidInYear: number): GtrIncident => ({
  access: service.access,
  total: incident.total,
  reported: incident.reported,
  ...(incident.restarted === undefined ? {} : { restarted: incident.restarted }),
  restored: incident.to,
  excused: incident.excused,
  unpaidInvoice: unpaid.some(({ from, to }) => from < incident.to && incident.reported < to),
  monthlyFee: service.monthlyMicroEuro,
  paidInYear,
});

/** G-4 */
function refund(incident: Incident, regime: Regime, served: Served): readonly Credit[] {
  const { service } = served;
  const terms = regime.longOutageTerms;
  if (terms === undefined || !incident.total || !terms.services.value.includes(serviceOn(service.access))) return [];
  const { amount, onRequest, outages } = longOutageRefund(
    [{ from: incident.from, to: incident.to }],
    incident.excused,
    service.monthlyMicroEuro,
    terms,
  );
  if (amount === 0) return [];
  const hours = Math.floor((outages[0]?.counted ?? 0) / 3_600_000);
  const days = terms.days.value;
  return [
    {
      ...common('long-outage', incident, served, regime),
      ...asked(incident, onRequest),
      microEuro: amount,
      article: terms.days.article,
      steps: [
        citing(
          {
            fr: `Interruption de ${hours} h sans excuse, ${days} jours consécutifs ou plus.`,
            en: `Interrupted for ${hours} h without an excuse, ${days} days in a row or more.`,
          },
          terms.days.article,
        ),
        citing(
          {
            fr: `Abonnement mensuel remboursé : ${inEuro(amount)} €.`,
            en: `Monthly fee given back: ${inEuro(amount)} €.`,
          },
          terms.fees.article,
        ),
      ],
    },
  ];
}

const common = (rule: Credit['rule'], { from, to }: Incident, { service }: Served, regime: Regime) => ({
  id: creditId(rule, service, from),
  rule,
  service: service.id,
  from,
  to,
  tax: service.tax,
  regime: regimeName(regime),
});

/** cmi CGV 10.2: what is asked for is taken off the next invoice; no text sets a last day for asking. */
const asked = ({ to, claimed }: Incident, onRequest: boolean): Pick<Credit, 'at' | 'due'> => ({
  at: onRequest ? Math.max(to, claimed ?? to) : to,
  due: !onRequest || claimed !== undefined,
});
