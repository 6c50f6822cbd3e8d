import type { LampStates } from '../model/board.ts';
import type { BoxReadings } from '../model/box-readings.ts';
import type { FaxView } from '../model/fax-documents.ts';
import type { LinkQuality } from '../model/link-quality.ts';
import type { VoiceBook } from './voice-book.ts';

/** What the agent knows of its site at one instant, plainly: the data model is made of this and of the controllers' own rows. */
export type Sight = {
  /** Wall clock in Unix ms, monotonic clock of this boot in ms, and since when the agent runs on it. */
  readonly wall: number;
  readonly mono: number;
  readonly began: number;
  readonly clock: 'never' | 'holdover' | 'synced';
  readonly device: string;
  readonly software: string;
  readonly configVersion: number;
  /** Memory of the machine in kB, where it is known. */
  readonly memory?: { readonly total: number; readonly free: number; readonly own: number };
  readonly links: readonly LinkView[];
  readonly failover: { readonly enabled: boolean; readonly holdOffMs: number };
  readonly steering: { readonly voice: string; readonly data: string };
  readonly calls: number;
  readonly channels: number;
  readonly lines: readonly { readonly number: string; readonly label: string; readonly suspended: boolean }[];
  readonly credit: CreditView;
  readonly ledger: LedgerView;
  readonly broker: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly joined: boolean;
    /** Seconds that the connection may be silent (MQTT 5, 3.1.2.10). */
    readonly keepAlive?: number;
    /** Packets of MQTT of this life of the agent. */
    readonly packets?: { readonly sent: number; readonly received: number } | undefined;
  };
  /** Absent where the box serves nothing but calls and data. */
  readonly services?: ServicesView | undefined;
  /** What devices and kernel said when they were asked last; support asks when somebody looks there. */
  readonly readings?: BoxReadings | undefined;
  /** What the records of this life say of calls and faxes: the same object while nothing has changed. */
  readonly voice?: VoiceBook | undefined;
  readonly mobile?: MobileView | undefined;
  /** The UPS feeds the box from the mains; absent where nothing is known of them. */
  readonly mains?: boolean | undefined;
  /** Limits of the contract that are reached. */
  readonly limits?: readonly string[] | undefined;
  /** Fax lines of the site, E.164, and who has them. */
  readonly faxLines?: readonly { readonly number: string; readonly mode: 'machine' | 'terminal' }[] | undefined;
  /** Absent where no line is a fax terminal. */
  readonly fax?: FaxView | undefined;
  /** What the lamps of the box show (G-2, M-3). */
  readonly lamps?: LampStates | undefined;
  /** Absent where the box was installed without slots for releases. */
  readonly firmware?: FirmwareView | undefined;
  /** What of the box can be started anew, a link by its name; absent: the agent alone. */
  readonly restartable?: readonly { readonly of: 'Agent' | 'Modem' | 'Link' | 'Box'; readonly name: string }[];
};

/** The one modem of the box, the link that it carries, and the orders of its card (S-1). */
export type MobileView = {
  readonly link: string;
  /** E.164; absent where the link has no line of its own. */
  readonly number?: string | undefined;
  readonly swapping: boolean;
  readonly last?: { readonly order: string; readonly outcome: string; readonly why: string } | undefined;
};

/** Releases of the box, as TR-181 `DeviceInfo.FirmwareImage.` has them. */
type FirmwareView = {
  readonly slots: readonly {
    readonly name: string;
    readonly version: string;
    readonly status: string;
    readonly failure: string;
  }[];
  /** Number of the row that the box lives on. */
  readonly active: number;
  /** The release is another one than in the life before. */
  readonly updated: boolean;
};

/** The managed services and the change that is on its way (M-1, M-2). */
export type ServicesView = {
  /** Objects of the model by path: the same object while nothing has changed. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly state: 'Committed' | 'Applying' | 'Reaching' | 'OnTrial' | 'Undoing';
  /** On trial; 0: none. */
  readonly change: number;
  readonly secondsLeft: number;
  readonly lastChange: number;
  readonly lastResult: string;
  readonly changedByHand: readonly string[];
  /** What is committed is the standard configuration. */
  readonly standard: boolean;
};

type LinkView = {
  readonly name: string;
  readonly role: 'main' | 'second';
  readonly kind: string;
  readonly upKbps: number;
  readonly downKbps: number;
  /** Probes are answered; undefined where none are sent. */
  readonly answers: boolean | undefined;
  readonly gateway?: string | undefined;
  readonly answered: number;
  readonly lost: number;
  readonly rttMicros: number | undefined;
  readonly metered?: { readonly spent: number; readonly limit: number };
  /** Of the last probes. */
  readonly quality?: LinkQuality | undefined;
};

type CreditView = {
  readonly cycle: number;
  /** What may still be reserved: micro-euro and seconds of the bundle. */
  readonly microEuro: number;
  readonly bundleSeconds: number;
  readonly limited: boolean;
  readonly leases: readonly {
    readonly id: string;
    readonly cycle: number;
    readonly ticks: number;
    readonly bundleSeconds: number;
  }[];
};

type LedgerView = {
  readonly epoch: string;
  readonly size: number;
  readonly head: string;
  /** What the central holds for certain. */
  readonly received: number;
  readonly recording: boolean;
  readonly bytes: number;
  readonly room: number;
};
