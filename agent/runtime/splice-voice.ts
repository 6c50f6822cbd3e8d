import type { Endpoint, SipDatagram, VoiceWire } from '../ports/voice-wire.ts';

type Inner = {
  readonly isOwn: (phone: Endpoint) => boolean;
  /** `by`: as it came from the operator, or the guard's own word. */
  readonly hear: (phone: Endpoint, bytes: Uint8Array, by: 'far' | 'policy') => void;
  readonly moved: () => void;
};

type Splice = {
  /** In place of the wire that was spliced. */
  readonly wire: VoiceWire;
  /** What an inner phone sends. */
  readonly say: (phone: Endpoint, server: string, bytes: Uint8Array) => void;
};

/** Phones that live in the box itself, among those of the LAN: whoever listens to the wire sees no difference. */
export function spliceVoice(voice: VoiceWire, { isOwn, hear, moved }: Inner): Splice {
  let listen: (datagram: SipDatagram) => void = () => undefined;
  // What came from the network passes as it came: all else was written by the box.
  const fromNetwork = new WeakSet<Uint8Array>();
  return {
    wire: {
      open(listener) {
        listen = listener;
        voice.open((datagram) => {
          if (datagram.from === 'network' && isOwn(datagram.phone)) fromNetwork.add(datagram.bytes);
          // Nobody on a LAN may speak in the name of an inner phone.
          if (datagram.from === 'network' || !isOwn(datagram.phone)) listener(datagram);
        });
      },
      transport: (phone) => (isOwn(phone) ? 'UDP' : voice.transport(phone)),
      toPhone(phone, server, bytes) {
        if (isOwn(phone)) hear(phone, bytes, fromNetwork.has(bytes) ? 'far' : 'policy');
        else voice.toPhone(phone, server, bytes);
      },
      toNetwork: voice.toNetwork,
      moved() {
        voice.moved();
        moved();
      },
      close: voice.close,
    },
    say: (phone, server, bytes) => listen({ from: 'phone', phone, server, bytes }),
  };
}
