import type { TakenBack } from '../model/services-changed.ts';
import type { Millis } from '../model/units.ts';

/** A change on its way. `cuts`: it could cut the management path, so that it needs the word of a controller. */
export type Trial<Config> = {
  readonly id: number;
  readonly by: string;
  readonly wanted: Config;
  readonly cuts: boolean;
};

/** What survives a power cut: replaced whole. `last`: the number of the last change. */
export type CommitJournal<Config> = {
  readonly committed: Config;
  readonly last: number;
  readonly trial?: Trial<Config>;
};

type Known<Config> = {
  readonly committed: Config;
  readonly last: number;
  /** Names the order to data plane or medium that is answered next: what an older one brings back is no news. */
  readonly attempt: number;
};
export type Trying<Config> = Known<Config> & { readonly trial: Trial<Config> };

export type CommitConfirm<Config> =
  | (Known<Config> & { readonly at: 'starting'; readonly interrupted?: Trial<Config> })
  | (Known<Config> & { readonly at: 'settled' })
  | (Trying<Config> & { readonly at: 'noting' })
  | (Trying<Config> & { readonly at: 'applying' })
  | (Trying<Config> & { readonly at: 'reaching' })
  | (Trying<Config> & { readonly at: 'on-trial' })
  | (Trying<Config> & { readonly at: 'confirming' })
  | (Trying<Config> & { readonly at: 'undoing'; readonly why: TakenBack })
  | (Trying<Config> & { readonly at: 'clearing'; readonly why: TakenBack });

export type CommitEvent<Config> =
  | { readonly on: 'wanted'; readonly by: string; readonly wanted: Config; readonly cuts: boolean }
  /** What is committed is to be put in place again: somebody has changed it by hand. */
  | { readonly on: 'put-back' }
  | { readonly on: 'kept' | 'keep-failed' | 'applied' | 'apply-failed'; readonly attempt: number }
  /** The connection to the broker is new, and controllers can be heard on it. */
  | { readonly on: 'reached' }
  | { readonly on: 'confirmed'; readonly change: number }
  | { readonly on: 'waited'; readonly name: CommitTimer };

export type CommitTimer = 'trial' | 'reach' | 'again';

export type CommitEffect<Config> =
  | { readonly do: 'keep'; readonly journal: CommitJournal<Config>; readonly attempt: number }
  | { readonly do: 'apply'; readonly config: Config; readonly attempt: number }
  /** The connection to the broker is to be made anew, so that it proves the path. */
  | { readonly do: 'renew' }
  | { readonly do: 'wait'; readonly name: CommitTimer; readonly for: Millis }
  | { readonly do: 'stop-waiting' }
  | { readonly do: 'tell'; readonly what: 'on-trial' | 'committed'; readonly trial: Trial<Config> }
  | { readonly do: 'tell-taken-back'; readonly trial: Trial<Config>; readonly why: TakenBack };

export type CommitPatience = {
  /** From the order to the controller's word; together with the way back it stays under 120 s. */
  readonly confirmWithin: Millis;
  /** From the change in force to the connection over it. */
  readonly reachWithin: Millis;
  /** What the kernel or the medium refused is tried again. */
  readonly tryAgain: Millis;
};
