import type { Volume } from '../../agent/model/data-counted.ts';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { TICKS_PER_MICRO_EURO } from '../../agent/model/units.ts';
import type { Charge } from '../../agent/rating/credit/charge.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../../agent/rating/credit/site-account.ts';
import { sameCharges, sum } from '../demo/books.ts';
import type { WholeSite } from './whole-site.ts';

/** What the site wrote, what the central holds, and what really happened, held against each other. */
export type Books = {
  readonly hold: boolean;
  readonly calls: {
    readonly placed: number;
    readonly recorded: number;
    readonly endedTwice: number;
    readonly open: number;
    readonly emergencyRefused: number;
    readonly incomingRefused: number;
  };
  readonly records: { readonly made: number; readonly received: number; readonly setAside: number };
  readonly charges: { readonly site: number; readonly central: number; readonly equal: boolean };
  readonly ticks: { readonly spent: number; readonly lent: number; readonly cap: number };
  /** Bytes of all links: in records, and really carried. */
  readonly data: { readonly counted: number; readonly passed: number };
  readonly warnings: readonly string[];
};

export function booksOf({ site, central }: WholeSite, config: SiteConfig): Books {
  const records = site.disk.rows().map((row) => RecordSchema.parse(JSON.parse(row.body)));
  const contract = contractOf(config);
  const charges: Charge[] = [];
  let account = emptySiteAccount();
  for (const record of records) {
    const folded = foldRecord(account, record, contract);
    account = folded.account;
    if (folded.charge) charges.push(folded.charge);
  }
  const events = records.map((record) => record.event);
  const ended = events.flatMap((event) => (event.kind === 'call-ended' ? [event] : []));
  const admitted = events.flatMap((event) => (event.kind === 'call-admitted' ? [event.call] : []));
  const endedIds = ended.map((event) => event.call);
  const theirs = central.rows('charge').map((row) => row.charge);
  // What came back may have been lent again.
  const lent = Object.values(central.state().loans).reduce(
    (total, { lease, returned }) => total + lease.ticks - returned.ticks,
    0,
  );
  const spent = sum(charges);
  const cap =
    Object.values(central.state().accounts).reduce((total, entry) => total + entry.capMicroEuro, 0) *
    TICKS_PER_MICRO_EURO;
  const truth = site.voice.truth();
  const refusedByBox = (status: number | undefined): boolean => status === 403 || status === 404 || status === 503;
  const calls = {
    placed: truth.length,
    recorded: ended.length,
    endedTwice: endedIds.length - new Set(endedIds).size,
    open: admitted.filter((call) => !endedIds.includes(call)).length,
    emergencyRefused: truth.filter(({ plan, refusedWith }) => plan.class === 'emergency' && refusedByBox(refusedWith))
      .length,
    incomingRefused: truth.filter(({ plan, refusedWith }) => plan.direction === 'incoming' && refusedByBox(refusedWith))
      .length,
  };
  const received = central.rows('record').length;
  const setAside = central.rows('aside').length;
  const links = config.links.map(({ name }) => dataOf(name, events, site.counters.truth(name)));
  const equal = sameCharges(charges, theirs);
  const hold =
    calls.endedTwice === 0 &&
    calls.open === 0 &&
    calls.emergencyRefused === 0 &&
    calls.incomingRefused === 0 &&
    records.length === received &&
    setAside === 0 &&
    equal &&
    links.every(({ counted, passed }) => counted <= passed) &&
    spent <= lent &&
    lent <= cap;
  return {
    hold,
    calls,
    records: { made: records.length, received, setAside },
    charges: { site: charges.length, central: theirs.length, equal },
    ticks: { spent, lent, cap },
    data: {
      counted: links.reduce((sum, { counted }) => sum + counted, 0),
      passed: links.reduce((sum, { passed }) => sum + passed, 0),
    },
    warnings: central.warnings().map((warning) => warning.of),
  };
}

/** U-7: what one link carried by its records, and by the site itself. */
function dataOf(link: string, events: readonly LedgerEvent[], truth: Volume): Books['data'] {
  const bytes = ({ up, down }: Volume): number => up + down;
  const counted = events.reduce(
    (sum, event) =>
      event.kind === 'data-counted' && event.link === link ? sum + bytes(event.total) - bytes(event.before) : sum,
    0,
  );
  return { counted, passed: bytes(truth) };
}
