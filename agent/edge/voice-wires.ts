import type { VoiceWire } from '../ports/voice-wire.ts';
import type { SipDatagramRelay } from './sip-relay.ts';
import type { SipStreamRelay } from './sip-stream-relay.ts';

/** SIP over UDP and over TCP as one wire: a phone that is connected is spoken to over its connection. */
export function joinWires(datagrams: SipDatagramRelay, streams: SipStreamRelay): VoiceWire {
  return {
    open(listen) {
      datagrams.open(listen);
      streams.open(listen);
    },
    transport: (phone) => (streams.holds(phone) ? 'TCP' : 'UDP'),
    toPhone: (phone, server, bytes) =>
      streams.holds(phone) ? streams.toPhone(phone, bytes) : datagrams.toPhone(phone, server, bytes),
    toNetwork: (phone, server, bytes) =>
      streams.holds(phone) ? streams.toNetwork(phone, bytes) : datagrams.toNetwork(phone, server, bytes),
    moved: streams.renew,
    close() {
      datagrams.close();
      streams.close();
    },
  };
}
