import type { GuaranteedService, Ticket } from '../../model/account-services.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { ExcusedTime } from './outage.ts';
import type { SeenOutage, SiteEvidence } from './site-evidence.ts';

/** One interruption of a service, by what its box saw and what was reported. Unix milliseconds. */
export type Incident = Interval & {
  /** The clock's first signal: what the box told or the client reported, whichever came first (G-2). */
  readonly reported: number;
  readonly restarted: number | undefined;
  readonly total: boolean;
  /** Not back yet, as far as is known. */
  readonly open: boolean;
  readonly excused: readonly ExcusedTime[];
  readonly claimed: number | undefined;
  /** Whether a clock vouches for its instants. */
  readonly dated: boolean;
};

/**
 * The interruptions of one service in order. A ticket and an outage that overlap or touch are one incident, so that a
 * report neither shortens what the box saw nor is shortened by it; the order of either list makes no difference.
 */
export function incidentsOf(
  service: GuaranteedService,
  tickets: readonly Ticket[],
  { outages, mains, portings = [] }: SiteEvidence,
): readonly Incident[] {
  const parts = [
    ...outages.filter(({ link }) => link === service.link).map(ofOutage),
    ...tickets.filter((ticket) => ticket.service === service.id).map(ofTicket),
  ];
  const announced = portings
    .filter(({ link }) => link === service.link)
    .map(({ from, to }): ExcusedTime => ({ cause: 'porting', from, to }));
  const power = mains.map(({ from, to }): ExcusedTime => ({ cause: 'mains', from, to }));
  return joined(parts).map((one) => ({
    ...one,
    excused: [...one.excused, ...service.excused, ...power, ...announced],
  }));
}

const ofOutage = ({ from, to, detected, open, unseen, dated }: SeenOutage): Incident => ({
  from,
  to,
  reported: Math.min(Math.max(from, detected), to),
  restarted: undefined,
  total: true,
  open,
  excused: unseen.map((gap): ExcusedTime => ({ cause: 'unseen', ...gap })),
  claimed: undefined,
  dated,
});

const ofTicket = ({ reported, restarted, restored, total, excused, claimed }: Ticket): Incident => ({
  from: reported,
  to: Math.max(reported, restored ?? reported),
  reported,
  restarted,
  total,
  open: restored === undefined,
  excused,
  claimed,
  dated: true,
});

function joined(parts: readonly Incident[]): readonly Incident[] {
  const all: Incident[] = [];
  for (const part of parts.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = all.at(-1);
    if (last === undefined || part.from > last.to) all.push(part);
    else all[all.length - 1] = both(last, part);
  }
  return all;
}

/** What is open ends where the other part ends it later: the box saw the return that no ticket tells of. */
const both = (a: Incident, b: Incident): Incident => ({
  from: Math.min(a.from, b.from),
  to: Math.max(a.to, b.to),
  reported: Math.min(a.reported, b.reported),
  restarted: least(a.restarted, b.restarted),
  total: a.total && b.total,
  open: isOpen(a, b),
  excused: [...a.excused, ...b.excused],
  claimed: least(a.claimed, b.claimed),
  dated: a.dated && b.dated,
});

function isOpen(a: Incident, b: Incident): boolean {
  if (a.open === b.open) return a.open;
  const [open, closed] = a.open ? [a, b] : [b, a];
  return open.to > closed.to;
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
