import type { ClockBlock } from '../model/record.ts';
import type { ApduChannel } from './apdu-channel.ts';
import type { BoxEyes } from './box-eyes.ts';
import type { Button } from './button.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { DayCounts } from './day-counts.ts';
import type { Devices } from './devices.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FaxDocuments } from './fax-documents.ts';
import type { FaxLine } from './fax-modem.ts';
import type { FaxInbox, FaxOutbox } from './fax-spool.ts';
import type { FaxWires } from './fax-wires.ts';
import type { HttpsPost } from './https-post.ts';
import type { Journal } from './journal.ts';
import type { Lamps } from './lamps.ts';
import type { LineModem } from './line-modem.ts';
import type { LinkSwitch } from './link-switch.ts';
import type { Media } from './media.ts';
import type { Messages } from './messages.ts';
import type { Network } from './network.ts';
import type { Probes } from './probes.ts';
import type { Random } from './random.ts';
import type { RecordStore } from './record-store.ts';
import type { ServicesPorts } from './services-plane.ts';
import type { Signing } from './signing.ts';
import type { SimModem } from './sim-modem.ts';
import type { StartPointStore } from './start-point-store.ts';
import type { SwapJournal } from './swap-journal.ts';
import type { UnreadSignalling } from './unread-signalling.ts';
import type { Updates } from './updates.ts';
import type { Uplink } from './uplink.ts';
import type { UplinkIdentity } from './uplink-identity.ts';
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
  /** The same modem, as the states and limits of the line need it; absent where the box has none. */
  readonly lineModem?: LineModem | undefined;
  readonly journal: Journal;
  readonly boot: Boot;
  /** SHA-256 of the UTF-8 bytes, in hex. */
  readonly sha256: (text: string) => string;
  /** Absent where the box has no fax modem, or the site no machine on it. */
  readonly faxModem?: FaxModemPorts | undefined;
  /** Absent where the site has no fax lines, or their secrets can't be read. */
  readonly fax?: FaxWires | undefined;
  /** Absent where no line is a terminal. */
  readonly faxSpool?: FaxSpoolPorts | undefined;
  /** Absent where the box shows the broker no certificate. */
  readonly identity?: UplinkIdentity | undefined;
  /** Absent where the box serves nothing but calls and data. */
  readonly services?: ServicesPorts | undefined;
  /** What support looks at; absent where there is nothing to be looked at. */
  readonly eyes?: BoxEyes | undefined;
  /** Tests of one link; absent where nothing can be tested. */
  readonly diagnostics?: Diagnostics | undefined;
  /** Absent where the box was installed without slots for releases (D-3). */
  readonly updates?: Updates | undefined;
  /** Absent where the box has no lamps that we may light (G-2). */
  readonly lamps?: Lamps | undefined;
  /** Absent where the box has no reset button. */
  readonly button?: Button | undefined;
  /** The box shown on the data LAN; `page` is asked for its lines whenever somebody looks. Answers how to end it. */
  readonly announce?: ((page: () => readonly string[]) => () => void) | undefined;
  /** One access link down and up again; absent where nobody can. */
  readonly links?: LinkSwitch | undefined;
};

/** faxes on the medium of the box, and the mail that they go by. */
export type FaxSpoolPorts = {
  readonly inbox: FaxInbox;
  readonly outbox: FaxOutbox;
  /** Absent where no documents come over the management plane. */
  readonly documents?: FaxDocuments | undefined;
  stop(): void;
};

/** the Class 1 modem of the fax machine. */
export type FaxModemPorts = {
  readonly line: FaxLine;
  close(done: () => void): void;
};

/** The mobile line: its modem, the way into its card and to the servers of profiles, and the journal of its swaps. */
export type SimPorts = {
  readonly modem: SimModem;
  readonly apdus: ApduChannel;
  readonly https: HttpsPost;
  readonly journal: SwapJournal;
  /** The modem was started anew by somebody, or is back. */
  readonly restarted: (listen: () => void) => void;
  /** Of the modem; servers of profiles ask for it. */
  readonly imei: (done: (imei: string | undefined) => void) => void;
  /** Short messages on the same modem, and the file where they are kept; absent where it carries none (S-11). */
  readonly sms?: {
    readonly messages: Messages;
    readonly announced: (listen: () => void) => void;
    readonly file: SwapJournal;
  };
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
  /** All that a release is for works: whoever started this on trial may confirm it. Said once. */
  healthy?(): void;
  /** Ends the agent in order and has safe mode begun in its place, until the box has power again. Absent where nobody does. */
  rest?(): void;
  /** Starts the whole box anew (M-3). Absent where nobody does. */
  reboot?(): void;
};
