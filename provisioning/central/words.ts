import type { Hello, LeaseRequest, Records, Telemetry } from '../../agent/model/messages.ts';
import { type Lease, NO_RECORD_HASH } from '../../agent/model/record.ts';
import type { Exposure } from '../../agent/rating/credit/account-cap.ts';
import type { Charge } from '../../agent/rating/credit/charge.ts';
import type { Contract } from '../../agent/rating/credit/contract.ts';
import type { Credit } from '../../agent/rating/credit/credit.ts';
import { emptySiteAccount, type SiteAccount } from '../../agent/rating/credit/site-account.ts';
import type { LineOrder } from '../registry/line-orders.ts';
import type { WriteOffOrder } from '../registry/registry.ts';
import type { Suspension } from '../registry/suspensions.ts';
import type { Trouble } from './troubles.ts';
import type { CheckpointCame, Countersignature, Witness } from './witness.ts';
import type { WriteOff } from './written-off.ts';

/** A device that an order was issued for, and the contract of each configuration that was ever signed for it. */
export type Enrolled = {
  readonly tenant: string;
  readonly device: string;
  readonly account: string;
  readonly contracts: ReadonlyMap<number, Contract>;
};
/** By device. */
export type Book = ReadonlyMap<string, Enrolled>;

/** What the core is told of the world; it reads nothing by itself. */
export type World = {
  readonly book: Book;
  readonly sha256hex: (text: string) => string;
  readonly witness: Witness;
  /** What the mobile lines of boxes were ordered to do, by device, oldest first; their codes are kept nowhere else (S-8). */
  readonly lineOrders?: ReadonlyMap<string, readonly LineOrder[]>;
};

/** One epoch of one device: the prefix of its chain that is held, and what that prefix comes to. */
export type Stream = {
  readonly size: number;
  readonly head: string;
  /** The configuration that the latest `booted` record names. */
  readonly configVersion: number | undefined;
  /** The device wrote of a lease that it was not given: nothing that it returns is believed any more. */
  readonly disputed: boolean;
  readonly account: SiteAccount;
};

/** A lease that was granted. What is granted counts as spent until the site itself gives it back (C-3). */
export type Loan = {
  readonly lease: Lease;
  readonly device: string;
  readonly epoch: string;
  readonly request: string;
  /** Size of the stream at the grant: only a later record can speak of the lease. */
  readonly grantedAfter: number;
  readonly returned: Credit;
};

export type AccountEntry = { readonly capMicroEuro: number; readonly cycle: number };

/** A device that was heard of: what is held of the epoch that it named last, and which cycle of its account is open. */
export type Greeted = {
  readonly device: string;
  readonly epoch: string;
  readonly size: number;
  readonly head: string;
  readonly cycle: number;
};

/**
 * Plain data that survives JSON, rebuilt from what the store keeps. Nothing that is decided for one account depends on
 * another: the service holds a state for each account, simulated time one for all.
 */
export type CentralState = {
  /** By `streamKey`. */
  readonly streams: Readonly<Record<string, Stream>>;
  /** The epoch that each device named when it last said hello. */
  readonly greeted: Readonly<Record<string, string>>;
  /** By the lease's id. */
  readonly loans: Readonly<Record<string, Loan>>;
  /** By `exposureKey`. */
  readonly exposures: Readonly<Record<string, Exposure>>;
  readonly accounts: Readonly<Record<string, AccountEntry>>;
  /** By the order's id. */
  readonly writeOffs: Readonly<Record<string, WriteOff>>;
  /** The verifier key of each device, as it was first named. */
  readonly deviceKeys: Readonly<Record<string, string>>;
  /** Unix seconds of the newest countersignature; by `streamKey`. */
  readonly countersignedAt: Readonly<Record<string, number>>;
  /** Size of the checkpoint that contradicts the records; by `streamKey`. */
  readonly forked: Readonly<Record<string, number>>;
  /** C-5: by id; lifted ones stay. */
  readonly suspensions: Readonly<Record<string, Suspension>>;
  /** Counts orders and liftings, so that a site knows the newer message. */
  readonly suspensionChanges: number;
  /** S-1, S-11: orders for a mobile line that its box's own record says are over, by device. */
  readonly lineOrdersOver: Readonly<Record<string, readonly string[]>>;
};

export type CentralInput =
  | { readonly on: 'hello-came'; readonly site: Enrolled; readonly hello: Hello; readonly now: number }
  | {
      readonly on: 'records-came';
      readonly site: Enrolled;
      readonly records: Records;
      /** Hashes of the records that are held already, from `records.from` on (see `alreadyHeld`). */
      readonly held: readonly string[];
      readonly now: number;
    }
  | { readonly on: 'lease-requested'; readonly site: Enrolled; readonly request: LeaseRequest; readonly now: number }
  | CheckpointCame
  | { readonly on: 'telemetry-came'; readonly site: Enrolled; readonly telemetry: Telemetry; readonly now: number }
  | { readonly on: 'message-unreadable'; readonly topic: string; readonly why: string }
  /** The broker can be reached, after it could not: what was sent to the central in between is lost. */
  | { readonly on: 'link-came-up'; readonly greeted: readonly Greeted[]; readonly now: number }
  | { readonly on: 'written-off'; readonly site: Enrolled; readonly order: WriteOffOrder; readonly now: number }
  /** Every order of the operator's book for an account, also those that were known (C-5). */
  | {
      readonly on: 'suspensions-changed';
      readonly account: string;
      readonly suspensions: readonly Suspension[];
      readonly now: number;
    }
  /** The operator's book of orders for mobile lines, which the world holds, has changed for this account. */
  | { readonly on: 'line-orders-changed'; readonly account: string; readonly now: number }
  | { readonly on: 'account-changed'; readonly account: string; readonly entry: AccountEntry; readonly now: number };

/** Why a record was not taken. */
export type Refusal =
  | 'gap'
  | 'conflict'
  | 'chain-broken'
  | 'not-canonical'
  | 'misplaced'
  | 'unknown-config'
  | 'unratable';

/** Something that somebody should read; it changes nothing by itself. */
export type Warning =
  | { readonly of: 'message-unreadable'; readonly topic: string; readonly why: string }
  | { readonly of: 'record-refused'; readonly device: string; readonly seq: number; readonly why: Refusal }
  | { readonly of: 'rolled-back' | 'forked'; readonly device: string; readonly held: number; readonly told: number }
  | { readonly of: 'foreign-lease'; readonly device: string; readonly seq: number; readonly lease: string }
  | {
      readonly of: 'return-refused' | 'return-written-off';
      readonly device: string;
      readonly seq: number;
      readonly lease: string;
    }
  | { readonly of: 'lease-refused'; readonly device: string; readonly request: string; readonly why: string }
  | { readonly of: 'write-off-refused'; readonly device: string; readonly epoch: string; readonly why: string }
  | { readonly of: 'account-unknown'; readonly device: string; readonly account: string }
  | { readonly of: 'checkpoint-refused'; readonly device: string; readonly size: number; readonly why: string }
  | { readonly of: 'checkpoint-forked'; readonly device: string; readonly size: number; readonly root: string }
  | { readonly of: 'device-key-refused'; readonly device: string; readonly key: string }
  | { readonly of: 'cycle-refused'; readonly account: string; readonly cycle: number };

/** What is kept: all rows of one step in one transaction, or none. */
export type Row =
  | {
      readonly keep: 'record';
      readonly device: string;
      readonly epoch: string;
      readonly seq: number;
      readonly hash: string;
      readonly body: string;
      readonly at: number;
    }
  | {
      readonly keep: 'charge';
      readonly charge: Charge;
      readonly account: string;
      readonly cycle: number;
      readonly configVersion: number;
    }
  /** The record behind a charge is disputed: it goes on no invoice before somebody has looked. */
  | { readonly keep: 'hold'; readonly device: string; readonly epoch: string; readonly seq: number }
  | {
      readonly keep: 'aside';
      readonly device: string;
      readonly epoch: string;
      readonly seq: number;
      readonly hash: string;
      readonly body: string;
      readonly why: Refusal;
      readonly at: number;
    }
  | { readonly keep: 'loan'; readonly loan: Loan; readonly at: number }
  | { readonly keep: 'return'; readonly lease: string; readonly returned: Credit }
  | { readonly keep: 'write-off'; readonly writeOff: WriteOff; readonly at: number }
  | { readonly keep: 'account'; readonly account: string; readonly entry: AccountEntry; readonly at: number }
  | { readonly keep: 'greeting'; readonly hello: Hello; readonly at: number }
  | { readonly keep: 'device-key'; readonly device: string; readonly key: string; readonly at: number }
  | ({ readonly keep: 'countersignature' } & Countersignature)
  | {
      readonly keep: 'fork';
      readonly device: string;
      readonly epoch: string;
      readonly size: number;
      /** What the records that are held come to at that size, in hex. */
      readonly root: string;
      /** A countersigned checkpoint of the same log that the other one contradicts; empty when there is none. */
      readonly ours: string;
      readonly theirs: string;
      readonly at: number;
    }
  | { readonly keep: 'telemetry'; readonly telemetry: Telemetry; readonly at: number }
  | { readonly keep: 'suspension'; readonly suspension: Suspension; readonly at: number }
  /** C-5: the device's own record says that it carries the orders of that version out. */
  | { readonly keep: 'suspension-applied'; readonly device: string; readonly version: number; readonly at: number }
  /** Counted by device and kind; the newest stays. */
  | ({ readonly keep: 'trouble' } & Trouble);

export type CentralEffect =
  | { readonly do: 'keep'; readonly row: Row }
  /** Sent only after the rows of the same step are durable. */
  | { readonly do: 'send'; readonly topic: string; readonly payload: string }
  | { readonly do: 'warn'; readonly warning: Warning };

export type Answer = readonly [CentralState, readonly CentralEffect[]];

export const emptyCentral = (): CentralState => ({
  ...{ streams: {}, greeted: {}, loans: {}, exposures: {}, accounts: {}, writeOffs: {} },
  ...{ deviceKeys: {}, countersignedAt: {}, forked: {} },
  ...{ suspensions: {}, suspensionChanges: 0, lineOrdersOver: {} },
});

export const emptyStream = (): Stream => ({
  size: 0,
  head: NO_RECORD_HASH,
  configVersion: undefined,
  disputed: false,
  account: emptySiteAccount(),
});

export const streamKey = (device: string, epoch: string): string => `${device}/${epoch}`;
export const exposureKey = (account: string, cycle: number): string => `${account}/${cycle}`;

export const keep = (row: Row): CentralEffect => ({ do: 'keep', row });
export const warn = (warning: Warning): CentralEffect => ({ do: 'warn', warning });
