import { canonical } from '../model/canonical.ts';
import { Fault } from '../model/fault.ts';
import { type ClockBlock, type LedgerEvent, type LedgerRecord, NO_RECORD_HASH, RecordSchema } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { StoredRecord } from '../ports/record-store.ts';
import type { Charge } from '../rating/credit/charge.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../rating/credit/site-account.ts';
import { readClock } from './read-clock.ts';
import type { Turns } from './turns.ts';

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
  durable(): { readonly size: number; readonly head: string };
}

type LedgerNeeds = {
  readonly ports: Pick<AgentPorts, 'store' | 'clock' | 'random' | 'sha256' | 'boot'>;
  readonly turns: Turns;
  readonly device: string;
  readonly contract: Contract;
  /** After each append, when the account may have changed. */
  readonly changed: (charge: Charge | undefined) => void;
  readonly grown: (size: number) => void;
};

const CHUNK = 500;

/**
 * Opens the ledger: walks the chain from its first record, folds the account and hands every record to `visit`.
 * @throws Fault `ledger.damaged` when a record does not continue the one before.
 */
export function openLedger(
  needs: LedgerNeeds,
  visit: (record: LedgerRecord) => void,
  ready: (ledger: Ledger) => void,
): void {
  const { store, random } = needs.ports;
  const epoch = store.state().epoch;
  if (epoch === undefined) {
    const drawn = random.hex(8);
    store.openEpoch(drawn, () => {
      const ledger = createLedger(needs, {
        epoch: drawn,
        size: 0,
        head: NO_RECORD_HASH,
        account: emptySiteAccount(),
        leases: 0,
      });
      ledger.append({ kind: 'epoch-opened', reason: 'first' });
      ready(ledger);
    });
    return;
  }
  walk(needs, { epoch, size: 0, head: NO_RECORD_HASH, account: emptySiteAccount(), leases: 0 }, visit, (end) =>
    ready(createLedger(needs, end)),
  );
}

type End = {
  readonly epoch: string;
  readonly size: number;
  readonly head: string;
  readonly account: SiteAccount;
  readonly leases: number;
};

function walk(needs: LedgerNeeds, from: End, visit: (record: LedgerRecord) => void, done: (end: End) => void): void {
  const { store, sha256 } = needs.ports;
  store.read(from.size + 1, CHUNK, (stored) => {
    let end = from;
    for (const { seq, body } of stored) {
      const record = readRecord(body, end, seq);
      visit(record);
      const { account } = foldRecord(end.account, record, needs.contract);
      end = { ...end, size: seq, head: sha256(body), account, leases: end.leases + leaseIn(record.event) };
    }
    if (stored.length < CHUNK) done(end);
    else walk(needs, end, visit, done);
  });
}

const leaseIn = (event: LedgerEvent): number => (event.kind === 'lease-received' ? 1 : 0);

function readRecord(body: string, end: End, seq: number): LedgerRecord {
  const record = RecordSchema.safeParse(JSON.parse(body));
  const { success, data } = record;
  if (!success || seq !== end.size + 1 || data.seq !== seq || data.prev !== end.head || data.epoch !== end.epoch) {
    throw new Fault('ledger.damaged', { epoch: end.epoch, after: end.size, seq });
  }
  return data;
}

function createLedger(needs: LedgerNeeds, end: End): Ledger {
  const { ports, turns, contract } = needs;
  let { account, head, leases } = end;
  let size = end.size;
  let durable = { size: end.size, head: end.head };
  let waiting: { readonly row: StoredRecord; readonly head: string; readonly durable: (() => void) | undefined }[] = [];
  let committing = false;

  /** Group commit: what came while the last group was being written makes the next one. */
  const commit = (): void => {
    if (committing || waiting.length === 0) return;
    const group = waiting;
    waiting = [];
    committing = true;
    ports.store.append(
      group.map((entry) => entry.row),
      () =>
        turns(() => {
          committing = false;
          const last = group.at(-1);
          if (last) durable = { size: last.row.seq, head: last.head };
          commit();
          for (const entry of group) entry.durable?.();
          needs.grown(durable.size);
        }),
    );
  };

  return {
    append(event, whenDurable) {
      const record = compose(needs, { epoch: end.epoch, seq: size + 1, prev: head }, readClock(ports), event);
      const body = canonical(record);
      size = record.seq;
      head = ports.sha256(body);
      const folded = foldRecord(account, record, contract);
      account = folded.account;
      leases += leaseIn(event);
      waiting.push({ row: { seq: size, body }, head, durable: whenDurable });
      // The group closes with the turn: everything that one piece of news leaves behind is one commit.
      turns(commit);
      needs.changed(folded.charge);
    },
    account: () => account,
    epoch: () => end.epoch,
    leasesReceived: () => leases,
    durable: () => durable,
  };
}

function compose(
  needs: LedgerNeeds,
  place: Pick<LedgerRecord, 'epoch' | 'seq' | 'prev'>,
  clock: ClockBlock,
  event: LedgerEvent,
): LedgerRecord {
  return { v: 1, device: needs.device, ...place, salt: needs.ports.random.hex(16), clock, event };
}
