import { type ControlServer, type Line, numberOf, serveControl, textOf } from '../kernel/control-socket.ts';
import type { Incoming } from './call.ts';
import { type CallAgent, openCallAgent } from './call-agent.ts';
import { outgoingDialog, requestIn } from './dialog.ts';
import { type Endpoint, replyTo, statusOf } from './sip-text.ts';

type PhoneOptions = {
  readonly local: Endpoint;
  readonly server: Endpoint;
  /** E.164 number of the line. */
  readonly number: string;
  readonly control: string;
  readonly ringMs: number;
};

/** Registers again this often: the address binding of a NAT on the way stays open, and follows the line that is used. */
const REFRESH_MS = 25_000;
const EXPIRES_SECONDS = 60;

/**
 * A desk phone. It knows its operator's server and nothing of the gateway before it. Orders on the control socket:
 * register, call {number}, hangup {call?}, answer {on, ringMs?}, report. News: registered, incoming, ringing, answered,
 * ended. Left out: authentication, transfer, hold, DTMF.
 */
export async function startPhone(options: PhoneOptions): Promise<() => void> {
  const { local, server, number } = options;
  let incoming: Incoming = { ringMs: options.ringMs };
  let control: ControlServer | undefined;
  let refresh: NodeJS.Timeout | undefined;
  const announce = (news: Line) => control?.announce(news);
  const agent = await openCallAgent({
    local,
    host: server.address,
    symmetric: false,
    incoming: () => incoming,
    announce,
    other: (request, source, respond) => respond(replyTo(request, source, '200 OK', '')),
  });
  const register = async (): Promise<Line> => {
    clearTimeout(refresh);
    refresh = setTimeout(() => void register(), REFRESH_MS);
    const status = await registerOnce(agent, options);
    announce({ on: 'registered', status });
    return { status };
  };
  control = await serveControl(options.control, async (order) => {
    switch (order.do) {
      case 'register':
        return register();
      case 'call': {
        const to = textOf(order, 'number');
        const target = `sip:${to}@${server.address}:${server.port}`;
        return { call: await agent.call({ from: number, to, target, destination: server }) };
      }
      case 'hangup':
        agent.hangUp(typeof order.call === 'string' ? order.call : undefined);
        return {};
      case 'answer':
        incoming = order.on === false ? { ring: 'for ever' } : { ringMs: numberOf(order, 'ringMs', options.ringMs) };
        return {};
      case 'report':
        return { calls: agent.report(typeof order.lastMs === 'number' ? order.lastMs : undefined) };
      default:
        throw new Error('"do" must be register, call, hangup, answer or report');
    }
  });
  return () => {
    clearTimeout(refresh);
    agent.close();
    control?.close();
  };
}

/** Answers the status, 408 when nobody did. */
function registerOnce(agent: CallAgent, { local, server, number }: PhoneOptions): Promise<number> {
  const target = `sip:${server.address}:${server.port}`;
  const dialog = outgoingDialog({ from: number, to: number, host: server.address, target, local, destination: server });
  const bare = requestIn(dialog, 'REGISTER', local);
  const request = {
    ...bare,
    headers: [...bare.headers, ['Contact', dialog.contact] as const, ['Expires', String(EXPIRES_SECONDS)] as const],
  };
  return new Promise((settle) => {
    agent.transport.request(request, server, (response) => settle(response ? statusOf(response) : 408));
  });
}
