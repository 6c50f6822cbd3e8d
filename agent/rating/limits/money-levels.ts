import type { LimitUse } from '../../model/limit-use.ts';
import { whole } from '../whole.ts';
import { type Level, TICKS_OF_A_MICRO_EURO } from './signals.ts';

/** A limit that was set for a client, from its instant on; it may move up or down. */
export type DatedLimit = { readonly from: number; readonly microEuro: number };

/** Money received, or a credit: takes its amount off what is owed. */
export type Payment = { readonly id: string; readonly at: number; readonly ticks: number };

export type MoneyHistory = {
  /** Those that count, by instant. */
  readonly uses: readonly LimitUse[];
  readonly payments: readonly Payment[];
  /** Instants at which the sum starts again from nothing (M1). */
  readonly resets: readonly number[];
  readonly limits: readonly DatedLimit[];
  /** In force before the first of the limits; undefined where there is none until one is set for the client. */
  readonly firstMicroEuro: number | undefined;
  /** Nothing later counts yet. */
  readonly now: number;
};

type Change = { readonly at: number; readonly rank: number; readonly cause: string } & (
  | { readonly add: number }
  | { readonly limit: number }
  | { readonly reset: true }
);

/**
 * The sum in ticks and its limit after each change. At one and the same instant what favors the client comes first: a
 * new month, a new limit, a payment, then the uses by id.
 */
export function moneyLevels(history: MoneyHistory): readonly Level[] {
  let measured = 0;
  let limit = limitTicks(history.firstMicroEuro);
  return changesOf(history).map((change) => {
    if ('reset' in change) measured = 0;
    else if ('limit' in change) limit = change.limit;
    else measured = whole(measured + change.add);
    return { at: change.at, cause: change.cause, measured, limit };
  });
}

/** A limit in ticks, where there is one. */
export const limitTicks = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : whole(amount * TICKS_OF_A_MICRO_EURO);

function changesOf({ uses, payments, resets, limits, now }: MoneyHistory): readonly Change[] {
  const changes: readonly Change[] = [
    ...resets.map((at): Change => ({ at, rank: 0, cause: 'new-month', reset: true })),
    ...limits.map(
      ({ from, microEuro }): Change => ({
        at: from,
        rank: 1,
        cause: 'new-limit',
        limit: whole(microEuro * TICKS_OF_A_MICRO_EURO),
      }),
    ),
    ...once(payments).map(({ id, at, ticks }): Change => ({ at, rank: 2, cause: id, add: -ticks })),
    ...uses.map(({ use, ticks }): Change => ({ at: use.at, rank: 3, cause: use.id, add: ticks })),
  ];
  return changes.filter((change) => change.at <= now).toSorted(byTime);
}

/** A payment that is told twice was made once; of two that share an id and differ, the smaller, then the later one. */
const once = (payments: readonly Payment[]): readonly Payment[] => [
  ...new Map(payments.toSorted((a, b) => b.ticks - a.ticks || a.at - b.at).map((one) => [one.id, one])).values(),
];

const byTime = (a: Change, b: Change): number =>
  a.at - b.at || a.rank - b.rank || (a.cause < b.cause ? -1 : a.cause > b.cause ? 1 : tie(a) - tie(b));

/** Of two limits set for the same instant the lower one comes last, and holds. */
const tie = (change: Change): number => ('limit' in change ? -change.limit : 0);
