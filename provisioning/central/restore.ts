import { afterGrant, afterReturn, emptyExposure } from '../../agent/rating/credit/account-cap.ts';
import { NO_CREDIT } from '../../agent/rating/credit/credit.ts';
import { takeBody } from './intake.ts';
import {
  type AccountEntry,
  type CentralState,
  emptyStream,
  exposureKey,
  type Loan,
  streamKey,
  type World,
} from './words.ts';
import type { WriteOff } from './written-off.ts';

/** What the store keeps beside the records, or what is new of it; of each account and each device the newest entry. */
export type Books = {
  readonly accounts: Readonly<Record<string, AccountEntry>>;
  readonly greeted: Readonly<Record<string, string>>;
  readonly loans: readonly Omit<Loan, 'returned'>[];
  readonly writeOffs: readonly WriteOff[];
  readonly suspensions: CentralState['suspensions'];
  /** Rows of orders and liftings: their rank is the version of what is ordered (C-5). */
  readonly suspensionChanges: number;
} & Pick<CentralState, 'deviceKeys' | 'countersignedAt' | 'forked'>;

export type KeptRecord = {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
};

/** The state with more of the books in it: what was lent and not written off is out, and nothing of it has come back yet. */
export function addBooks(state: CentralState, { loans, writeOffs, ...books }: Books): CentralState {
  const exposures = { ...state.exposures };
  for (const { lease } of loans) {
    const key = exposureKey(lease.account, lease.cycle);
    exposures[key] = afterGrant(exposures[key] ?? emptyExposure(), lease);
  }
  for (const row of writeOffs) {
    const key = exposureKey(row.account, row.cycle);
    exposures[key] = afterReturn(exposures[key] ?? emptyExposure(), row);
  }
  const lent = loans.map((loan) => [loan.lease.id, { ...loan, returned: NO_CREDIT }] as const);
  const written = writeOffs.map((row) => [row.id, row] as const);
  return {
    ...state,
    accounts: { ...state.accounts, ...books.accounts },
    greeted: { ...state.greeted, ...books.greeted },
    deviceKeys: { ...state.deviceKeys, ...books.deviceKeys },
    countersignedAt: { ...state.countersignedAt, ...books.countersignedAt },
    forked: { ...state.forked, ...books.forked },
    suspensions: { ...state.suspensions, ...books.suspensions },
    suspensionChanges: state.suspensionChanges + books.suspensionChanges,
    loans: { ...state.loans, ...Object.fromEntries(lent) },
    writeOffs: { ...state.writeOffs, ...Object.fromEntries(written) },
    exposures,
  };
}

/**
 * Folds a kept record again, each stream in its own order. The rows that it would leave are there already.
 * Undefined when it does not continue the chain or its configuration is not in the book.
 */
export function refold(state: CentralState, kept: KeptRecord, world: World): CentralState | undefined {
  const site = world.book.get(kept.device);
  if (site === undefined) return undefined;
  const key = streamKey(kept.device, kept.epoch);
  const candidate = { body: kept.body, site, epoch: kept.epoch, seq: kept.seq };
  const taken = takeBody(state, state.streams[key] ?? emptyStream(), candidate, world);
  if (!taken.taken || taken.hash !== kept.hash) return undefined;
  return { ...taken.state, streams: { ...taken.state.streams, [key]: taken.stream } };
}
