import { quietSignalling, stepSignalling } from '../machines/signalling.ts';
import type { Regime } from '../model/regime.ts';
import type { SipView } from '../model/sip-view.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { SipDatagram } from '../ports/voice-wire.ts';
import { isEmergency } from '../rating/numbering/classify.ts';
import { dialledIn } from './admission.ts';

/** Holds what phones send to what the operator takes of one public address (V-3). */
export interface SignallingGuard {
  /** `ofEmergency`: it belongs to an emergency call that is known. What does not pass is counted, and said once a minute. */
  passes(datagram: SipDatagram, view: SipView | undefined, ofEmergency: boolean): boolean;
}

/** Limits of V-3 in the texts that name any; a stated default where a contract names none. */
const MESSAGES = 60;
const TRANSACTIONS = 30;

export function createSignallingGuard(
  rules: Regime['signalling'],
  { clock, journal }: Pick<AgentPorts, 'clock' | 'journal'>,
): SignallingGuard {
  const limits = {
    messages: rules.messagesPerSecond?.value ?? MESSAGES,
    transactions: rules.transactionsPerSecond?.value ?? TRANSACTIONS,
  };
  let state = quietSignalling();
  let turnedAway = 0;
  return {
    passes({ phone }, view, ofEmergency) {
      const [next, { pass, alarm }] = stepSignalling(
        state,
        {
          phone: `${phone.address}:${phone.port}`,
          now: clock.mono(),
          begins: view?.kind === 'request' && view.method !== 'ACK' ? view.branch : undefined,
          exempt: ofEmergency || callsForHelp(view),
        },
        limits,
      );
      state = next;
      if (!pass) turnedAway += 1;
      if (alarm !== undefined) journal.fault(ALARMS[alarm], { phone: phone.address, turnedAway, ...limits });
      return pass;
    },
  };
}

const ALARMS = {
  flood: 'a phone sends more SIP than the operator takes of one address; what is too much does not pass (V-3)',
  transactions: 'more SIP transactions a second than the contract allows (V-3)',
} as const;

const callsForHelp = (view: SipView | undefined): boolean =>
  view?.kind === 'request' && view.method === 'INVITE' && isEmergency(dialledIn(view, 'outgoing'));
