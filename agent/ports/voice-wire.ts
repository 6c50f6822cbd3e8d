export type Endpoint = { readonly address: string; readonly port: number };

/** A SIP datagram, or a message of a stream, seen on the box. `server` is the name of the operator's SIP server that it goes to or comes from. */
export type SipDatagram = {
  readonly from: 'phone' | 'network';
  readonly phone: Endpoint;
  readonly server: string;
  readonly bytes: Uint8Array;
};

/** SIP passes through here byte for byte; RTP never does. */
export interface VoiceWire {
  open(listen: (datagram: SipDatagram) => void): void;
  /** How this phone speaks: what the box says to either side for it goes the same way. */
  transport(phone: Endpoint): 'UDP' | 'TCP';
  toPhone(phone: Endpoint, server: string, bytes: Uint8Array): void;
  toNetwork(phone: Endpoint, server: string, bytes: Uint8Array): void;
  /** Voice took another link. */
  moved(): void;
  close(): void;
}
