import { afterReturn, emptyExposure } from '../../agent/rating/credit/account-cap.ts';
import { type Credit, less, NO_CREDIT, plus } from '../../agent/rating/credit/credit.ts';
import { inviteWishes } from './recalls.ts';
import {
  type Answer,
  type CentralInput,
  type CentralState,
  emptyStream,
  exposureKey,
  keep,
  streamKey,
  type World,
  warn,
} from './words.ts';
import type { WriteOff } from './written-off.ts';

type WrittenOff = Extract<CentralInput, { on: 'written-off' }>;

/**
 * C-3: support takes it on itself that an epoch will never speak again: what was lent to it in the open cycle, and what its
 * records do not show as spent, is free for others. Should it speak again, what it still spends of it is beyond the cap:
 * at most the amount that is written down here. The same order twice is carried out once.
 */
export function writeOff(state: CentralState, { site, order, now }: WrittenOff, world: World): Answer {
  const { device, epoch } = order;
  const cycle = state.accounts[site.account]?.cycle;
  if (state.writeOffs[order.id] !== undefined || cycle === undefined) return [state, []];
  const stream = state.streams[streamKey(device, epoch)] ?? emptyStream();
  const loans = Object.values(state.loans).filter(
    (loan) =>
      loan.device === device &&
      loan.epoch === epoch &&
      loan.lease.cycle === cycle &&
      !isWrittenOff(state, loan.lease.id),
  );
  const out = loans.reduce<Credit>((sum, { lease, returned }) => plus(sum, less(lease, returned)), NO_CREDIT);
  const spent = stream.account.cycle === cycle ? stream.account.charged : NO_CREDIT;
  const freed = less(out, spent);
  const leases = loans.map(({ lease }) => lease.id);
  if (leases.length === 0)
    return [state, [warn({ of: 'write-off-refused', device, epoch, why: 'nothing is lent to it' })]];
  const key = exposureKey(site.account, cycle);
  const row: WriteOff = { ...order, account: site.account, cycle, size: stream.size, leases, ...freed };
  const after = {
    ...state,
    writeOffs: { ...state.writeOffs, [order.id]: row },
    exposures: { ...state.exposures, [key]: afterReturn(state.exposures[key] ?? emptyExposure(), freed) },
  };
  return [
    after,
    [keep({ keep: 'write-off', writeOff: row, at: now }), ...inviteWishes(after, site.account, world, device)],
  ];
}

/** What a record beyond the size at the write-off gives back of it is free already. */
export const isWrittenOff = (state: CentralState, lease: string, seq = Number.MAX_SAFE_INTEGER): boolean =>
  Object.values(state.writeOffs).some(({ leases, size }) => seq > size && leases.includes(lease));
