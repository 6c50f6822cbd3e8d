import type { GuaranteedService } from '../../model/account-services.ts';
import { type Prepared, regimeOn } from '../book/context.ts';
import type { Rated } from '../book/rate-uses.ts';
import { cycleOf } from '../calendar/cycles.ts';
import type { Interval } from '../calendar/intervals.ts';
import { civilDay, parisDay, startOfDay } from '../calendar/paris.ts';
import { share } from '../share.ts';
import type { Credit, Served } from './credit-words.ts';
import { incidentCredits } from './incident-credits.ts';
import { incidentsOf } from './incidents.ts';
import { monthCredits } from './month-credits.ts';
import type { SiteEvidence } from './site-evidence.ts';

/** What the boxes of an account's sites saw, by the name of the box. */
export type EvidenceByDevice = ReadonlyMap<string, SiteEvidence>;

const NOTHING_SEEN: SiteEvidence = { outages: [], mains: [] };

/**
 * Every credit of an account that became due before `until` (G-1 to G-5, G-7), in the order of instants, then ids: by
 * what its boxes saw, the tickets of the account and its usage. The same evidence always gives the same credits.
 *
 * @throws RangeError when an amount leaves the safe integers.
 */
export function accountCredits(
  prepared: Prepared,
  rated: Pick<Rated, 'uses'>,
  evidence: EvidenceByDevice,
  until: number,
): readonly Credit[] {
  const { services, tickets } = prepared.context.account;
  return services
    .flatMap((service) => {
      const seen = evidence.get(service.device) ?? NOTHING_SEEN;
      const incidents = incidentsOf(service, tickets, seen);
      const served = servedBy(service, prepared, rated);
      return [...incidentCredits(incidents, served), ...monthCredits(incidents, served, until)];
    })
    .filter(({ at }) => at < until)
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function servedBy(service: GuaranteedService, prepared: Prepared, rated: Pick<Rated, 'uses'>): Served {
  const { ceilingYear, unpaid } = prepared.context.account;
  const to = service.until === undefined ? Number.POSITIVE_INFINITY : startOfDay(service.until, 1);
  return {
    service,
    regimeAt: (at) => regimeOn(prepared, at),
    usageIn: usageOf(service, prepared, rated),
    life: { from: startOfDay(service.from), to },
    unpaid: unpaid.map(({ from, until }) => ({ from, to: until ?? Number.POSITIVE_INFINITY })),
    ceilingYearOf: (at) => yearOf(at, ceilingYear),
  };
}

/** Of the calendar, or from the anniversary of a day on; 29 February has its anniversary on the last day of the month. */
function yearOf(at: number, year: Prepared['context']['account']['ceilingYear']): string {
  if (year.is === 'calendar') return String(civilDay(parisDay(at)).year);
  const { start } = cycleOf(at, year);
  const from = civilDay(parisDay(start));
  const month = Number(year.first.slice(5, 7));
  return String(from.month >= month ? from.year : from.year - 1);
}

const TICKS_PER_MICRO_EURO = 60;

/** The sum is exact in ticks; each of the two tax treatments is brought to that of the fee by the VAT of the price list. */
function usageOf(service: GuaranteedService, prepared: Prepared, { uses }: Pick<Rated, 'uses'>) {
  const own = uses.filter(({ use }) => service.lines.includes(use.line));
  return ({ from, to }: Interval): number => {
    const within = own.filter(({ use }) => from <= use.at && use.at < to);
    const ticks = (tax: 'HT' | 'TTC'): number =>
      within.filter(({ price }) => (price?.tax ?? 'HT') === tax).reduce((sum, one) => sum + one.ticks, 0);
    const vat = 1_000 + (prepared.decks.findLast(({ start }) => start <= from)?.is.vatPerMille ?? 0);
    const same = share(ticks(service.tax), 1, TICKS_PER_MICRO_EURO);
    const other = ticks(service.tax === 'HT' ? 'TTC' : 'HT');
    const [numerator, denominator] = service.tax === 'HT' ? [1_000, vat] : [vat, 1_000];
    return same + share(other, numerator, denominator * TICKS_PER_MICRO_EURO);
  };
}
