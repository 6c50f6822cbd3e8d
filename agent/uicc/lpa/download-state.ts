import type { Millis } from '../../model/units.ts';
import type { ProfileMetadata } from '../es10/profiles.ts';
import type { CancelReason, DeviceIdentity } from '../es10/session.ts';
import type { AskCard, CardNews, PostServer, ServerNews } from './asked.ts';
import type { LpaFailure } from './failure.ts';

/** What is to be downloaded. Not part of the state: its codes are not written to a journal (S-8). */
export type DownloadOrder = {
  /** Host name, with a port where there is one; the servers' certificates have to bear it. */
  readonly server: string;
  readonly matchingId: string;
  readonly serverOid: string | undefined;
  readonly confirmationCode: string | undefined;
  readonly device: DeviceIdentity;
  /** How often a download that met silence is begun anew, and after how long. */
  readonly retries: number;
  readonly pause: Millis;
};

/** The profile that a server offers; bytes in hex. */
export type Offer = {
  readonly transactionId: string;
  readonly metadata: ProfileMetadata;
  readonly rawMetadata: string;
  readonly signed: string;
  readonly signature: string;
  readonly certificate: string;
  readonly needsConfirmation: boolean;
};

/** Tries that are left, and why to stop at the next answer where somebody said so. */
export type Begun = { readonly left: number; readonly stop?: CancelReason };

export type DownloadEnd =
  | { readonly is: 'installed'; readonly iccid: string }
  | { readonly is: 'canceled'; readonly reason: CancelReason }
  | { readonly is: 'failed'; readonly failure: LpaFailure };

/** One state of each name, with what is true in all of them. */
type Each<Name extends string, Rest> = Name extends string ? Rest & { readonly at: Name } : never;

export type Download =
  | Each<'informing' | 'initiating', Begun>
  | (Begun & { readonly at: 'challenging'; readonly info: string })
  | Each<'authenticating' | 'authenticating-client', Begun & { readonly transactionId: string }>
  | Each<
      'reading-rules' | 'seeking-twin' | 'consenting' | 'preparing' | 'fetching' | 'loading' | 'looking',
      Begun & { readonly offer: Offer }
    >
  /** The session ends on the card, then at the server; `end` is what the order comes to, unless it begins anew. */
  | Each<
      'canceling' | 'telling-server',
      { readonly left: number; readonly transactionId: string; readonly end: DownloadEnd }
    >
  | { readonly at: 'pausing'; readonly left: number }
  | { readonly at: 'over'; readonly end: DownloadEnd };

export type DownloadEvent =
  | CardNews
  | ServerNews
  | { readonly on: 'consented' }
  | { readonly on: 'waited' }
  /** Somebody does not want it, or not now. Too late once the package goes to the card. */
  | { readonly on: 'canceled'; readonly reason: CancelReason };

export type DownloadEffect =
  | AskCard
  | PostServer
  | { readonly do: 'ask-consent'; readonly metadata: ProfileMetadata }
  | { readonly do: 'wait'; readonly for: Millis };

export type Answer = readonly [Download, readonly DownloadEffect[]];
export type At<S extends Download['at']> = Extract<Download, { readonly at: S }>;

export const go = (state: Download, ...effects: readonly DownloadEffect[]): Answer => [state, effects];

/** Tries and stop go on from state to state. */
export const begun = ({ left, stop }: Begun): Begun => (stop === undefined ? { left } : { left, stop });
