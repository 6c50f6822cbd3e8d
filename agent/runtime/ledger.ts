import type { OpenCalls } from '../machines/call/recover.ts';
import type { DataCounts } from '../machines/data-count.ts';
import type { FaxTraffic } from '../machines/fax-traffic.ts';
import type { LostLinks } from '../machines/link-watch.ts';
import type { LineBook } from '../machines/mobile-line/book.ts';
import type { Room } from '../machines/room.ts';
import { canonical } from '../model/canonical.ts';
import type { LedgerEvent, LedgerRecord } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { EpochReason } from '../ports/record-store.ts';
import type { Charge } from '../rating/credit/charge.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { runUntil } from '../rating/credit/running-time.ts';
import type { SiteAccount } from '../rating/credit/site-account.ts';
import { limitBegun, type SiteLimits } from '../rating/limits/site-limits.ts';
import { createGroupCommit, type Durable } from './group-commit.ts';
import { readClock } from './read-clock.ts';
import { recheck } from './recheck.ts';
import { fitsLedger, readStartPoint, writeStartPoint } from './start-point.ts';
import type { Turns } from './turns.ts';
import { advance, type End, emptyEnd, silenceAt, walkChain } from './walk-chain.ts';

/** The site's unalterable record and the account that follows from it (U-3, U-7). */
export interface Ledger {
  /**
   * Appends an event. It counts in the account at once, so that no credit is given twice; `durable` is called when it is
   * on the medium, and nothing that the record pays for may happen before (C-3).
   */
  append(event: LedgerEvent, durable?: () => void): void;
  account(): SiteAccount;
  /** What the records come to for the limits of the contract, and which of their actions are carried out. */
  limits(): SiteLimits;
  epoch(): string;
  /** Leases received in this epoch: the next wish is numbered after them. */
  leasesReceived(): number;
  /** The last record on the medium: its seq, 0 when there is none, and its hash. */
  durable(): Durable;
  /** Whether a paid call would leave its record: without room none may begin. */
  hasRoom(): boolean;
  /** The record that opened the cycle; what stands before it no credit depends on. 0 where no cycle is open. */
  cycleOpenedAt(): number;
  /** Calls that the records opened and have not closed. */
  openCalls(): OpenCalls;
  /** The record that moved traffic last, in this epoch. */
  lastMove(): LedgerRecord | undefined;
  /** Links that were lost when the agent was last alive. */
  lostLinks(): LostLinks;
  /** What the records say of the mains. */
  mains(): boolean | undefined;
  /** What the records say that each link carried. */
  dataCounts(): DataCounts;
  /** What the records say of the mobile line; undefined: nothing was ordered for it. */
  line(): LineBook | undefined;
  /** Faxes that the records opened and have not closed, and those sent of late. */
  faxes(): FaxTraffic;
  /** Milliseconds of running since the central was last heard, as far as the records prove it. */
  silentFor(): number;
  /** Sets the store aside and goes on in an empty one: everything leased before is void (C-3). */
  beginAgain(reason: Exclude<EpochReason, 'first'>): void;
  stop(): void;
}

type LedgerNeeds = {
  readonly ports: Pick<AgentPorts, 'store' | 'startPoint' | 'clock' | 'random' | 'sha256' | 'boot' | 'journal'>;
  readonly turns: Turns;
  readonly device: string;
  readonly contract: Contract;
  /** Names the software and the configuration that records are folded by: a start point of others is not gone on with. */
  readonly basis: string;
  /** After each append, when the account may have changed. */
  readonly changed: (charge: Charge | undefined) => void;
  readonly grown: (size: number) => void;
  readonly roomChanged?: (room: Room['at']) => void;
};

/**
 * Opens the ledger: walks the chain and folds the account, from the first record, or from a start point that fits; then
 * what stands before it is walked later, while the agent works. Where a record does not continue the one before, the
 * store is set aside and a new epoch begins.
 */
export function openLedger(needs: LedgerNeeds, ready: (ledger: Ledger) => void): void {
  const { store, sha256, startPoint, journal } = needs.ports;
  const { epoch, head, reason: wanted } = store.state();
  if (epoch === undefined) {
    const reason = head === undefined ? wanted : 'store-damaged';
    if (reason !== 'first') journal.fault('the store was set aside: a new epoch begins', { reason });
    return ready(openEpoch(needs, reason, emptyEnd('')));
  }
  const point = readStartPoint(startPoint.read(), { epoch, basis: needs.basis, sha256 });
  if (point === undefined) return walkFrom(needs, emptyEnd(epoch), ready);
  fitsLedger(point, needs.ports, (fits) => walkFrom(needs, fits ? point : emptyEnd(epoch), ready));
}

function walkFrom(needs: LedgerNeeds, from: End, ready: (ledger: Ledger) => void): void {
  const { ports, contract } = needs;
  walkChain({ ...ports, contract }, { from }, (end, damagedAt) => {
    if (damagedAt === undefined) return ready(createLedger(needs, end, from));
    ports.journal.fault('the chain of records is broken: the store is set aside and a new epoch begins', {
      code: 'ledger.damaged',
      epoch: end.epoch,
      after: end.size,
      seq: damagedAt,
    });
    ready(openEpoch(needs, 'store-damaged', end));
  });
}

/** What a new life of the store takes over from the one before. */
type Carried = {
  readonly account: Pick<SiteAccount, 'cycle' | 'suspensions'>;
  readonly limits: Pick<SiteLimits, 'inForce'>;
  readonly line: LineBook | undefined;
};

function openEpoch(needs: LedgerNeeds, reason: EpochReason, carried: Carried): Ledger {
  return createLedger(needs, emptyEnd(''), emptyEnd(''), { reason, carried });
}

/** Records after which the start point is written anew: a tenth of a second to walk, and hardly any wear. */
const POINT_EVERY = 4_096;

type Opening = { readonly reason: EpochReason; readonly carried: Carried };

/** `walkedFrom`: what stands before it was believed. `opening`: the store holds no epoch that could be gone on with. */
function createLedger(needs: LedgerNeeds, start: End, walkedFrom: End, opening?: Opening): Ledger {
  const { ports, turns, contract, changed } = needs;
  const commits = createGroupCommit({
    ports,
    turns,
    start: { size: start.size, head: start.head },
    grown(size) {
      keepPoint(POINT_EVERY);
      needs.grown(size);
    },
    roomChanged: (room) => {
      if (room === 'roomy' && unrecorded > 0) ports.journal.fault('records found no room and are lost', { unrecorded });
      if (room === 'roomy') unrecorded = 0;
      needs.roomChanged?.(room);
    },
  });
  let end = start;
  let unrecorded = 0;
  let keptAt = walkedFrom.size;

  /** Only what is on the medium: a point beyond its ledger would be of no use. */
  function keepPoint(enough: number): void {
    if (end.size - keptAt < enough || commits.durable().size !== end.size) return;
    keptAt = end.size;
    ports.startPoint.keep(writeStartPoint(end, needs.basis, ports.sha256));
  }

  function append(event: LedgerEvent, durable?: () => void): void {
    if (!commits.accepts()) {
      unrecorded += 1;
      return;
    }
    const place = { epoch: end.epoch, seq: end.size + 1, prev: end.head };
    const salt = ports.random.hex(16);
    const record: LedgerRecord = { v: 1, device: needs.device, ...place, salt, clock: readClock(ports), event };
    const body = canonical(record);
    const hash = ports.sha256(body);
    const advanced = advance(end, record, hash, { contract, store: ports.store });
    end = advanced.end;
    commits.add({ row: { seq: record.seq, body }, hash, durable });
    changed(advanced.charge);
  }

  /** A month never comes back: the new life knows the cycle of the one before, what is suspended (C-5) and what is barred. */
  function begin(reason: EpochReason, { account: { cycle, suspensions }, limits: { inForce }, line }: Carried): void {
    end = emptyEnd(ports.random.hex(8));
    keptAt = 0;
    commits.beginEpoch({ epoch: end.epoch, reason });
    append({ kind: 'epoch-opened', reason });
    if (cycle > 0) append({ kind: 'cycle-opened', cycle });
    if (suspensions.version > 0) append({ kind: 'suspensions-ordered', ...suspensions });
    for (const signal of inForce) append(limitBegun(signal));
    if (line !== undefined) append(lineCarried(line));
  }

  if (opening) begin(opening.reason, opening.carried);
  keepPoint(POINT_EVERY);
  const check = recheck({ ports, turns, contract }, walkedFrom, () => end.epoch);
  return {
    append,
    account: () => end.account,
    limits: () => end.limits,
    epoch: () => end.epoch,
    leasesReceived: () => end.leases,
    durable: commits.durable,
    hasRoom: commits.hasRoom,
    cycleOpenedAt: () => end.cycleOpenedAt,
    openCalls: () => end.openCalls,
    lastMove: () => end.lastMove,
    lostLinks: () => end.lostLinks,
    mains: () => end.mains,
    dataCounts: () => end.dataCounts,
    line: () => end.line,
    faxes: () => end.faxes,
    silentFor: () => runUntil(silenceAt(end, ports.store.state().released), readClock(ports)).ran,
    beginAgain: (reason) => begin(reason, end),
    stop() {
      keepPoint(1);
      check.stop();
      commits.stop();
    },
  };
}

const lineCarried = ({ number, terms }: LineBook): LedgerEvent => ({
  kind: 'line-ordered',
  line: number,
  ...{ order: 'carried', by: 'relais', what: 'carried', refused: null, effective: null },
  terms,
});
