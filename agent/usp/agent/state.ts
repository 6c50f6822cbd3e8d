import type { Diagnosis } from '../../model/diagnosis.ts';
import type { ServiceSurroundings } from '../../model/judge-services.ts';
import type { ManagedServices } from '../../model/managed-services.ts';
import type { CheckSum } from '../../model/release.ts';
import type { SimOrder } from '../../model/sim-swap.ts';
import { type AlarmBook, NO_ALARMS } from '../alarms.ts';
import type { Controller } from '../controller.ts';
import type { Values } from '../model/object-type.ts';
import type { Sight } from '../sight.ts';
import type { Body, Notify, UspRecord } from '../wire/message.ts';
import type { Encoding } from './bulk-report.ts';
import type { FaxOrder } from './fax-order.ts';
import type { Going } from './going.ts';

/** A notification that waits for its answer (TR-369 1.4, R-NOT.1 to R-NOT.4). Times in ms of the monotonic clock. */
export type Notice = {
  readonly msgId: string;
  readonly controller: number;
  readonly notify: Partial<Notify>;
  readonly attempts: number;
  readonly due: number;
  readonly expires?: number;
  /** Survives a restart: its subscription does. */
  readonly keeps: boolean;
};

/** What survives a restart of the agent. */
export type Book = {
  /** Values that controllers set, and the rows that they made, by path. */
  readonly rows: Readonly<Record<string, Values>>;
  /** The last number of each table: numbers are never used twice. */
  readonly last: Readonly<Record<string, number>>;
  readonly notices: readonly Notice[];
  /** Who wanted the restart that comes next, and why. */
  readonly restart?: { readonly commandKey: string; readonly reason: string };
  /** Restarts that were ordered, newest last: what for survives them (M-3). */
  readonly restarts?: readonly OrderedRestart[];
  /** What stands wrong, and what did (M-3). */
  readonly alarms: AlarmBook;
};

export type OrderedRestart = {
  /** Unix ms. */
  readonly at: number;
  readonly of: RestartTarget;
  /** Of a link: its name. */
  readonly name: string;
  readonly by: string;
  readonly reason: string;
};

export const RESTART_TARGETS = ['Agent', 'Modem', 'Link', 'Box'] as const;
export type RestartTarget = (typeof RESTART_TARGETS)[number];

export const EMPTY_BOOK: Book = { rows: {}, last: {}, notices: [], alarms: NO_ALARMS };

export type UspState = {
  readonly at: 'away' | 'joined';
  readonly book: Book;
  readonly going: readonly Going[];
  /** Values last told, by the path of the subscription and of the parameter. */
  readonly seen: Readonly<Record<string, Values>>;
  /** When `Periodic!` is due, by controller. */
  readonly periodic: Readonly<Record<number, number>>;
  /** Of this life: when the connection stands since (Unix ms), and how many were lost. */
  readonly road: { readonly since?: number; readonly lost: number };
  /** `Boot!` was told in this life. */
  readonly booted: boolean;
  /** Messages so far: a message of one life never has the name of another. */
  readonly told: number;
  /** Requests that a controller may still make at once, and since when it is counted. */
  readonly patience: Readonly<Record<number, { readonly left: number; readonly at: number }>>;
  /** Profiles of BulkData by path. */
  readonly bulk: Readonly<Record<string, Profile>>;
  /** When a release that was wished for is no longer to be started (ms of the monotonic clock). */
  readonly wishEnds?: number;
  /** Subscriptions whose settings are to be made, and when they were made last (ms of the monotonic clock). */
  readonly triggered: Readonly<Record<string, boolean>>;
  readonly pulled: Readonly<Record<string, number>>;
  /** When a controller that has answered is asked again to take the agent on (ms of the monotonic clock). */
  readonly onboarding: Readonly<Record<number, number>>;
  /** Rows of the managed services as they last entered the book. */
  readonly served?: Readonly<Record<string, Values>>;
};

/** A profile of BulkData on its way through time (ms of the monotonic clock). */
export type Profile = {
  /** What its schedule was made of. */
  readonly schedule: string;
  readonly due: number;
  /** Reports that did not arrive, as many as are retained; `sending`: those that the broker has not answered. */
  readonly failed: readonly string[];
  readonly sending?: readonly string[];
  readonly forced: boolean;
};

/** What a controller did, for the record (M-6). */
export type SupportAction = {
  readonly by: string;
  readonly action: 'set' | 'add' | 'delete' | 'operate';
  readonly message: string;
  readonly paths: readonly string[];
  /** 0: done; otherwise the code of the standard that it was refused with. */
  readonly outcome: number;
};

export type Command = 'SelfTestDiagnostics()' | 'X_RELAIS_LogTail()';

/** S-1: what is wanted of the card of the mobile line; its secrets are written down nowhere. */
export type CardWish = {
  readonly order: SimOrder;
  readonly download?: { readonly code: string; readonly confirmation?: string };
  readonly pin?: string;
};

type Now = { readonly sight: Sight; readonly chance: number };

export type UspEvent = Now &
  (
    | { readonly on: 'joined' }
    | { readonly on: 'left' }
    /** On the topic that is `controller`'s alone. */
    | { readonly on: 'heard'; readonly controller: number; readonly record: UspRecord; readonly log: readonly string[] }
    | { readonly on: 'looked' }
    | {
        readonly on: 'finished';
        readonly request: number;
        readonly output: Values;
        /** Why nothing came of it. */
        readonly refusal?: string | undefined;
      }
    | { readonly on: 'published'; readonly profile: string; readonly taken: boolean }
  );

export type UspEffect =
  | { readonly do: 'tell'; readonly controller: number; readonly msgId: string; readonly body: Body }
  | { readonly do: 'greet'; readonly controller: number }
  | { readonly do: 'end-session'; readonly controller: number }
  | { readonly do: 'record'; readonly action: SupportAction }
  | { readonly do: 'keep'; readonly book: Book }
  | { readonly do: 'run'; readonly command: Command; readonly request?: number }
  | { readonly do: 'diagnose'; readonly request: number; readonly diagnosis: Diagnosis }
  | { readonly do: 'swap'; readonly request: number; readonly wish: CardWish }
  | {
      readonly do: 'publish';
      readonly profile: string;
      readonly controller: number;
      readonly reports: readonly string[];
      readonly encoding: Encoding;
    }
  | { readonly do: 'fax'; readonly order: FaxOrder; readonly request: number }
  /** D-3 */
  | {
      readonly do: 'fetch-release';
      readonly url: string;
      readonly by: string;
      /** Wished for as soon as it is there. */
      readonly activate: boolean;
      readonly checkSum?: CheckSum;
      readonly request: number;
    }
  | { readonly do: 'activate-release'; readonly by: string; readonly request: number }
  | { readonly do: 'withdraw-release' }
  | { readonly do: 'start-anew'; readonly restart: OrderedRestart }
  /** The managed services are to become these; their rows as the controller left them. */
  | {
      readonly do: 'serve';
      readonly by: string;
      readonly rows: Readonly<Record<string, Values>>;
      readonly services: ManagedServices;
    }
  | { readonly do: 'confirm'; readonly change: number }
  | { readonly do: 'restore'; readonly by: string; readonly to: 'committed' | 'standard' }
  | { readonly do: 'alarm'; readonly what: string; readonly controller: number; readonly from: string };

export type UspRules = {
  readonly agent: string;
  readonly controllers: readonly Controller[];
  /** Absent where nothing is managed. */
  readonly services?: ServiceSurroundings | undefined;
};

export type Step = readonly [UspState, readonly UspEffect[]];

/** Nothing was told yet in this life; what earlier ones left behind is in the book, and goes on. */
export const startUsp = (book: Book, going: readonly Going[] = []): UspState => ({
  at: 'away',
  book,
  going,
  seen: {},
  periodic: {},
  road: { lost: 0 },
  booted: false,
  told: 0,
  patience: {},
  bulk: {},
  triggered: {},
  pulled: {},
  onboarding: {},
});
