import { createHash } from 'node:crypto';
import { type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import { TICKS_PER_MICRO_EURO } from '../../agent/model/units.ts';
import { type BoxReport, type CentralReport, sameCharges, sum } from '../demo/books.ts';
import type { Check } from '../demo/verdict.ts';
import type { KeptRecord } from './central-store.ts';
import { judgeCalls } from './judge-calls.ts';
import type { MadeCall } from './office.ts';
import type { Sites, SoakBox } from './sites.ts';
import type { Outage } from './victim.ts';

/** What one box says of itself, asked from outside after the last blow. */
export type BoxBooks = {
  readonly box: SoakBox;
  /** Its ledger, as the bytes that were hashed. */
  readonly bodies: readonly string[];
  readonly report: BoxReport;
  readonly outages: readonly Outage[];
};

type ReportedDevice = CentralReport['devices'][number] & { readonly device: string; readonly returnedTicks: number };

export type Evidence = {
  readonly sites: Sites;
  readonly boxes: readonly BoxBooks[];
  readonly kept: readonly KeptRecord[];
  readonly central: Omit<CentralReport, 'devices'> & { readonly devices: readonly ReportedDevice[] };
  readonly calls: readonly MadeCall[];
  readonly complaints: readonly string[];
};

/** U-7, C-1, C-3, R-10: the sums at the end of a soak, each as a check that says what was found. */
export function judge(evidence: Evidence): readonly Check[] {
  const { boxes, kept, central } = evidence;
  const ours = boxes.flatMap(({ report }) => report.charges);
  const records = boxes.flatMap(({ bodies }) => bodies.map((body) => RecordSchema.parse(JSON.parse(body))));
  const asideCount = central.devices.reduce((total, { setAside }) => total + setAside, 0);
  return [
    ...boxes.map((one) => sameBytes(one, kept)),
    {
      name: 'nothing beyond the boxes’ records is in the central, and nothing is set aside',
      holds: kept.length === records.length && asideCount === 0,
      found: `${kept.length} in the central, ${records.length} on the boxes, ${asideCount} set aside`,
    },
    {
      name: 'charges of the central = the boxes’ own fold, to the tick',
      holds: ours.length > 0 && sameCharges(ours, central.charges),
      found: `${ours.length} and ${central.charges.length} charges, ${sum(ours)} and ${sum(central.charges)} ticks`,
    },
    ...judgeCalls(evidence.calls, records, boxes, central.charges),
    ...leaseChecks(evidence, records),
    {
      name: 'nobody was taken for a forger: no conflict, no fork, no foreign lease, no damaged store',
      holds: evidence.complaints.length === 0,
      found: evidence.complaints.length === 0 ? 'nothing' : evidence.complaints.slice(0, 5).join('; '),
    },
  ];
}

function sameBytes({ box, bodies }: BoxBooks, kept: readonly KeptRecord[]): Check {
  const theirs = kept.filter(({ device }) => device === box.device);
  const epochs = new Set(theirs.map(({ epoch }) => epoch)).size;
  const digest = (texts: readonly string[]): string => createHash('sha256').update(texts.join('\n')).digest('hex');
  const same = digest(bodies) === digest(theirs.map(({ body }) => body));
  return {
    name: `${box.device}: every record is in the central exactly once, byte for byte`,
    holds: same && epochs === 1 && theirs.length === bodies.length,
    found: `${bodies.length} on the box, ${theirs.length} in the central, ${epochs} epoch(s)`,
  };
}

function leaseChecks({ sites, boxes, central }: Evidence, records: readonly LedgerRecord[]): readonly Check[] {
  const accounts = [...new Set(sites.boxes.map(({ account }) => account))];
  const cap = sites.capMicroEuro * TICKS_PER_MICRO_EURO;
  const lent = accounts.map((account) => {
    const devices = sites.boxes.filter((box) => box.account === account).map(({ device }) => device);
    const theirs = central.devices.filter(({ device }) => devices.includes(device));
    const charged = boxes.filter(({ box }) => box.account === account).flatMap(({ report }) => report.charges);
    return {
      account,
      out: theirs.reduce((total, { grantedTicks, returnedTicks }) => total + grantedTicks - returnedTicks, 0),
      spent: sum(charged),
    };
  });
  const twice = doubled(records);
  return [
    {
      name: 'spent ≤ lent ≤ cap, in every account',
      holds: lent.every(({ out, spent }) => spent <= out && out <= cap),
      found: lent.map(({ account, spent, out }) => `${account}: ${spent} ≤ ${out} ≤ ${cap}`).join('; '),
    },
    {
      name: 'no lease was taken twice',
      holds: twice.length === 0,
      found: twice.length === 0 ? `${leasesOf(records).length} leases` : twice.join(', '),
    },
  ];
}

const leasesOf = (records: readonly LedgerRecord[]): readonly string[] =>
  records.flatMap(({ event }) => (event.kind === 'lease-received' ? [event.lease.id] : []));

function doubled(records: readonly LedgerRecord[]): readonly string[] {
  const leases = leasesOf(records);
  return leases.filter((lease, index) => leases.indexOf(lease) !== index);
}
