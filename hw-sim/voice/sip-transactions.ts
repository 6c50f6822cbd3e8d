import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  branchOf,
  type Endpoint,
  header,
  headersOf,
  methodOf,
  readSip,
  type SipMessage,
  statusOf,
  writeSip,
} from './sip-text.ts';

export type Respond = (response: SipMessage) => void;

export interface SipTransport {
  /** Sends again until answered (RFC 3261 17.1); `hear` gets every response, or undefined after 32 s of silence. */
  request(request: SipMessage, to: Endpoint, hear: (response: SipMessage | undefined) => void): void;
  /** ACK and responses to be repeated: sent once, as it is. */
  send(message: SipMessage, to: Endpoint): void;
  close(): void;
}

/** T1, T2 and timer B of RFC 3261 17.1.1. */
const T1_MS = 500;
const T2_MS = 4_000;
const TIMER_B_MS = 64 * T1_MS;

type Client = { readonly heard: (response: SipMessage) => void; readonly end: () => void };
type Server = { last: SipMessage | undefined };

export async function openSipTransport(
  local: Endpoint,
  onRequest: (request: SipMessage, source: Endpoint, respond: Respond) => void,
): Promise<SipTransport> {
  const socket = createSocket('udp4');
  // Nobody at home (ICMP unreachable) is silence to SIP over UDP: the transaction's own timers decide.
  socket.on('error', () => undefined);
  socket.bind(local.port, local.address);
  await once(socket, 'listening');
  const clients = new Map<string, Client>();
  const servers = new Map<string, Server>();
  let open = true;
  const send = (message: SipMessage, to: Endpoint) => {
    if (open) put(socket, message, to);
  };
  socket.on('message', (bytes, { address, port }) => {
    const message = readSip(bytes.toString('latin1'));
    if (!message) return;
    if (statusOf(message) > 0) clients.get(clientKey(message))?.heard(message);
    else serve(message, { address, port });
  });

  function serve(request: SipMessage, source: Endpoint): void {
    const key = `${branchOf(request)} ${methodOf(request)}`;
    const known = servers.get(methodOf(request) === 'ACK' ? `${branchOf(request)} INVITE` : key);
    // The ACK of a refusal has the branch of its INVITE and ends here; that of a 2xx is a request of its own.
    if (known && methodOf(request) === 'ACK') return;
    if (known?.last) send(known.last, source);
    if (known) return;
    const server: Server = { last: undefined };
    if (methodOf(request) !== 'ACK') remember(servers, key, server);
    onRequest(request, source, (response) => {
      server.last = response;
      send(response, source);
    });
  }

  return {
    send,
    request: (request, to, hear) => startClient({ clients, send }, request, to, hear),
    close: () => {
      open = false;
      for (const client of clients.values()) client.end();
      socket.close();
    },
  };
}

type Room = { readonly clients: Map<string, Client>; readonly send: (message: SipMessage, to: Endpoint) => void };

function startClient(
  room: Room,
  request: SipMessage,
  to: Endpoint,
  hear: (response: SipMessage | undefined) => void,
): void {
  const key = clientKey(request);
  const invite = methodOf(request) === 'INVITE';
  let progress = false;
  let over = false;
  let again: NodeJS.Timeout | undefined;
  const end = (): void => {
    over = true;
    clearTimeout(again);
    clearTimeout(giveUp);
  };
  const giveUp = setTimeout(() => {
    if (!over && !(invite && progress)) {
      end();
      hear(undefined);
    }
  }, TIMER_B_MS);
  const transmit = (wait: number): void => {
    room.send(request, to);
    again = setTimeout(() => transmit(invite ? wait * 2 : Math.min(wait * 2, T2_MS)), wait);
  };
  const heard = (response: SipMessage): void => {
    const status = statusOf(response);
    progress = true;
    if (invite) clearTimeout(again);
    if (invite && status >= 300) room.send(acknowledgeRefusal(request, response), to);
    const repeated = over;
    if (status >= 200) end();
    // A 2xx that comes again is heard again, because its ACK was lost (RFC 3261 13.2.2.4).
    if (!repeated || (invite && status < 300 && status >= 200)) hear(response);
  };
  remember(room.clients, key, { heard, end });
  transmit(T1_MS);
}

/** RFC 3261 17.1.1.3: same branch, the To of the response. */
function acknowledgeRefusal(invite: SipMessage, response: SipMessage): SipMessage {
  const [, uri] = invite.start.split(' ');
  return {
    start: `ACK ${uri} SIP/2.0`,
    headers: [
      ['Via', header(invite, 'via')],
      ...headersOf(invite, 'route').map((route) => ['Route', route] as const),
      ['Max-Forwards', '70'],
      ['From', header(invite, 'from')],
      ['To', header(response, 'to')],
      ['Call-ID', header(invite, 'call-id')],
      ['CSeq', `${Number.parseInt(header(invite, 'cseq'), 10)} ACK`],
    ],
    body: '',
  };
}

const clientKey = (message: SipMessage): string => `${branchOf(message)} ${methodOf(message)}`;

const REMEMBERED = 2_000;

/** A transaction is kept until many newer ones have come: long enough for every repetition, and bounded. */
function remember<T>(shelf: Map<string, T>, key: string, value: T): void {
  shelf.set(key, value);
  const oldest = shelf.keys().next();
  if (shelf.size > REMEMBERED && !oldest.done) shelf.delete(oldest.value);
}

const put = (socket: Socket, message: SipMessage, to: Endpoint): void =>
  socket.send(Buffer.from(writeSip(message), 'latin1'), to.port, to.address);
