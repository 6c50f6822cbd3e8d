import { afterGrant, afterReturn, emptyExposure } from '../../agent/rating/credit/account-cap.ts';
import { NO_CREDIT } from '../../agent/rating/credit/credit.ts';
import { takeBody } from './intake.ts';
import {
  type AccountEntry,
  type CentralState,
  emptyCentral,
  emptyStream,
  exposureKey,
  type Loan,
  streamKey,
  type World,
} from './words.ts';
import type { WriteOff } from './written-off.ts';

/** What the store keeps beside the records; of each account and each device the newest entry. */
export type Books = {
  readonly accounts: Readonly<Record<string, AccountEntry>>;
  readonly greeted: Readonly<Record<string, string>>;
  readonly loans: readonly Omit<Loan, 'returned'>[];
  readonly writeOffs: readonly WriteOff[];
} & Pick<CentralState, 'deviceKeys' | 'countersignedAt' | 'forked'>;

export type KeptRecord = {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
};

/** The state before any record is folded again: everything that was lent and not written off is out, nothing has come back. */
export function restoreBooks({ loans, writeOffs, ...books }: Books): CentralState {
  const exposures = { ...emptyCentral().exposures };
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
  return { ...books, writeOffs: Object.fromEntries(written), streams: {}, loans: Object.fromEntries(lent), exposures };
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
