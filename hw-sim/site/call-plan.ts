import type { Class } from '../../agent/model/destination.ts';
import type { Millis } from '../../agent/model/units.ts';
import type { Destiny } from './sip-world.ts';

/** One call as it is meant to be. `far` is as dialed when the call goes out, and the caller's number when it comes in. */
export type CallPlan = {
  readonly id: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly phone: string;
  readonly far: string;
  readonly class: Class;
  readonly destiny: Destiny;
};

/** One call as it was: the reference that the box's records are held against. Instants on the monotonic clock. */
export type SimCall = {
  readonly plan: CallPlan;
  readonly sipCallId: string;
  readonly placedAt: Millis;
  /** The called side began to ring. */
  readonly rangAt: Millis | undefined;
  /** The called side picked up and sent its 200. */
  readonly answeredAt: Millis | undefined;
  /** The caller heard the 200. */
  readonly connectedAt: Millis | undefined;
  /** The first side hung up, or was told that it is over. */
  readonly endedAt: Millis | undefined;
  /** The other side learned of it. */
  readonly releasedAt: Millis | undefined;
  /** `box` when both sides were told and neither hung up. */
  readonly endedBy: 'caller' | 'called' | 'box' | undefined;
  /** The final status that the caller heard; 408 when it heard none. */
  readonly refusedWith: number | undefined;
  readonly gaveUp: boolean;
};
