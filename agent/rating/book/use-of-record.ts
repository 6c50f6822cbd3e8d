import type { DataCounted } from '../../model/data-counted.ts';
import type { Numbering } from '../../model/numbering.ts';
import type { LedgerEvent, LedgerRecord } from '../../model/record.ts';
import type { UsageOf } from '../../model/usage.ts';
import { classify } from '../numbering/classify.ts';

type CallEnded = Extract<LedgerEvent, { kind: 'call-ended' }>;
type FaxEnded = Extract<LedgerEvent, { kind: 'fax-ended' }>;
type SmsCounted = Extract<LedgerEvent, { kind: 'sms-counted' }>;
type SiteUse = UsageOf<'call'> | UsageOf<'data'> | UsageOf<'fax'> | UsageOf<'sms'>;

/**
 * The use that a site's own record tells of, or undefined for records that tell of none. What goes out of a fax line is a fax,
 * billed by the page: the call that carries it is no use of its own.
 * @param faxLines numbers of the site's fax lines, E.164.
 */
export function useOfRecord(
  record: LedgerRecord,
  numbering: Numbering,
  faxLines: ReadonlySet<string> = NO_LINES,
): SiteUse | undefined {
  switch (record.event.kind) {
    case 'call-ended': {
      const call = callOf(record, record.event, numbering);
      return faxLines.has(call.line) && call.direction === 'outgoing' ? undefined : call;
    }
    case 'fax-ended':
      return faxOf(record, record.event, numbering);
    case 'data-counted':
      return dataOf(record, record.event);
    case 'sms-counted':
      return smsOf(record, record.event);
    default:
      return undefined;
  }
}

const NO_LINES: ReadonlySet<string> = new Set();

/** A fax that the box refused went nowhere; its begin is what pace and mass fax are judged by. */
function faxOf({ device, epoch }: LedgerRecord, event: FaxEnded, numbering: Numbering): UsageOf<'fax'> | undefined {
  if (!event.begun) return undefined;
  return {
    kind: 'fax',
    id: `${device}/${epoch}/fax/${event.fax}`,
    line: classify(event.line, numbering).number,
    at: event.startedAt,
    direction: event.direction === 'sent' ? 'outgoing' : 'incoming',
    party: event.party,
    pages: event.pages,
  };
}

/** From the answer on a call is counted (U-2); an attempt has the instant at which it began. */
function callOf({ device, epoch }: LedgerRecord, event: CallEnded, numbering: Numbering): UsageOf<'call'> {
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

/**
 * Data of a line with a SIM in the box: what passed since the record before, at its end. Other links are counted and paid
 * for by nobody. Abroad a price hangs on the country, which the box does not know: the host operator's record tells it.
 */
function dataOf({ device, epoch, seq, clock }: LedgerRecord, event: DataCounted): UsageOf<'data'> | undefined {
  const { line, network, total, before } = event;
  const bytes = total.up - before.up + total.down - before.down;
  if (line === undefined || network === 'roaming' || bytes <= 0) return undefined;
  return { kind: 'data', id: `${device}/${epoch}/data/${seq}`, line, at: clock.wall, bytes };
}

/**
 * A short message of a line with a SIM in the box, as many SMS as the network took parts. One that failed, or of which
 * nobody knows, is not billed (S10). Its name is that of the message: written down twice, it is the same use.
 */
function smsOf({ device, epoch }: LedgerRecord, event: SmsCounted): UsageOf<'sms'> | undefined {
  const { line, message, at, direction, party, segments, outcome } = event;
  if (line === undefined) return undefined;
  const sent = outcome === 'sent' || outcome === 'received';
  return {
    kind: 'sms',
    id: `${device}/${epoch}/sms/${message}`,
    line,
    at,
    direction,
    party,
    segments: Math.max(1, segments),
    sent,
  };
}
