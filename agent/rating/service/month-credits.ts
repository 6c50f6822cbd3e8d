import type { AvailabilityTerms } from '../../model/readings/availability.ts';
import type { Regime } from '../../model/regime.ts';
import { dayOfMonth, monthOfInstant } from '../calendar/civil-month.ts';
import { type Interval, without } from '../calendar/intervals.ts';
import { parisInstant } from '../calendar/paris.ts';
import { type AvailabilityOutcome, availabilityCredit } from './availability.ts';
import { type Credit, citing, creditId, inEuro, regimeName, type Served } from './credit-words.ts';
import type { Incident } from './incidents.ts';

const DAY = 86_400_000;

/**
 * The credits for availability of one service, one for each whole month of Paris up to `until` that was not available
 * enough (G-5, G-7; N1 to N6; nexis 18). What an open outage has cost so far counts.
 */
export function monthCredits(incidents: readonly Incident[], served: Served, until: number): readonly Credit[] {
  const total = incidents.filter((one) => one.total && one.dated && one.from < one.to && one.from < until);
  const [first] = total;
  if (first === undefined) return [];
  const credits: Credit[] = [];
  for (let month = monthOfInstant(first.from); lastOf(month) <= until; month += 1) {
    const time = monthTime(month);
    const concerned = total.filter(({ from, to }) => from < time.to && time.from < to);
    const credit = concerned.length === 0 ? undefined : creditOf(month, concerned, served, credits);
    if (credit !== undefined) credits.push(credit);
  }
  return credits;
}

const monthTime = (month: number): Interval => ({
  from: parisInstant(dayOfMonth(month, 1)),
  to: parisInstant(dayOfMonth(month + 1, 1)),
});
const lastOf = (month: number): number => monthTime(month).to;

function creditOf(
  month: number,
  incidents: readonly Incident[],
  served: Served,
  before: readonly Credit[],
): Credit | undefined {
  const time = monthTime(month);
  const { service, life, usageIn } = served;
  const regime = served.regimeAt(time.from) ?? served.regimeAt(time.to - 1);
  const terms = regime?.availabilityTerms;
  if (regime === undefined || terms === undefined || life.from >= time.to || life.to <= time.from) return undefined;
  const claimed = incidents.flatMap((one) => one.claimed ?? []).toSorted((a, b) => a - b)[0];
  const at = terms.onRequest.value ? Math.max(time.to - 1, claimed ?? 0) : time.to - 1;
  const outcome = availabilityCredit(
    {
      month: time,
      // What lies outside of the life of the service was no outage of it.
      outages: incidents.flatMap(({ from, to }) => without([{ from, to }], outside(life))),
      excused: incidents.flatMap(({ excused }) => excused),
      fixedFees: service.monthlyMicroEuro,
      usage: usageIn(time),
      usageBefore: [1, 2, 3]
        .map((ago) => monthTime(month - ago))
        .filter(({ from }) => from >= life.from)
        .map(usageIn),
      // N4: by the ends of the months, so that the day on which a client asks changes no amount.
      creditedIn30Days: before
        .filter((one) => one.due && time.to - 30 * DAY < one.to)
        .reduce((sum, one) => sum + one.microEuro, 0),
    },
    terms,
    regime.availability,
  );
  if (outcome.credit === 0) return undefined;
  return {
    id: creditId('availability', service, time.from),
    rule: 'availability',
    service: service.id,
    ...time,
    at,
    microEuro: outcome.credit,
    tax: service.tax,
    due: !terms.onRequest.value || claimed !== undefined,
    regime: regimeName(regime),
    article: terms.classes.article,
    steps: stepsOf(outcome, terms, regime),
  };
}

const outside = ({ from, to }: Interval): readonly Interval[] => [
  { from: 0, to: from },
  ...(Number.isFinite(to) ? [{ from: to, to: Number.MAX_SAFE_INTEGER }] : []),
];

function stepsOf(outcome: AvailabilityOutcome, { classes, excuses }: AvailabilityTerms, { availability }: Regime) {
  const minutes = (millis: number): number => Math.floor(millis / 60_000);
  const percent = `${Math.floor(outcome.millionths / 10_000)}.${String(outcome.millionths % 10_000).padStart(4, '0')}`;
  const { credit, uncapped, ceiling } = outcome;
  return [
    citing(
      {
        fr: `Indisponible ${minutes(outcome.down)} min, ${minutes(outcome.excused)} min excusées non comptées.`,
        en: `Down for ${minutes(outcome.down)} min, ${minutes(outcome.excused)} min excused and not counted.`,
      },
      excuses.article,
    ),
    citing(
      {
        fr: `Disponibilité ${percent} % : avoir de ${outcome.percent} %, soit ${inEuro(uncapped)} €.`,
        en: `Availability ${percent} %: a credit of ${outcome.percent} %, ${inEuro(uncapped)} €.`,
      },
      classes.article,
    ),
    {
      fr: `Plafond de ${availability.ceiling_percent} % sur 30 jours : il reste ${inEuro(ceiling)} €, avoir de ${inEuro(credit)} €.`,
      en: `Ceiling of ${availability.ceiling_percent} % in 30 days: ${inEuro(ceiling)} € are left, the credit is ${inEuro(credit)} €.`,
    },
  ];
}
