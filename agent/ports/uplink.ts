import type { Millis } from '../model/units.ts';

/** What the broker said in its CONNACK (MQTT 5, 3.2.2.3). */
export type BrokerLimits = {
  /** Receive Maximum: QoS 1 publications that it takes without having answered. 65,535 when it said nothing. */
  readonly receiveMaximum: number;
  /** Maximum Packet Size in bytes; absent when there is none. */
  readonly maximumPacketSize?: number;
};

export type UplinkNews =
  | { readonly on: 'connected'; readonly limits: BrokerLimits }
  | { readonly on: 'disconnected' }
  | { readonly on: 'message'; readonly topic: string; readonly payload: string }
  /** The topics of the management plane can be heard now, and what came on one of them. */
  | { readonly on: 'manageable' }
  | { readonly on: 'record'; readonly topic: string; readonly bytes: Uint8Array };

/**
 * A record of USP with what MQTT 5 says of it beside the payload (TR-369 1.4, R-MQTT.26 to R-MQTT.29), or a report of
 * BulkData (R-BULK.8a), which wants no answer: its `responseTopic` is empty.
 */
export type Packet = { readonly bytes: Uint8Array; readonly contentType: string; readonly responseTopic: string };

/** What went over the wire since the process began: bytes of MQTT as TCP carried them, both ways, and its packets. */
export type UplinkUse = {
  readonly bytes: number;
  readonly packets: number;
  readonly connections: number;
  /** Of the packets; absent where the wire does not tell them apart. */
  readonly received?: number;
};

/** The road to the central. Nothing is queued while disconnected: what was not sent is asked of the ledger again. */
export interface Uplink {
  open(listen: (news: UplinkNews) => void): void;
  /** QoS 1; `done(false)` when the broker did not take it. Only the central's receipt means that it arrived. */
  publish(topic: string, payload: string, done: (taken: boolean) => void): void;
  /** The same for a record of USP; absent where the wire carries no management plane. */
  send?(topic: string, packet: Packet, done: (taken: boolean) => void): void;
  /** How long a connection may be silent before it is asked whether it stands; holds from the next connection on. */
  keepAlive?(every: Millis): void;
  /** Drops the connection and makes a new one: the path below has changed. */
  renew(): void;
  use(): UplinkUse;
  close(done: () => void): void;
}
