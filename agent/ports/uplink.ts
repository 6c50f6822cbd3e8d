export type UplinkNews =
  | { readonly on: 'connected' }
  | { readonly on: 'disconnected' }
  | { readonly on: 'message'; readonly topic: string; readonly payload: string };

/** The road to the central. Nothing is queued while disconnected: what was not sent is asked of the ledger again. */
export interface Uplink {
  open(listen: (news: UplinkNews) => void): void;
  /** QoS 1; `done(false)` when the broker did not take it. Only the central's receipt means that it arrived. */
  publish(topic: string, payload: string, done: (taken: boolean) => void): void;
  /** Drops the connection and makes a new one: the path below has changed. */
  renew(): void;
  close(done: () => void): void;
}
