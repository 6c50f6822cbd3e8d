import type { ClockBlock } from '../model/record.ts';
import type { ApduChannel } from './apdu-channel.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { DayCounts } from './day-counts.ts';
import type { Devices } from './devices.ts';
import type { FaxWires } from './fax-wires.ts';
import type { HttpsPost } from './https-post.ts';
import type { Journal } from './journal.ts';
import type { Media } from './media.ts';
import type { Network } from './network.ts';
import type { Probes } from './probes.ts';
import type { Random } from './random.ts';
import type { RecordStore } from './record-store.ts';
import type { Signing } from './signing.ts';
import type { SimModem } from './sim-modem.ts';
import type { StartPointStore } from './start-point-store.ts';
import type { SwapJournal } from './swap-journal.ts';
import type { UnreadSignalling } from './unread-signalling.ts';
import type { Uplink } from './uplink.ts';
import type { VoiceWire } from './voice-wire.ts';

/** Everything that the agent needs from the world. The box fills it from the kernel, the simulator from arithmetic. */
export type AgentPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: RecordStore;
  readonly startPoint: StartPointStore;
  readonly checkpoints: CheckpointStore;
  readonly signing: Signing;
  readonly uplink: Uplink;
  readonly dayCounts: DayCounts;
  readonly counters: Counters;
  /** What controllers set and subscribed to; absent: it lives as long as the agent. */
  readonly supportBook?: Pick<StartPointStore, 'read' | 'keep'>;
  readonly network: Network;
  readonly probes: Probes;
  readonly voice: VoiceWire;
  readonly media: Media;
  /** Absent where nothing of the kind can be counted. */
  readonly unread?: UnreadSignalling;
  readonly devices: Devices;
  /** Absent where the box has no modem. */
  readonly sim?: SimPorts | undefined;
  readonly journal: Journal;
  readonly boot: Boot;
  /** SHA-256 of the UTF-8 bytes, in hex. */
  readonly sha256: (text: string) => string;
  /** Absent where the site has no fax lines, or their secrets can't be read. */
  readonly fax?: FaxWires | undefined;
};

/** The mobile line: its modem, the way into its card and to the servers of profiles, and the journal of its swaps. */
export type SimPorts = {
  readonly modem: SimModem;
  readonly apdus: ApduChannel;
  readonly https: HttpsPost;
  readonly journal: SwapJournal;
  /** The modem was started anew by somebody, or is back. */
  readonly restarted: (listen: () => void) => void;
};

export type Boot = {
  /** Names one life of the kernel's monotonic clock. */
  readonly id: string;
  readonly software: string;
  quality(): ClockBlock['quality'];
  /** Memory of the machine, and what this process holds of it, in kB; absent where nobody can say. */
  memory?(): { readonly total: number; readonly free: number; readonly own: number };
  /** Ends the agent as an order to stop would; whoever supervises it starts it again (M-3). Absent where nobody does. */
  restart?(): void;
};
