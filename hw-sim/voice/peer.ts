import { type ControlServer, type Line, numberOf, serveControl, textOf } from '../kernel/control-socket.ts';
import type { Incoming } from './call.ts';
import { openCallAgent } from './call-agent.ts';
import { type Endpoint, header, methodOf, numberIn, replyTo, type SipMessage, uriIn } from './sip-text.ts';
import type { Respond } from './sip-transactions.ts';

type PeerOptions = { readonly local: Endpoint; readonly control: string; readonly ringMs: number };

type Binding = { readonly source: Endpoint; readonly contact: string };

/**
 * The operator's SIP server and everybody whom the site may call, in one. Registers whoever asks, without a password;
 * answers to where requests came from (RFC 3581); media follow the newest source (RFC 4961). Orders on the control
 * socket: teach {number, does: answer | busy | ring | refuse, status?, ringMs?}, call {number, from}, hangup {call?},
 * report, bindings. News: registered, incoming, ringing, answered, ended. Left out: calls between two phones.
 */
export async function startPeer(options: PeerOptions): Promise<() => void> {
  const bindings = new Map<string, Binding>();
  const taught = new Map<string, Incoming>();
  let control: ControlServer | undefined;
  const announce = (news: Line) => control?.announce(news);
  const agent = await openCallAgent({
    local: options.local,
    host: options.local.address,
    symmetric: true,
    incoming: (called) => taught.get(called) ?? { ringMs: options.ringMs },
    announce,
    other: (request, source, respond) => {
      if (methodOf(request) !== 'REGISTER') return respond(replyTo(request, source, '200 OK', ''));
      const number = bind(bindings, request, source, respond);
      agent.moved(number, source);
      announce({ on: 'registered', number, ...source });
    },
  });
  control = await serveControl(options.control, async (order) => {
    switch (order.do) {
      case 'teach':
        taught.set(textOf(order, 'number'), behavior(order, options.ringMs));
        return {};
      case 'call': {
        const to = textOf(order, 'number');
        const binding = bindings.get(to);
        if (!binding) throw new Error(`${to} is not registered`);
        const call = { from: textOf(order, 'from'), to, target: binding.contact, destination: binding.source };
        return { call: await agent.call(call) };
      }
      case 'hangup':
        agent.hangUp(typeof order.call === 'string' ? order.call : undefined);
        return {};
      case 'report':
        return { calls: agent.report(typeof order.lastMs === 'number' ? order.lastMs : undefined) };
      case 'bindings':
        return Object.fromEntries([...bindings].map(([number, { source }]) => [number, source]));
      default:
        throw new Error('"do" must be teach, call, hangup, report or bindings');
    }
  });
  return () => {
    agent.close();
    control?.close();
  };
}

/** The source is the binding; the Contact is what the phone wants to be called by (RFC 3261 10.3, RFC 5626 in spirit). */
function bind(bindings: Map<string, Binding>, request: SipMessage, source: Endpoint, respond: Respond): string {
  const number = numberIn(header(request, 'to'));
  const contact = header(request, 'contact');
  const expires = Number(/;expires=(\d+)/.exec(contact)?.[1] ?? (header(request, 'expires') || '3600'));
  if (expires === 0) bindings.delete(number);
  else bindings.set(number, { source, contact: uriIn(contact) });
  const ok = replyTo(request, source, '200 OK', 'registrar');
  const granted = ['Contact', `<${uriIn(contact)}>;expires=${expires}`] as const;
  respond({ ...ok, headers: [...ok.headers, granted] });
  return number;
}

function behavior(order: Line, ringMs: number): Incoming {
  switch (order.does) {
    case 'answer':
      return { ringMs: numberOf(order, 'ringMs', ringMs) };
    case 'busy':
      return { refuse: '486 Busy Here' };
    case 'ring':
      return { ring: 'for ever' };
    case 'refuse':
      return { refuse: `${numberOf(order, 'status', 503)} Refused` };
    default:
      throw new Error('"does" must be answer, busy, ring or refuse');
  }
}
