import type { Class } from '../../model/destination.ts';
import type { CallEnded, LedgerRecord } from '../../model/record.ts';
import type { Ticks } from '../../model/units.ts';
import { wholeTicks } from '../whole.ts';
import type { Used } from './slices.ts';
import type { Terms } from './terms.ts';

/** What one call costs, with the record that it comes from, the rule that made it, and the article of the contract. */
export type Charge = {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly call: string;
  readonly class: Class;
  /** In E.164 with plus, or a short number. */
  readonly called: string;
  readonly bundleSeconds: number;
  readonly paidSeconds: number;
  readonly ticks: Ticks;
  readonly rule: string;
  readonly article: string;
};

/**
 * U-2, art. 12.2 of mie: from answer to release, to the second; only calls that were made are charged. Incoming and
 * emergency calls make no charge at all (C-1, V-1). Seconds that nothing was reserved for are the operator's loss.
 */
export function chargeOf(
  record: LedgerRecord,
  ended: CallEnded,
  terms: Terms,
  used: readonly Used[],
): Charge | undefined {
  if (ended.answeredAt === null || terms.direction === 'incoming' || terms.class === 'emergency') return undefined;
  const bundleSeconds = total(used, (slice) => slice.bundleSeconds);
  const paidSeconds = total(used, (slice) => slice.paidSeconds);
  const ticks = wholeTicks(total(used, (slice) => slice.ticks));
  const owed = total(used, (slice) => slice.owed);
  const served = Math.min(ended.seconds, terms.longest ?? ended.seconds);
  const short = !terms.free && (bundleSeconds + paidSeconds < served || ticks < owed);
  const parts = terms.free
    ? ['free']
    : [
        ...(bundleSeconds > 0 ? ['bundle'] : []),
        ...(paidSeconds > 0 ? ['per-second'] : []),
        ...(used.some((slice) => slice.setup) ? ['per-call'] : []),
      ];
  return {
    device: record.device,
    epoch: record.epoch,
    seq: record.seq,
    call: ended.call,
    class: terms.class,
    called: terms.number,
    bundleSeconds,
    paidSeconds,
    ticks,
    rule: `${terms.regime} ${parts.join(' + ') || 'nothing'}${short ? ', no more than was reserved' : ''}`,
    article: short ? terms.limitArticle : terms.countingArticle,
  };
}

const total = (used: readonly Used[], of: (slice: Used) => number): number =>
  used.reduce((sum, slice) => sum + of(slice), 0);
