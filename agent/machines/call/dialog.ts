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
      networkParty: view.to.value,
      phoneSequence: view.sequence,
      recordRoute: [...view.recordRoute],
    };
    return contact === undefined ? routed : { ...routed, networkContact: contact };
  }
  const phoneParty = { ...dialog, phoneParty: view.to.value };
  return contact === undefined ? phoneParty : { ...phoneParty, phoneContact: contact };
}

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
