import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Signal, Standing } from '../../model/signal.ts';
import { whole } from '../whole.ts';
import { isWithin } from './abroad.ts';
import { type Level, signalsOf, standingOf } from './signals.ts';

export type DataMonth = {
  readonly line: string;
  readonly period: Period;
  /** Uses of the line that count, by instant (`countedUses`); only data of the period is looked at, at home and abroad. */
  readonly uses: readonly LimitUse[];
  /** Threshold of the line's plan. */
  readonly thresholdBytes: number;
  /** Extra packs, each from its purchase on, within the period. */
  readonly packs: readonly { readonly at: number; readonly bytes: number }[];
  readonly now: number;
};

/** S-7 for both places: data of the month is one sum, but what follows differs at home and abroad. */
export type FairUse = { readonly home: Standing; readonly roaming: Standing };

/**
 * S-7 (nexis 15; imesit mobile 2.1; cmi mobile 1.1): bytes of a line in a month against its threshold. A pack brings
 * the full rate back for its bytes: what went through throttled before does not use it up.
 * @throws RangeError when the sum leaves the whole numbers.
 */
export function fairUse(month: DataMonth, { value, article }: LimitRule<'fairUse'>): FairUse {
  const levels = levelsOf(month);
  const about = { rule: 'S-7', article, scope: 'line', subject: month.line, unit: 'bytes' } as const;
  const standing = (signals: readonly Signal[]): Standing => standingOf(levels, signals);
  return {
    home: standing(signalsOf(levels, value.home, about)),
    roaming: standing(signalsOf(levels, value.roaming, about)),
  };
}

/** S-7: how many more bytes pass at full rate; 0 once the threshold is used up. */
export const fairUseBytesAllowed = ({ measured, limit }: Pick<Standing, 'measured' | 'limit'>): number | undefined =>
  limit === undefined ? undefined : Math.max(0, limit - measured);

function levelsOf({ period, uses, thresholdBytes, packs, now }: DataMonth): readonly Level[] {
  const changes = [
    { at: period.start, rank: 0, cause: 'month', bytes: 0 },
    ...packs.map(({ at, bytes }) => ({ at, rank: 1, cause: 'pack', bytes })),
    ...uses.flatMap(({ use }) =>
      use.kind === 'data' ? [{ at: use.at, rank: 2, cause: use.id, bytes: use.bytes }] : [],
    ),
  ];
  let measured = 0;
  let limit = thresholdBytes;
  return changes
    .filter(({ at, rank }) => isWithin(at, period) && (rank === 0 || at <= now))
    .toSorted((a, b) => a.at - b.at || a.rank - b.rank)
    .map(({ at, cause, rank, bytes }) => {
      if (rank === 1) limit = whole(Math.max(limit, measured) + bytes);
      else measured = whole(measured + bytes);
      return { at, cause, measured, limit };
    });
}
