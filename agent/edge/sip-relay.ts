import { createSocket, type Socket } from 'node:dgram';
import { canonicalIpv6, isIpv6 } from '../model/ipv6-networks.ts';
import { UPSTREAM_PORTS } from '../plans/data-plane.ts';
import type { Endpoint, SipDatagram, VoiceWire } from '../ports/voice-wire.ts';
import type { PhoneBook } from './phone-book.ts';
import type { StallWatch } from './stall-watch.ts';

export type RelayServer = Endpoint & { readonly name: string; readonly relayPort: number };

export type SipDatagramRelay = Omit<VoiceWire, 'transport' | 'moved'>;

/** Upstream sockets, one per phone: beyond this many the one that was silent longest is closed. */
const MOST_PHONES = 1024;

type Upstream = { readonly socket: Socket; readonly phone: Endpoint; readonly server: RelayServer };

/**
 * SIP through the box. The kernel redirects what phones send to an operator's SIP server to the relay port of that
 * server; each phone has an upstream socket of its own, so that the operator sees an ordinary address translation.
 * The port of that socket is remembered, so that a restart of the agent leaves registrations and calls where they were.
 */
export function createSipRelay(
  servers: readonly RelayServer[],
  phones: PhoneBook,
  stall: StallWatch,
  fault: (error: Error) => void,
): SipDatagramRelay {
  const upstreams = new Map<string, Upstream>();
  const downstreams = new Map<string, Socket>();
  let listen: (datagram: SipDatagram) => void = () => undefined;
  let closed = false;

  function openDownstream(server: RelayServer): void {
    const socket = socketFor(server);
    socket.on('error', fault);
    socket.on('message', (bytes, from) => {
      // No answer can go to port 0: the socket would throw.
      if (from.port === 0 || stall.stale()) return;
      const phone = { address: from.address, port: from.port };
      listen({ from: 'phone', phone, server: server.name, bytes });
    });
    socket.bind(server.relayPort);
    downstreams.set(server.name, socket);
  }

  function openUpstream(phone: Endpoint, server: RelayServer, port: number): Upstream {
    const socket = socketFor(server);
    const upstream = { socket, phone, server };
    let tries = 0;
    let bound = port;
    socket.on('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE' && tries < UPSTREAM_PORTS.count;
      if (!taken) return fault(error);
      tries += 1;
      bound = nextPort(bound);
      socket.bind(bound);
    });
    socket.on('listening', () => phones.remember({ phone, server: server.name, port: bound }));
    socket.on('message', (bytes, from) => {
      // Nobody but the operator's server speaks SIP to the site.
      if (from.address === server.address && !stall.stale())
        listen({ from: 'network', phone, server: server.name, bytes });
    });
    socket.bind(bound);
    upstreams.set(keyOf(phone, server.name), upstream);
    if (upstreams.size > MOST_PHONES) closeOldest();
    return upstream;
  }

  function closeOldest(): void {
    const [key, oldest] = upstreams.entries().next().value ?? [];
    if (key === undefined || oldest === undefined) return;
    upstreams.delete(key);
    oldest.socket.close();
  }

  function upstreamOf(phone: Endpoint, name: string): Upstream | undefined {
    const key = keyOf(phone, name);
    const known = upstreams.get(key);
    if (known) {
      // Moved to the end: the map is in the order of last use.
      upstreams.delete(key);
      upstreams.set(key, known);
      return known;
    }
    const server = servers.find((candidate) => candidate.name === name);
    return server && openUpstream(phone, server, portFor(phone));
  }

  return {
    open(listener) {
      listen = listener;
      for (const server of servers) openDownstream(server);
      for (const { phone, server: name, port } of phones.all()) {
        const server = servers.find((candidate) => candidate.name === name);
        if (server) openUpstream(phone, server, port);
      }
    },
    toPhone(phone, server, bytes) {
      if (!closed && phone.port > 0) downstreams.get(server)?.send(bytes, phone.port, phone.address);
    },
    toNetwork(phone, name, bytes) {
      if (closed) return;
      const upstream = upstreamOf(phone, name);
      upstream?.socket.send(bytes, upstream.server.port, upstream.server.address);
    },
    close() {
      closed = true;
      stall.stop();
      for (const socket of downstreams.values()) socket.close();
      for (const { socket } of upstreams.values()) socket.close();
    },
  };
}

/** A server of IPv6 has sockets of that family alone: its relay port is another one than that of any other server. */
const socketFor = ({ address }: Endpoint): Socket =>
  isIpv6(address) ? createSocket({ type: 'udp6', ipv6Only: true }) : createSocket('udp4');

const keyOf = (phone: Endpoint, server: string): string => `${phone.address}:${phone.port} ${server}`;

const nextPort = (port: number): number =>
  UPSTREAM_PORTS.first + ((port + 1 - UPSTREAM_PORTS.first) % UPSTREAM_PORTS.count);

/** Spread by address, so that the same phone tends to the same port also without a memory of it. */
function portFor({ address, port }: Endpoint): number {
  const parts = isIpv6(address)
    ? [...canonicalIpv6(address)].map((letter) => letter.charCodeAt(0))
    : address.split('.').map(Number);
  const number = parts.reduce((sum, part) => (sum * 256 + part) % 65_521, port);
  return UPSTREAM_PORTS.first + (number % UPSTREAM_PORTS.count);
}
