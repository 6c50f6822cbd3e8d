import type { Millis } from '../../model/units.ts';
import type { IfpPacket, T38Version } from './ifp.ts';
import type { Loss } from './loss-seen.ts';
import type { Protection } from './protection.ts';
import type { IfpRefusal } from './write-ifp.ts';

export type Sender = {
  /** Sequence number of the next packet. */
  readonly next: number;
  /** The last packets sent, newest first. */
  readonly sent: readonly SentPacket[];
  /** Copies to come, the soonest first. */
  readonly copies: readonly Copy[];
  readonly protection: Protection;
};

export type SentPacket = { readonly octets: Uint8Array; readonly key: boolean };

/** A datagram once more, later: because its packet is key, because it is the last before a silence, or because too little fits it. */
export type Copy = {
  readonly at: Millis;
  readonly sequence: number;
  readonly kind: 'key' | 'tail' | 'twin' | 'keep-alive';
  readonly datagram: Uint8Array;
};

export type SenderNews =
  | { readonly on: 'opened'; readonly now: Millis }
  | { readonly on: 'packet-made'; readonly packet: IfpPacket; readonly now: Millis }
  | { readonly on: 'loss-seen'; readonly loss: Loss }
  | { readonly on: 'waited'; readonly now: Millis };

export type SenderEffect =
  | { readonly do: 'send'; readonly octets: Uint8Array }
  | { readonly do: 'wait'; readonly name: 'copy'; readonly for: Millis }
  | { readonly do: 'tell-refused'; readonly packet: IfpPacket; readonly refusal: IfpRefusal };

/** As negotiated (`negotiate`): `largest` is the peer's T38FaxMaxDatagram, octets of UDP payload. */
export type SenderRules = {
  readonly version: T38Version;
  readonly largest: number;
  readonly repair: 'secondaries' | 'parity' | 'none';
};
