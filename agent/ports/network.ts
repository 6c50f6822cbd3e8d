/** Which link carries voice and which data; names of the site's links. */
export type Steering = { readonly voice: string; readonly data: string };

/** The data plane of the box. It stands by itself: a dead agent changes nothing of what was steered. */
export interface Network {
  /** Puts the whole plan in place, whatever was there of ours before. */
  install(steering: Steering, done: (error: Error | undefined) => void): void;
  /** Moves voice and data in the kernel's maps, for established flows too. */
  steer(steering: Steering, done: (error: Error | undefined) => void): void;
  /** SIP goes through the relay, or straight through the kernel (fail open). */
  relay(through: boolean, done: (error: Error | undefined) => void): void;
  close(): void;
}
