import type { LampStates } from '../model/board.ts';

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
  };
  /** Absent where the box serves nothing but calls and data. */
  readonly services?: ServicesView | undefined;
  /** What the lamps of the box show (G-2, M-3). */
  readonly lamps?: LampStates | undefined;
  /** Absent where the box was installed without slots for releases. */
  readonly firmware?: FirmwareView | undefined;
  /** What of the box can be started anew, a link by its name; absent: the agent alone. */
  readonly restartable?: readonly { readonly of: 'Agent' | 'Modem' | 'Link' | 'Box'; readonly name: string }[];
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
