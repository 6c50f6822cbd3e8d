import type { EnableForm, LineCheck, Rung, SimSight, SwitchEnd } from '../../model/sim-sight.ts';
import type { SimOrder, SimPlace, SimReport, SwapOutcome } from '../../model/sim-swap.ts';
import type { Books, Swap } from '../../model/swap-journal.ts';
import { type Millis, minutes, seconds } from '../../model/units.ts';

/** `now`: the wall clock. An answer to a question that is no longer asked is not told to the machine. */
export type SwapEvent = SwapNews & { readonly now: Millis };
type SwapNews =
  | { readonly on: 'ordered'; readonly order: SimOrder }
  /** Undefined: the modem did not answer. */
  | { readonly on: 'looked'; readonly seen: SimSight | undefined }
  /** `later`: whoever keeps the record is not here; the journal keeps the report until then. */
  | { readonly on: 'recorded'; readonly so: 'kept' | 'later' | 'no-room' }
  | { readonly on: 'downloaded'; readonly iccid: string }
  | { readonly on: 'download-failed'; readonly why: string }
  | { readonly on: 'switched'; readonly end: SwitchEnd }
  | { readonly on: 'climbed' }
  /** The carrier's configuration was chosen anew, or nobody knows. */
  | { readonly on: 'fitted' }
  /** False: its PIN is not known here, or was not taken. */
  | { readonly on: 'opened'; readonly opened: boolean }
  | { readonly on: 'checked'; readonly line: LineCheck | undefined }
  | { readonly on: 'waited'; readonly name: Wait }
  /** The journal could not be written: of what was to be done next, nothing but the waits is. */
  | { readonly on: 'not-kept' }
  /** The modem was started anew by somebody else: what was barred has to be barred again. */
  | { readonly on: 'restarted' };

type Wait = 'dead-man' | 'pace' | 'rung' | 'record';

export type SwapEffect =
  | { readonly do: 'look' }
  | { readonly do: 'record'; readonly report: SimReport }
  | { readonly do: 'download'; readonly order: string }
  | { readonly do: 'switch'; readonly to: SimPlace; readonly form: EnableForm }
  | { readonly do: 'climb'; readonly rung: Rung }
  /** Enters the PIN that came with the order, and has the card ask for it no more. */
  | { readonly do: 'open'; readonly order: string }
  /** The same for the card that is left: its lock would keep the way back shut. */
  | { readonly do: 'unlock'; readonly order: string }
  /** Has the modem choose its carrier's configuration by the card in use, and start anew with it. */
  | { readonly do: 'fit' }
  /** Undefined: with the access point that is defined. */
  | { readonly do: 'check'; readonly accessPoint: string | undefined }
  /** Off the network, and back on it. */
  | { readonly do: 'bar' }
  | { readonly do: 'admit' }
  /** Tells the servers of profiles what was done; not waited for. */
  | { readonly do: 'deliver' }
  | { readonly do: 'wait'; readonly name: Wait; readonly for: Millis }
  | { readonly do: 'tell'; readonly news: Progress };

/** What is being done, for the eyes of a field engineer. */
export type Progress =
  | { readonly step: 'refused'; readonly why: Refusal; readonly order: string }
  | { readonly step: 'preparing' | 'announcing' | 'downloading' | 'barring' | 'reopening' | 'verifying' }
  | { readonly step: 'switching'; readonly to: SimPlace; readonly back: boolean; readonly attempt: number }
  | { readonly step: 'card-refused'; readonly why: string }
  | { readonly step: 'settling'; readonly rung: Rung | 'wait' }
  | { readonly step: 'unlocking' }
  /** `carrier`: the configuration of another operator. */
  | { readonly step: 'fitting'; readonly carrier: string }
  | { readonly step: 'turning'; readonly why: string }
  | { readonly step: 'waiting-for-budget'; readonly until: Millis }
  | { readonly step: 'recovering'; readonly from: Swap['at'] }
  | { readonly step: 'foreign-card'; readonly iccid: string }
  | {
      readonly step: 'ended';
      readonly outcome: SwapOutcome;
      readonly why: string | undefined;
      readonly to: string | undefined;
    };

export type Refusal =
  | 'busy'
  | 'settled-before'
  | 'journal'
  | 'record'
  | 'modem-silent'
  | 'no-slots'
  | 'no-euicc'
  | 'not-on-card'
  | 'in-use'
  | 'stays-enabled'
  | 'origin-asks-pin'
  | 'barred-card'
  | 'no-target'
  | 'budget';

export type Answer = readonly [Swap, readonly SwapEffect[]];
export type At<S extends Swap['at']> = Extract<Swap, { readonly at: S }>;

export const go = (state: Swap, ...effects: readonly SwapEffect[]): Answer => [state, effects];
export const tell = (news: Progress): SwapEffect => ({ do: 'tell', news });
export const wait = (name: Wait, patience: Millis): SwapEffect => ({ do: 'wait', name, for: patience });

/** How long the engine waits, and for what. */
export const PATIENCE = {
  prepare: seconds(90),
  download: minutes(30),
  /** From the order to the card until traffic passes on it: modems settle in up to 90 s. */
  there: seconds(150),
  /** The way back may find the network out of reach for both cards. */
  back: seconds(240),
  turn: seconds(60),
  look: seconds(2),
  rung: seconds(20),
  record: minutes(10),
} as const;

export const rest = (books: Books): Swap => ({ at: 'resting', books });

/** Nothing was changed, and nothing has to be recorded. */
export const refuse = (books: Books, order: SimOrder, why: Refusal): Answer =>
  go(rest(books), tell({ step: 'refused', why, order: order.id }));
