/** Which link carries voice and which data; names of the site's links. */
export type Steering = { readonly voice: string; readonly data: string };

/**
 * What data of the LANs may do on a link, both ways together: kbit/s, and bytes that may still pass before it is cut.
 * Undefined: as much as the link carries. Voice, probes and what the box itself says are not touched.
 */
export type DataRule = { readonly kbps: number | undefined; readonly bytes: number | undefined };

/** By the name of the link; a link that is not named has no limit. */
export type DataRules = Readonly<Record<string, DataRule>>;

/** What runs on the links now, so that data leaves room for it. */
export type Traffic = {
  /** The codec of each running call as SIP tells it; undefined: not known, and taken for the dearest. */
  readonly calls: readonly (string | undefined)[];
  /** What links of varying rate bear now; a link that is not named bears what was ordered. */
  readonly rates: Readonly<Record<string, LinkRate>>;
};
/** kbit/s at layer 3. */
export type LinkRate = { readonly upKbps: number; readonly downKbps: number };

export type Led = Steering & { readonly beaten: boolean };

/** The data plane of the box. It stands by itself: a dead agent changes nothing of what was steered. */
export interface Network {
  /** Puts the whole plan in place, whatever was there of ours before. */
  install(steering: Steering, done: (error: Error | undefined) => void): void;
  /** Moves voice and data in the kernel's maps, for established flows too. */
  steer(steering: Steering, done: (error: Error | undefined) => void): void;
  /** Data of each link from now on, through a restart of the agent too (S-6, S-7); what passed before counts no more. */
  limit(rules: DataRules, done: (error: Error | undefined) => void): void;
  /** the ceiling of data follows; voice is not touched. Absent where nothing is shaped. */
  adapt?(traffic: Traffic, done: (error: Error | undefined) => void): void;
  /** SIP goes through the relay, or straight through the kernel (fail open). */
  relay(through: boolean, done: (error: Error | undefined) => void): void;
  /**
   * Where the kernel leads traffic now, by the heartbeats of the operator's far end, when `wanted` was ordered last;
   * `beaten`: the link wanted for voice has heartbeats, and the kernel looks after it. Absent, or undefined: nobody beats.
   */
  led?(wanted: Steering, done: (led: Led | undefined) => void): void;
  /** Puts back the routes that the kernel took away with a link's carrier; what is there stays as it is. */
  mend?(): void;
  /** Takes over the routers that announce themselves on links of IPv6; absent where none does. */
  learn?(): void;
  close(): void;
}
