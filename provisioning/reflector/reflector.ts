import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { ntpTime, reflect } from '../../agent/model/stamp.ts';
import { type Beats, createBeats, type SecretOf, type Send } from './beats.ts';

type ReflectorSettings = {
  readonly address: string;
  readonly port: number;
  /** Wall clock in Unix microseconds. */
  readonly wallMicros: () => number;
  /** Sites that may ask for beats; without it there are none. */
  readonly secretOf?: SecretOf | undefined;
};

export type Reflector = { readonly port: number; close(): Promise<void> };

/**
 * Node's sockets do not show the TTL of a datagram. RFC 8762 4.3.1 wants a copy of it; 0 is a value that no received
 * datagram has, so that nobody takes it for a measurement.
 */
const UNKNOWN_TTL = 0;

/**
 * STAMP session-reflector in stateless mode (RFC 8762 4.3): answers with as many octets as it was asked or fewer, from the
 * address that was asked. Sites that it knows get beats on their links besides, if they ask for them (F-3).
 * @throws the system's error when the address cannot be bound.
 */
export async function openReflector({ address, port, wallMicros, secretOf }: ReflectorSettings): Promise<Reflector> {
  const socket = createSocket('udp4');
  const send: Send = (bytes, to, done) => socket.send(bytes, to.port, to.address, () => done?.());
  const beats: Beats | undefined = secretOf && createBeats(secretOf, send);
  socket.on('message', (packet, from) => {
    const received = ntpTime(wallMicros());
    // A source port of 0 cannot be answered (RFC 768), and Node refuses to try.
    if (from.port === 0 || beats?.echoed(packet)) return;
    const plain = reflect(packet, received, UNKNOWN_TTL, ntpTime(wallMicros()));
    const reply = plain && (beats?.asked(packet, from, plain) ?? plain);
    // A reply that cannot be sent is a probe that is lost: the sender counts it.
    if (reply !== undefined) socket.send(reply, from.port, from.address, () => {});
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close: async () => {
      await beats?.close();
      await new Promise<void>((done) => socket.close(() => done()));
    },
  };
}
