import type { SipDatagram, VoiceWire } from '../ports/voice-wire.ts';

/** Passes a datagram on to the other side, byte for byte. */
export function forward(voice: VoiceWire, datagram: SipDatagram): void {
  if (datagram.from === 'phone') voice.toNetwork(datagram.phone, datagram.server, datagram.bytes);
  else voice.toPhone(datagram.phone, datagram.server, datagram.bytes);
}
