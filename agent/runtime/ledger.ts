import type { Room } from '../machines/room.ts';
import { canonical } from '../model/canonical.ts';
import type { LedgerEvent, LedgerRecord } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { EpochReason } from '../ports/record-store.ts';
import type { Charge } from '../rating/credit/charge.ts';
import type { Contract } from '../rating/credit/contract.ts';
import type { SiteAccount } from '../rating/credit/site-account.ts';
import { createGroupCommit, type Durable } from './group-commit.ts';
import { readClock } from './read-clock.ts';
import type { Turns } from './turns.ts';
import { advance, type End, emptyEnd, walkChain } from './walk-chain.ts';

/** The site's unalterable record and the account that follows from it (U-3, U-7). */
export interface Ledger {
  /**
   * Appends an event. It counts in the account at once, so that no credit is given twice; `durable` is called when it is
   * on the medium, and nothing that the record pays for may happen before (C-3).
   */
  append(event: LedgerEvent, durable?: () => void): void;
  account(): SiteAccount;
  epoch(): string;
  /** Leases received in this epoch: the next wish is numbered after them. */
  leasesReceived(): number;
  /** The last record on the medium: its seq, 0 when there is none, and its hash. */
  durable(): Durable;
  /** Whether a paid call would leave its record: without room none may begin. */
  hasRoom(): boolean;
  /** The record that opened the cycle; what stands before it no credit depends on. 0 where no cycle is open. */
  cycleOpenedAt(): number;
  /** Sets the store aside and goes on in an empty one: everything leased before is void (C-3). */
  beginAgain(reason: Exclude<EpochReason, 'first'>): void;
  stop(): void;
}

type LedgerNeeds = {
  readonly ports: Pick<AgentPorts, 'store' | 'clock' | 'random' | 'sha256' | 'boot' | 'journal'>;
  readonly turns: Turns;
  readonly device: string;
  readonly contract: Contract;
  /** After each append, when the account may have changed. */
  readonly changed: (charge: Charge | undefined) => void;
  readonly grown: (size: number) => void;
  readonly roomChanged?: (room: Room['at']) => void;
};

/**
 * Opens the ledger: walks the chain from its first record, folds the account and hands every record to `visit`. Where a
 * record does not continue the one before, the store is set aside and a new epoch begins: `visit` then gets its
 * `epoch-opened`, after which nothing that it saw before counts.
 */
export function openLedger(
  needs: LedgerNeeds,
  visit: (record: LedgerRecord) => void,
  ready: (ledger: Ledger) => void,
): void {
  const { store, sha256, journal } = needs.ports;
  const { epoch, head, reason: wanted } = store.state();
  if (epoch === undefined) {
    const reason = head === undefined ? wanted : 'store-damaged';
    if (reason !== 'first') journal.fault('the store was set aside: a new epoch begins', { reason });
    return ready(openEpoch(needs, reason, { cycle: 0, visit }));
  }
  walkChain({ store, sha256, contract: needs.contract, visit }, emptyEnd(epoch), (end, damagedAt) => {
    if (damagedAt === undefined) return ready(createLedger(needs, end));
    journal.fault('the chain of records is broken: the store is set aside and a new epoch begins', {
      code: 'ledger.damaged',
      epoch,
      after: end.size,
      seq: damagedAt,
    });
    ready(openEpoch(needs, 'store-damaged', { cycle: end.account.cycle, visit }));
  });
}

type Before = { readonly cycle: number; readonly visit: (record: LedgerRecord) => void };

function openEpoch(needs: LedgerNeeds, reason: EpochReason, { cycle, visit }: Before): Ledger {
  return createLedger(needs, emptyEnd(''), { reason, cycle, visit });
}

/** `opening`: the store holds no epoch that could be gone on with. */
function createLedger(needs: LedgerNeeds, start: End, opening?: Before & { readonly reason: EpochReason }): Ledger {
  const { ports, turns, contract, changed } = needs;
  const commits = createGroupCommit({
    ports,
    turns,
    start: { size: start.size, head: start.head },
    grown: needs.grown,
    roomChanged: (room) => {
      if (room === 'roomy' && unrecorded > 0) ports.journal.fault('records found no room and are lost', { unrecorded });
      if (room === 'roomy') unrecorded = 0;
      needs.roomChanged?.(room);
    },
  });
  let end = start;
  let unrecorded = 0;

  function append(event: LedgerEvent, durable?: () => void): LedgerRecord | undefined {
    if (!commits.accepts()) {
      unrecorded += 1;
      return undefined;
    }
    const place = { epoch: end.epoch, seq: end.size + 1, prev: end.head };
    const salt = ports.random.hex(16);
    const record: LedgerRecord = { v: 1, device: needs.device, ...place, salt, clock: readClock(ports), event };
    const body = canonical(record);
    const hash = ports.sha256(body);
    const advanced = advance(end, record, hash, contract);
    end = advanced.end;
    commits.add({ row: { seq: record.seq, body }, hash, durable });
    changed(advanced.charge);
    return record;
  }

  /** A month never comes back: the new life knows the cycle of the one before. */
  function begin(reason: EpochReason, cycle: number): LedgerRecord | undefined {
    end = emptyEnd(ports.random.hex(8));
    commits.beginEpoch({ epoch: end.epoch, reason });
    const opened = append({ kind: 'epoch-opened', reason });
    if (cycle > 0) append({ kind: 'cycle-opened', cycle });
    return opened;
  }

  if (opening) {
    const opened = begin(opening.reason, opening.cycle);
    if (opened) opening.visit(opened);
  }
  return {
    append: (event, durable) => void append(event, durable),
    account: () => end.account,
    epoch: () => end.epoch,
    leasesReceived: () => end.leases,
    durable: commits.durable,
    hasRoom: commits.hasRoom,
    cycleOpenedAt: () => end.cycleOpenedAt,
    beginAgain: (reason) => void begin(reason, end.account.cycle),
    stop: commits.stop,
  };
}
