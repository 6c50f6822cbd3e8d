import type { LedgerRecord } from '../../model/record.ts';
import type { UsageOf } from '../../model/usage.ts';

/**
 * The use that a site's own record tells of, or undefined for records that tell of none. The instant is that of the
 * answer: from then on a call is counted (U-2); an attempt has the instant at which it began.
 */
export function useOfRecord({ device, epoch, event }: LedgerRecord): UsageOf<'call'> | undefined {
  if (event.kind !== 'call-ended') return undefined;
  const outgoing = event.direction === 'outgoing';
  return {
    kind: 'call',
    id: `${device}/${epoch}/${event.call}`,
    line: outgoing ? event.caller : event.called,
    at: event.answeredAt ?? event.startedAt,
    direction: event.direction,
    party: outgoing ? event.called : event.caller,
    seconds: event.answeredAt === null ? null : event.seconds,
    forwarded: false,
  };
}
