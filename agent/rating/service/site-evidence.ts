import type { LedgerRecord } from '../../model/record.ts';
import type { Interval } from '../calendar/intervals.ts';
import { type Dated, datedEpochs } from './dated-records.ts';

/** One outage as the box saw it. Unix milliseconds. */
export type SeenOutage = Interval & {
  /** The link that was lost; absent: the last one of the site, so that nothing passed at all. */
  readonly link: string | undefined;
  /** When the box told of it first: the incident is open from here on (G-2). */
  readonly detected: number;
  /** Its end is not known: `to` is the last that the records say. */
  readonly open: boolean;
  /** Times in which the box had no power and saw nothing. */
  readonly unseen: readonly Interval[];
  /** False where no clock of that boot was ever set: nothing can be charged on such an instant. */
  readonly dated: boolean;
};

/** What the records of one box prove of its outages (G-6), in order, when the UPS saw no mains (G-7), and what was announced. */
export type SiteEvidence = {
  readonly outages: readonly SeenOutage[];
  readonly mains: readonly Interval[];
  /** S-10: interruptions of a link that its porting day announced: no failures of it. */
  readonly portings?: readonly (Interval & { readonly link: string })[];
};

type Open = Omit<SeenOutage, 'to' | 'open'>;
type Fold = {
  readonly links: Map<string, Open>;
  readonly outages: SeenOutage[];
  readonly mains: Interval[];
  readonly portings: (Interval & { readonly link: string })[];
  site: Open | undefined;
  mainsLost: number | undefined;
};

/**
 * The outages of one box from its records, in whatever order and however often they came (R-10, U-7). Instants come from
 * the monotonic clock, set by the nearest record of the same boot whose wall clock was synchronized (U-1). An outage that
 * a restart of the agent lies in goes on; where the box itself was off, that time is marked as not seen. An epoch that
 * ends leaves its outages open at its last record.
 */
export function siteEvidence(records: readonly LedgerRecord[]): SiteEvidence {
  const outages: SeenOutage[] = [];
  const mains: Interval[] = [];
  const portings: Fold['portings'] = [];
  for (const epoch of datedEpochs(records)) {
    const fold: Fold = { links: new Map(), outages, mains, portings, site: undefined, mainsLost: undefined };
    let before: Dated | undefined;
    for (const dated of epoch) {
      note(fold, dated, before);
      before = dated;
    }
    if (before !== undefined) leaveOpen(fold, before.at);
  }
  return {
    outages: outages.toSorted(inOrder),
    mains: mains.toSorted((a, b) => a.from - b.from || a.to - b.to),
    ...(portings.length > 0 && { portings: portings.toSorted((a, b) => a.from - b.from || a.to - b.to) }),
  };
}

const inOrder = (a: SeenOutage, b: SeenOutage): number =>
  a.from - b.from || a.to - b.to || ((a.link ?? '') < (b.link ?? '') ? -1 : 1);

function note(fold: Fold, dated: Dated, before: Dated | undefined): void {
  const { event, clock } = dated.record;
  const since = (mono: number): number => dated.at - (clock.mono - mono);
  switch (event.kind) {
    case 'booted':
      if (before !== undefined && before.record.clock.boot !== clock.boot)
        unseen(fold, { from: before.at, to: dated.at });
      return;
    case 'link-lost':
      return lost(fold, event, { from: since(event.since), detected: dated.at, dated: dated.sure });
    case 'link-returned':
      return returned(fold, event.link, since(event.since));
    case 'number-ported':
      if (event.until > event.at) fold.portings.push({ link: event.link, from: event.at, to: event.until });
      return;
    case 'mains-lost':
      fold.mainsLost ??= dated.at;
      return;
    case 'mains-returned':
      if (fold.mainsLost !== undefined && fold.mainsLost < dated.at)
        fold.mains.push({ from: fold.mainsLost, to: dated.at });
      fold.mainsLost = undefined;
      return;
    default:
      return;
  }
}

type Lost = Pick<Open, 'from' | 'detected' | 'dated'>;

/** Told again it is the same outage; after a restart of the box `since` is only when it was seen again. */
function lost(fold: Fold, { link, standing }: { link: string; standing: readonly string[] }, told: Lost): void {
  const known = fold.links.get(link);
  if (known === undefined) fold.links.set(link, { link, ...told, unseen: [] });
  if (standing.length > 0 || fold.site !== undefined) return;
  const from = [...fold.links.values()].reduce((latest, open) => Math.max(latest, open.from), 0);
  fold.site = { link: undefined, ...told, from, unseen: [] };
}

function returned(fold: Fold, link: string, at: number): void {
  const open = fold.links.get(link);
  if (open === undefined) return;
  fold.links.delete(link);
  ended(fold, open, at, false);
  if (fold.site !== undefined) ended(fold, fold.site, at, false);
  fold.site = undefined;
}

function unseen(fold: Fold, gap: Interval): void {
  if (gap.to <= gap.from) return;
  for (const [link, open] of fold.links) fold.links.set(link, { ...open, unseen: [...open.unseen, gap] });
  if (fold.site !== undefined) fold.site = { ...fold.site, unseen: [...fold.site.unseen, gap] };
}

function leaveOpen(fold: Fold, at: number): void {
  for (const open of fold.links.values()) ended(fold, open, at, true);
  if (fold.site !== undefined) ended(fold, fold.site, at, true);
  if (fold.mainsLost !== undefined && fold.mainsLost < at) fold.mains.push({ from: fold.mainsLost, to: at });
}

/** A link that had answered again before the other one was lost never left the site alone: nothing remains of that. */
function ended(fold: Fold, open: Open, to: number, isOpen: boolean): void {
  if (to > open.from) fold.outages.push({ ...open, to, open: isOpen });
}
