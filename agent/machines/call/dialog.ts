import type { Dialog } from '../../model/record.ts';
import type { SipView } from '../../model/sip-view.ts';
import type { CallFacts } from './words.ts';

type Direction = CallFacts['direction'];

/** What an INVITE tells of the dialog to come (RFC 3261 12.1). */
export function startDialog(view: SipView, direction: Direction, ends: Pick<Dialog, 'phone' | 'server'>): Dialog {
  const outgoing = direction === 'outgoing';
  const contact = view.contact;
  return {
    sipCallId: view.callId,
    server: ends.server,
    phone: ends.phone,
    phoneParty: (outgoing ? view.from : view.to).value,
    networkParty: (outgoing ? view.to : view.from).value,
    ...(contact === undefined ? {} : outgoing ? { phoneContact: contact } : { networkContact: contact }),
    recordRoute: [...view.recordRoute],
    phoneSequence: outgoing ? view.sequence : 0,
    networkSequence: outgoing ? 0 : view.sequence,
  };
}

/** The 2xx completes it: the callee's tag, Contact and, for the caller, the route set. */
export function answeredDialog(dialog: Dialog, view: SipView, direction: Direction): Dialog {
  const contact = view.contact;
  if (direction === 'outgoing') {
    const routed = {
      ...dialog,
      phoneParty: view.from.value,
      networkParty: view.to.value,
      // A PRACK may have used a number beyond that of the INVITE (RFC 3262 4).
      phoneSequence: Math.max(dialog.phoneSequence, view.sequence),
      recordRoute: [...view.recordRoute],
    };
    return contact === undefined ? routed : { ...routed, networkContact: contact };
  }
  const phoneParty = { ...dialog, phoneParty: view.to.value, networkParty: view.from.value };
  return contact === undefined ? phoneParty : { ...phoneParty, phoneContact: contact };
}

/**
 * Is this request of the dialog that was answered (RFC 3261 12)? A fork that is released, or a BYE that nobody will
 * accept, ends nothing. Which side has which tag is not asked: a PBX may pass a dialog through in both directions.
 */
export function isOfDialog(dialog: Dialog, view: SipView): boolean {
  const known = [tagOf(dialog.phoneParty), tagOf(dialog.networkParty)];
  if (known.includes(undefined)) return true;
  return known.toSorted().join(' ') === [view.from.tag, view.to.tag].toSorted().join(' ');
}

const tagOf = (party: string): string | undefined =>
  /;\s*tag\s*=\s*([^;\s]+)/i.exec(party.slice(party.lastIndexOf('>') + 1))?.[1];

/**
 * An INVITE of the phone outside of the dialog, once the far end has spoken its last word on the call. The far end
 * repeats that word by itself; let through, the INVITE could become a call that nobody counts.
 */
export const beginsAgain = (facts: CallFacts, view: SipView, from: 'phone' | 'network'): boolean =>
  from === 'phone' &&
  facts.direction === 'outgoing' &&
  facts.class !== 'emergency' &&
  view.kind === 'request' &&
  view.method === 'INVITE' &&
  view.to.tag === undefined;

/** Sequence numbers and targets move on with each request in the dialog (RFC 3261 12.2). */
export function inMidDialog(dialog: Dialog, view: SipView, from: 'phone' | 'network'): Dialog {
  if (view.kind !== 'request' || view.method === 'ACK' || view.method === 'CANCEL') return dialog;
  const refreshes = (view.method === 'INVITE' || view.method === 'UPDATE') && view.contact !== undefined;
  if (from === 'phone') {
    const contact = refreshes ? { phoneContact: view.contact } : {};
    return { ...dialog, phoneSequence: Math.max(dialog.phoneSequence, view.sequence), ...contact };
  }
  const contact = refreshes ? { networkContact: view.contact } : {};
  return { ...dialog, networkSequence: Math.max(dialog.networkSequence, view.sequence), ...contact };
}
