import { noteOpenCall, type OpenCalls } from '../machines/call/recover.ts';
import { type DataCounts, noteDataCount } from '../machines/data-count.ts';
import { type FaxTraffic, NO_FAXES, noteFax } from '../machines/fax-traffic.ts';
import { type LostLinks, noteLostLink } from '../machines/link-watch.ts';
import { type LineBook, noteLine } from '../machines/mobile-line/book.ts';
import { erasedHash } from '../model/erased.ts';
import { type LedgerRecord, NO_RECORD_HASH, RecordSchema } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { StoredRecord } from '../ports/record-store.ts';
import type { Charge } from '../rating/credit/charge.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { NOT_RUN, type RunningTime, runUntil } from '../rating/credit/running-time.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../rating/credit/site-account.ts';
import { emptySiteLimits, foldLimits, type SiteLimits } from '../rating/limits/site-limits.ts';
import { noteMains } from './outage-evidence.ts';

/** What the records of an epoch come to, up to one of them. */
export type End = {
  readonly epoch: string;
  readonly size: number;
  readonly head: string;
  readonly account: SiteAccount;
  /** What the calls come to for the limits of the contract, and what is carried out of them. */
  readonly limits: SiteLimits;
  readonly leases: number;
  /** Seq of the record that opened the cycle, 0 before there is one. */
  readonly cycleOpenedAt: number;
  readonly openCalls: OpenCalls;
  /** The record that moved traffic last. */
  readonly lastMove: LedgerRecord | undefined;
  /** G-6, G-7: links that the records say are lost; whether the mains are on, undefined where they say nothing. */
  readonly lostLinks: LostLinks;
  readonly mains: boolean | undefined;
  /** U-1: what each link carried, and the reading that counting goes on from. */
  readonly dataCounts: DataCounts;
  /** S-3: the mobile line as it was ordered. */
  readonly line: LineBook | undefined;
  /** faxes that are under way, and those sent of late. */
  readonly faxes: FaxTraffic;
  /** How long the box has run since the last record that the central had received by then (C-3). */
  readonly silence: RunningTime;
};

type Needs = Pick<AgentPorts, 'store' | 'sha256'> & {
  readonly contract: Contract;
};

export type Walk = {
  readonly from: End;
  /** Stops behind this record; without it at the last one. */
  readonly upTo?: number;
  /** Records read at a time, and what lets others have their turn between two reads. */
  readonly chunk?: number;
  readonly breathe?: (goOn: () => void) => void;
};

const CHUNK = 500;

export const emptyEnd = (epoch: string): End => ({
  epoch,
  size: 0,
  head: NO_RECORD_HASH,
  account: emptySiteAccount(),
  limits: emptySiteLimits(),
  leases: 0,
  cycleOpenedAt: 0,
  openCalls: new Map(),
  lastMove: undefined,
  lostLinks: new Map(),
  mains: undefined,
  dataCounts: new Map(),
  line: undefined,
  faxes: NO_FAXES,
  silence: NOT_RUN,
});

/** Walks the chain after `from`; `damagedAt` is the seq of the first record that does not continue it (U-3). */
export function walkChain(needs: Needs, walk: Walk, done: (end: End, damagedAt: number | undefined) => void): void {
  const { from, upTo = Number.MAX_SAFE_INTEGER, chunk = CHUNK, breathe = (goOn) => goOn() } = walk;
  const limit = Math.min(chunk, upTo - from.size);
  needs.store.read(from.size + 1, limit, (stored) => {
    let end = from;
    for (const row of stored) {
      const next = afterRow(needs, end, row);
      if (next === undefined) return done(end, row.seq);
      end = next;
    }
    if (stored.length < limit || end.size === upTo) done(end, undefined);
    else breathe(() => walkChain(needs, { ...walk, from: end }, done));
  });
}

export type Advanced = { readonly end: End; readonly charge: Charge | undefined };

/** The end after one more record, whose bytes have that hash, and the charge when it ends a call. */
export function advance(
  end: End,
  record: LedgerRecord,
  hash: string,
  { contract, store }: Omit<Needs, 'sha256'>,
): Advanced {
  const folded = foldRecord(end.account, record, contract);
  const { account, charge } = folded;
  const next: End = {
    ...end,
    size: record.seq,
    head: hash,
    account,
    limits: foldLimits(end.limits, record, folded, contract),
    leases: end.leases + (record.event.kind === 'lease-received' ? 1 : 0),
    cycleOpenedAt: account.cycle === end.account.cycle ? end.cycleOpenedAt : record.seq,
    openCalls: noteOpenCall(end.openCalls, record),
    lastMove: record.event.kind === 'traffic-moved' ? record : end.lastMove,
    lostLinks: noteLostLink(end.lostLinks, record),
    mains: noteMains(end.mains, record),
    dataCounts: noteDataCount(end.dataCounts, record),
    line: noteLine(end.line, record),
    faxes: noteFax(end.faxes, record),
    silence: runUntil(silenceAt(end, store.state().released), record.clock),
  };
  return { end: next, charge };
}

/** What the central had received by its last receipt was written before it was last heard. */
export const silenceAt = ({ size, silence }: End, released: number): RunningTime =>
  size <= released ? { ...silence, ran: 0 } : silence;

/** Of an erased record only its hash is left; the record after it says whether that is the right one. */
function afterRow(needs: Needs, end: End, { seq, body }: StoredRecord): End | undefined {
  if (seq !== end.size + 1) return undefined;
  const erased = erasedHash(body);
  if (erased !== undefined) return { ...end, size: seq, head: erased };
  const record = readBody(body);
  if (record === undefined || record.seq !== seq || record.prev !== end.head || record.epoch !== end.epoch)
    return undefined;
  return advance(end, record, needs.sha256(body), needs).end;
}

function readBody(body: string): LedgerRecord | undefined {
  try {
    return RecordSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
