import type { Millis } from '../../model/units.ts';
import type { T38Version } from './ifp.ts';
import { type LossSeen, NO_LOSS_SEEN } from './loss-seen.ts';
import type { ParityGroup } from './parity.ts';

/** How a packet came: by itself, as a secondary of a later datagram, or mended from parity. */
export type Way = 'primary' | 'secondary' | 'parity';

export type Packet = { readonly sequence: number; readonly octets: Uint8Array; readonly way: Way };
/** A packet behind a gap, and when it came. */
export type Held = Packet & { readonly since: Millis };

export type Receiver = {
  /** Sequence number to be delivered next; undefined until something was heard. */
  readonly next: number | undefined;
  /** Packets behind a gap, in order. */
  readonly held: readonly Held[];
  /** The last packets delivered, oldest first: parity needs them, and so does the judgment of what comes late. */
  readonly recent: readonly Packet[];
  readonly groups: readonly ParityGroup[];
  /** Where the stream before this one ended. */
  readonly former: number | undefined;
  /** The last datagram that was too old to be late. */
  readonly stale: number | undefined;
  readonly loss: LossSeen;
  readonly counts: ReceiverCounts;
};

/** Since the beginning: datagrams ignored and repeated, packets delivered, of these not by their own datagram, and missing. */
export type ReceiverCounts = {
  readonly ignored: number;
  readonly repeated: number;
  readonly delivered: number;
  readonly mended: number;
  readonly missing: number;
};

export type ReceiverNews =
  | { readonly on: 'datagram-heard'; readonly octets: Uint8Array; readonly now: Millis }
  | { readonly on: 'waited'; readonly now: Millis };

export type ReceiverEffect =
  | ({ readonly do: 'deliver' } & Packet)
  | { readonly do: 'tell-missing'; readonly first: number; readonly count: number }
  | { readonly do: 'tell-new-stream'; readonly first: number }
  | { readonly do: 'wait'; readonly name: 'gap'; readonly for: Millis };

/** `patience`: how long a packet may be held behind a gap; about 100 ms for V.21, up to what the modem's lead allows for images. */
export type ReceiverRules = { readonly version: T38Version; readonly patience: Millis };

export const startReceiver = (): Receiver => ({
  next: undefined,
  held: [],
  recent: [],
  groups: [],
  former: undefined,
  stale: undefined,
  loss: NO_LOSS_SEEN,
  counts: { ignored: 0, repeated: 0, delivered: 0, mended: 0, missing: 0 },
});

/** The state with more counted. */
export function counted(state: Receiver, more: Partial<ReceiverCounts>): Receiver {
  const { ignored, repeated, delivered, mended, missing } = state.counts;
  return {
    ...state,
    counts: {
      ignored: ignored + (more.ignored ?? 0),
      repeated: repeated + (more.repeated ?? 0),
      delivered: delivered + (more.delivered ?? 0),
      mended: mended + (more.mended ?? 0),
      missing: missing + (more.missing ?? 0),
    },
  };
}
