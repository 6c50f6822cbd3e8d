import type { Numbering } from '../../model/numbering.ts';
import type { LedgerRecord } from '../../model/record.ts';
import type { UsageOf } from '../../model/usage.ts';
import { classify } from '../numbering/classify.ts';

/**
 * The use that a site's own record tells of, or undefined for records that tell of none. The instant is that of the
 * answer: from then on a call is counted (U-2); an attempt has the instant at which it began.
 */
export function useOfRecord({ device, epoch, event }: LedgerRecord, numbering: Numbering): UsageOf<'call'> | undefined {
  if (event.kind !== 'call-ended') return undefined;
  const outgoing = event.direction === 'outgoing';
  return {
    kind: 'call',
    id: `${device}/${epoch}/${event.call}`,
    // A phone may write its own number in any form.
    line: classify(outgoing ? event.caller : event.called, numbering).number,
    at: event.answeredAt ?? event.startedAt,
    direction: event.direction,
    party: outgoing ? event.called : event.caller,
    seconds: event.answeredAt === null ? null : event.seconds,
    forwarded: false,
  };
}
