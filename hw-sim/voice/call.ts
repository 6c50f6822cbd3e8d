import type { Line } from '../kernel/control-socket.ts';
import { type Dialog, nextRequest, requestIn } from './dialog.ts';
import { openRtpStream, type RtpReport, type RtpStream } from './rtp-stream.ts';
import type { Endpoint, SipMessage } from './sip-text.ts';
import type { Respond, SipTransport } from './sip-transactions.ts';

/** What to do with an incoming call: ring that long and answer, ring for ever, or refuse at once ("486 Busy Here"). */
export type Incoming = { readonly ringMs: number } | { readonly ring: 'for ever' } | { readonly refuse: string };

export type CallAgentOptions = {
  readonly local: Endpoint;
  /** Host of the numbers: what stands after the @. */
  readonly host: string;
  /** Operator's side: media and requests go to wherever the far end was last heard from. */
  readonly symmetric: boolean;
  incoming(called: string, calling: string): Incoming;
  announce(news: Line): void;
  /** Requests that are not about a call, such as REGISTER. */
  other(request: SipMessage, source: Endpoint, respond: Respond): void;
};

/** A call while it lives. `hangUp` does what its state asks for: CANCEL, BYE, or a refusal. */
export type Call = {
  dialog: Dialog;
  readonly stream: RtpStream;
  readonly number: string;
  readonly role: 'calling' | 'called';
  answered: boolean;
  hangUp(): void;
  /** CANCEL and ACK, which only the called side understands. */
  heard(request: SipMessage, respond: Respond): void;
};

export type CallRoom = {
  readonly options: CallAgentOptions;
  readonly transport: SipTransport;
  readonly calls: Map<string, Call>;
  end(call: Call, by: 'us' | 'them' | 'network', status: number): void;
};

export type Order = {
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly destination: Endpoint;
};

export const openStream = (room: CallRoom): Promise<RtpStream> =>
  openRtpStream({ address: room.options.local.address, latch: room.options.symmetric });

export const lineOf = (call: Call, lastMs?: number): Line => ({
  call: call.dialog.id,
  number: call.number,
  role: call.role,
  state: call.answered ? 'answered' : 'calling',
  ...rounded(call.stream.report(lastMs)),
});

function rounded({ sent, quality }: RtpReport): Line {
  const shortened = Object.entries(quality).map(([name, value]) => [name, Math.round(value * 1_000) / 1_000]);
  return { sent, ...Object.fromEntries(shortened) };
}

/** BYE; the call is over for us at once, whatever the far end says to it. */
export function sayGoodbye(room: CallRoom, call: Call): void {
  call.dialog = nextRequest(call.dialog);
  room.transport.request(requestIn(call.dialog, 'BYE', room.options.local), call.dialog.destination, () => undefined);
  room.end(call, 'us', 200);
}
