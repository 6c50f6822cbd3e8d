import type { LedgerRecord } from '../../../agent/model/record.ts';
import { type Millis, millis, minutes, seconds } from '../../../agent/model/units.ts';
import { available } from '../../../agent/rating/credit/available.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../agent/rating/credit/site-account.ts';
import type { Row } from '../../../provisioning/central/words.ts';
import type { Box } from './box.ts';
import { HELD, ticksOf } from './fleet.ts';
import { overspent } from './oracle.ts';
import { calm, changeAccount, type Run } from './run.ts';

export type Verdict = {
  /** What does not hold, each with the name of its invariant first. */
  readonly found: readonly string[];
  readonly calls: number;
  readonly records: number;
  /** Free credit that idle sites hold, in percent of the cap, after a quarter of an hour online. */
  readonly strandedPercent: number;
};

/** What a paid deposit adds, so that there is credit to flow; with room for the shares of idle sites. */
const DEPOSIT = 3_000_000;
const MOST_STRANDED = 10;
const QUARTER = minutes(15);

/** The invariants: first on what the storm left, then on how it comes to rest. */
export function judge(run: Run): Verdict {
  const { fleet, found } = run;
  calm(run);
  // The patience of a declined wish and of a receipt, and the hour of the running calls.
  fleet.clock.advance(minutes(3));
  money(run);
  changeAccount(run, run.cap + DEPOSIT, run.cycle);
  fleet.clock.advance(QUARTER);
  const stranded = strandedIn(run);
  if (stranded > Math.max(MOST_STRANDED, entitledIn(run)))
    found.push(`stranded: ${stranded.toFixed(1)} % of the cap lies idle`);
  flows(run);
  fleet.clock.advance(minutes(4));
  money(run);
  drains(run);
  recorded(run);
  leaks(run);
  return {
    found,
    calls: run.boxes.reduce((sum, { farEnd }) => sum + farEnd.heard().length, 0),
    records: fleet.central.rows().filter(({ keep }) => keep === 'record').length,
    strandedPercent: stranded,
  };
}

function money({ boxes, allowed, fleet, found }: Run): void {
  const why = overspent(boxes, allowed, fleet);
  if (why !== undefined) found.push(`spent ≤ cap: ${why}`);
}

/** After a deposit each site has a paid call again, whatever happened to it. */
function flows({ fleet, found }: Run): void {
  for (const [at, { farEnd, config }] of fleet.boxes.entries()) {
    const before = farEnd.heard().length;
    farEnd.call(`last-${at}`, { number: '0021620123456', ticksPerSecond: 600_000, inBundle: false }, seconds(8));
    fleet.clock.advance(LAST_CALL);
    if (farEnd.heard().length === before) found.push(`flows: ${config.device.id} has no credit after a deposit`);
  }
}
const LAST_CALL: Millis = millis(15_000);

/** U-7: what stands on a box stands in the central, byte for byte, once; and the charges are the same on both sides. */
function drains({ fleet, found, restored }: Run): void {
  for (const { disk, config } of fleet.boxes) {
    const device = config.device.id;
    const ours = fleet.central.rows().filter((row): row is Kept => row.keep === 'record' && row.device === device);
    const stores = [...disk.aside(), { epoch: disk.epoch() ?? '', rows: disk.rows() }];
    for (const { epoch, rows } of stores) {
      const theirs = ours.filter((row) => row.epoch === epoch);
      const current = epoch === disk.epoch();
      if (current && theirs.length !== rows.length)
        found.push(`drains: ${device} holds ${rows.length} records, the central ${theirs.length}`);
      if (restored.has(epoch)) continue;
      if (!theirs.every((row, index) => row.seq === index + 1 && row.body === rows[index]?.body))
        found.push(`lost or doubled: the records of ${device} differ in epoch ${epoch}`);
    }
    charges(fleet.central.rows(), disk.rows(), { device, epoch: disk.epoch() ?? '' }, found);
  }
}

type Kept = Extract<Row, { keep: 'record' }>;

/** U-1, C-3: a call is on the medium before it is let through, whatever became of the box afterwards. */
function recorded({ fleet, found, restored }: Run): void {
  for (const { disk, config, farEnd } of fleet.boxes) {
    const stores = [...disk.aside(), { epoch: disk.epoch() ?? '', rows: disk.rows() }];
    if (stores.some(({ epoch }) => restored.has(epoch))) continue;
    const admitted = stores
      .flatMap(({ rows }) => rows)
      .filter(({ body }) => body.includes('"kind":"call-admitted"')).length;
    if (farEnd.passed() > admitted)
      found.push(`lost: ${config.device.id} let ${farEnd.passed()} calls through and recorded ${admitted}`);
  }
}

function charges(
  rows: readonly Row[],
  records: readonly { readonly body: string }[],
  { device, epoch }: { device: string; epoch: string },
  found: string[],
): void {
  const charged = rows.flatMap((row) =>
    row.keep === 'charge' && row.charge.device === device && row.charge.epoch === epoch ? [row.charge.call] : [],
  );
  const ended = records.filter(
    ({ body }) => body.includes('"kind":"call-ended"') && !body.includes('"answeredAt":null'),
  );
  if (new Set(charged).size !== charged.length) found.push(`doubled: a call of ${device} is charged twice`);
  if (charged.length !== ended.length)
    found.push(`charges: ${device} ended ${ended.length} answered calls, ${charged.length} are charged`);
}

/**
 * Nothing that was lent to a living epoch is lost to its site: it would be nobody's until the month ends. A lease that an old image
 * undid is not lost: wishes are named by how many leases the site holds, so its next wish is answered with that very lease.
 */
function leaks({ fleet, found, cycle }: Run): void {
  for (const { disk, config } of fleet.boxes) {
    const text = disk.rows().map(({ body }) => body);
    const known = text.filter((body) => body.includes('"kind":"lease-received"')).length;
    for (const { lease, epoch, request } of Object.values(fleet.central.state().loans)) {
      if (epoch !== disk.epoch() || lease.cycle !== cycle || request === `${epoch}-${known + 1}`) continue;
      if (!text.some((body) => body.includes('"kind":"lease-received"') && body.includes(lease.id)))
        found.push(`leaks: ${config.device.id} never heard of the lease ${lease.id}`);
    }
  }
  const { granted, returned } = fleet.central.state().exposures[`account/${cycle}`] ?? NOTHING;
  const loans = Object.values(fleet.central.state().loans).filter(({ lease }) => lease.cycle === cycle);
  const lent = loans.reduce((sum, { lease }) => sum + lease.ticks, 0);
  const back = loans.reduce((sum, { returned: given }) => sum + given.ticks, 0);
  const off = Object.values(fleet.central.state().writeOffs).reduce(
    (sum, one) => sum + (one.cycle === cycle ? one.ticks : 0),
    0,
  );
  if (granted.ticks !== lent || returned.ticks !== back + off)
    found.push(`books: ${granted.ticks} − ${returned.ticks} ticks are out, the loans say ${lent} − ${back} − ${off}`);
}
const NOTHING = { granted: { ticks: 0 }, returned: { ticks: 0 } };

function strandedIn({ fleet, cap }: Run): number {
  const free = fleet.boxes.reduce((sum, box) => sum + available(accountOf(box)).ticks, 0);
  return (free * 100) / ticksOf(cap);
}

/** Autonomy comes before idleness: a site that has spent within the hour, as all that heard a call have, may hold a full lease (C-3). */
function entitledIn({ fleet, cap }: Run): number {
  const held = fleet.boxes.reduce((sum, { farEnd }) => sum + (farEnd.heard().length > 0 ? HELD.full : HELD.idle), 0);
  return (held * 100) / cap;
}

function accountOf({ disk, config }: Box): SiteAccount {
  const contract = contractOf(config);
  return disk.rows().reduce((account, { body }) => {
    const record: LedgerRecord = JSON.parse(body);
    return foldRecord(account, record, contract).account;
  }, emptySiteAccount());
}
