import type { LedgerRecord } from '../../agent/model/record.ts';
import { afterReturn, emptyExposure } from '../../agent/rating/credit/account-cap.ts';
import type { Contract } from '../../agent/rating/credit/contract.ts';
import { atMost, type Credit, less, NO_CREDIT, plus } from '../../agent/rating/credit/credit.ts';
import { foldRecord, type SiteAccount } from '../../agent/rating/credit/site-account.ts';
import { type CentralEffect, type CentralState, exposureKey, keep, type Stream, warn } from './words.ts';
import { isWrittenOff } from './write-off.ts';

/** What a stream has come to, with the central's books beside it. */
export type Rated = {
  readonly state: CentralState;
  readonly stream: Stream;
  readonly effects: readonly CentralEffect[];
};

type Rating = { readonly contract: Contract; readonly configVersion: number; readonly account: string };

/**
 * One more record of the contiguous prefix, through the very fold that the site itself runs.
 * Undefined when its amounts leave the whole numbers: no honest device writes such a record.
 */
export function rateRecord(state: CentralState, stream: Stream, record: LedgerRecord, by: Rating): Rated | undefined {
  const folded = fold(stream.account, record, by.contract);
  if (folded === undefined) return undefined;
  const { charge } = folded;
  const charged =
    charge === undefined
      ? []
      : [
          keep({
            keep: 'charge',
            charge,
            account: by.account,
            cycle: folded.account.cycle,
            configVersion: by.configVersion,
          }),
        ];
  const settled = settle(state, stream, record, folded.account);
  return {
    state: settled.state,
    stream: { ...settled.stream, account: folded.account },
    effects: [...charged, ...settled.effects],
  };
}

function fold(
  account: SiteAccount,
  record: LedgerRecord,
  contract: Contract,
): ReturnType<typeof foldRecord> | undefined {
  try {
    return foldRecord(account, record, contract);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Compares what a record says of leases with what was lent, and of suspensions and orders that they are carried out. */
function settle(state: CentralState, stream: Stream, record: LedgerRecord, after: SiteAccount): Rated {
  switch (record.event.kind) {
    case 'lease-received':
      return checkReceived(state, stream, record, record.event.lease);
    case 'lease-closed':
      return takeBack(state, stream, record, givenBack(stream.account, after, record.event.lease));
    case 'suspensions-ordered': {
      const { device, clock, event } = record;
      const row = { keep: 'suspension-applied', device, version: event.version, at: clock.wall } as const;
      return { state, stream, effects: [keep(row)] };
    }
    case 'sim-swapped':
      return record.event.stage === 'ended'
        ? over(state, stream, record.device, record.event.swap)
        : quiet(state, stream);
    case 'line-ordered':
      return over(state, stream, record.device, record.event.order);
    case 'sms-counted':
      return record.event.direction === 'outgoing'
        ? over(state, stream, record.device, record.event.message)
        : quiet(state, stream);
    default:
      return quiet(state, stream);
  }
}

const quiet = (state: CentralState, stream: Stream): Rated => ({ state, stream, effects: [] });

/** S-1, S-11: the box is done with an order for its mobile line, and is not told of it again. */
function over(state: CentralState, stream: Stream, device: string, order: string): Rated {
  const known = state.lineOrdersOver[device] ?? [];
  if (known.includes(order)) return quiet(state, stream);
  return quiet({ ...state, lineOrdersOver: { ...state.lineOrdersOver, [device]: [...known, order] } }, stream);
}

function checkReceived(
  state: CentralState,
  stream: Stream,
  record: LedgerRecord,
  said: Credit & { id: string },
): Rated {
  const lent = lentTo(state, record, said.id)?.lease;
  const same = lent !== undefined && lent.ticks === said.ticks && lent.bundleSeconds === said.bundleSeconds;
  if (same) return { state, stream, effects: [] };
  const warning = warn({ of: 'foreign-lease', device: record.device, seq: record.seq, lease: said.id });
  return { state, stream: { ...stream, disputed: true }, effects: [warning] };
}

/** C-3: what a site gives back is free for others, once, and never more than was lent to that very site. */
function takeBack(state: CentralState, stream: Stream, record: LedgerRecord, given: GivenBack): Rated {
  const loan = lentTo(state, record, given.lease);
  if (loan === undefined || stream.disputed) {
    const warning = warn({ of: 'return-refused', device: record.device, seq: record.seq, lease: given.lease });
    return { state, stream, effects: [warning] };
  }
  if (isWrittenOff(state, given.lease, record.seq)) {
    const warning = warn({ of: 'return-written-off', device: record.device, seq: record.seq, lease: given.lease });
    return { state, stream, effects: [warning] };
  }
  const back = atMost(given.credit, less(loan.lease, loan.returned));
  const returned = plus(loan.returned, back);
  const key = exposureKey(loan.lease.account, loan.lease.cycle);
  const exposure = afterReturn(state.exposures[key] ?? emptyExposure(), back);
  return {
    state: {
      ...state,
      loans: { ...state.loans, [given.lease]: { ...loan, returned } },
      exposures: { ...state.exposures, [key]: exposure },
    },
    stream,
    effects: [keep({ keep: 'return', lease: given.lease, returned })],
  };
}

type GivenBack = { readonly lease: string; readonly credit: Credit };

/** What the fold itself took off the lease: never what is charged or held by a running call, whatever the record says. */
function givenBack(before: SiteAccount, after: SiteAccount, lease: string): GivenBack {
  const held = (account: SiteAccount): Credit => account.leases.find(({ id }) => id === lease) ?? NO_CREDIT;
  return { lease, credit: less(held(before), held(after)) };
}

function lentTo(state: CentralState, { device, epoch, seq }: LedgerRecord, lease: string) {
  const loan = state.loans[lease];
  const theirs = loan?.device === device && loan.epoch === epoch && loan.grantedAfter < seq;
  return theirs ? loan : undefined;
}
