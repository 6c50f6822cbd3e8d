import type { Line } from '../kernel/control-socket.ts';
import { type Call, type CallAgentOptions, type CallRoom, lineOf, type Order } from './call.ts';
import { callee } from './callee.ts';
import { caller } from './caller.ts';
import { type Endpoint, header, methodOf, replyTo, type SipMessage } from './sip-text.ts';
import { openSipTransport, type Respond, type SipTransport } from './sip-transactions.ts';

export interface CallAgent {
  readonly transport: SipTransport;
  /** Answers the SIP Call-ID. */
  call(order: Order): Promise<string>;
  /** All calls when no id is given. */
  hangUp(id?: string): void;
  /** Calls that live, then those that ended, with what was heard. */
  /** Calls that run, then calls that are over; of the former what arrived in the last `lastMs`. */
  report(lastMs?: number): readonly Line[];
  /** The far end of these calls was heard from here (RFC 3581, for requests of our own). */
  moved(number: string, source: Endpoint): void;
  close(): void;
}

export async function openCallAgent(options: CallAgentOptions): Promise<CallAgent> {
  const calls = new Map<string, Call>();
  const over: Line[] = [];
  const transport = await openSipTransport(options.local, onRequest);
  const room: CallRoom = { options, transport, calls, end };

  function end(call: Call, by: 'us' | 'them' | 'network', status: number): void {
    if (!calls.delete(call.dialog.id)) return;
    const line = { ...lineOf(call), state: 'ended', by, status };
    over.push(line);
    call.stream.close();
    options.announce({ on: 'ended', ...line });
  }

  function onRequest(request: SipMessage, source: Endpoint, respond: Respond): void {
    const call = calls.get(header(request, 'call-id'));
    const reply = (status: string) => respond(replyTo(request, source, status, ''));
    if (call) inCall(call, request, source, reply);
    if (call) call.heard(request, respond);
    else outOfCall(request, source, respond, reply);
  }

  function inCall(call: Call, request: SipMessage, source: Endpoint, reply: (status: string) => void): void {
    if (options.symmetric) call.dialog = { ...call.dialog, destination: source };
    switch (methodOf(request)) {
      case 'INVITE':
        reply('488 Not Acceptable Here');
        break;
      case 'BYE':
        reply('200 OK');
        end(call, 'them', 200);
        break;
      case 'ACK':
        break;
      default:
        reply('200 OK');
    }
  }

  function outOfCall(request: SipMessage, source: Endpoint, respond: Respond, reply: (status: string) => void): void {
    switch (methodOf(request)) {
      case 'INVITE':
        void callee(room, request, source, respond);
        break;
      case 'BYE':
      case 'CANCEL':
        reply('481 Call/Transaction Does Not Exist');
        break;
      case 'ACK':
        break;
      default:
        options.other(request, source, respond);
    }
  }

  return {
    transport,
    call: (order) => caller(room, order),
    hangUp: (id) => {
      for (const call of [...calls.values()]) if (id === undefined || call.dialog.id === id) call.hangUp();
    },
    report: (lastMs) => [...[...calls.values()].map((call) => lineOf(call, lastMs)), ...over],
    moved: (number, source) => {
      for (const call of calls.values()) {
        if (call.number === number) call.dialog = { ...call.dialog, destination: source };
      }
    },
    close: () => {
      for (const call of calls.values()) call.stream.close();
      calls.clear();
      transport.close();
    },
  };
}
