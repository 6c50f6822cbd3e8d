import type { FaxOutcomeCode } from '../model/fax-events.ts';
import type { Millis } from '../model/units.ts';

/*
 *   out-of-service ── ready ──► on-hook ── lifted ──► dialling ── all digits ──► admitting ── admitted ──► calling
 *                                  │  ▲                  │ nothing dialed            │ refused               │ answered
 *                                  │  └── replaced ── refused-with-busy ◄────────────┴── call over ◄─────────┤
 *                                  │ called                                                                  ▼
 *                                  └──► ringing ── machine answers ─────────────────────────────────────► talking
 *   talking, ringing ── bridge over ──► clearing ── the modem watches the handset again ──► on-hook
 */
export type FaxLineState =
  | { readonly at: 'out-of-service' }
  | { readonly at: 'on-hook' }
  | { readonly at: 'dialling'; readonly digits: string }
  /** What the box says of the number, and its record, are awaited; the machine may have given up meanwhile, or its modem be gone. */
  | { readonly at: 'admitting'; readonly digits: string; readonly abandoned: 'by-machine' | 'with-modem' | undefined }
  /** The machine hears a busy tone until it hangs up. */
  | { readonly at: 'refused-with-busy' }
  | { readonly at: 'calling' }
  /** The bridge rings the machine. */
  | { readonly at: 'ringing'; readonly ending: FaxOutcomeCode | undefined }
  /** `ending`: what the end will be called, where it is not for the bridge to say. */
  | { readonly at: 'talking'; readonly open: boolean; readonly ending: FaxOutcomeCode | undefined }
  | { readonly at: 'clearing' };

export type FaxLineTimer = 'digits' | 'answer' | 'turn' | 'open' | 'clear';

export type FaxLineEvent =
  /** The modem watches the handset; or it is gone for now. */
  | { readonly on: 'ready' | 'modem-gone' }
  | { readonly on: 'lifted' | 'replaced' }
  | { readonly on: 'digit'; readonly digit: string }
  | { readonly on: 'admitted' | 'refused' }
  | { readonly on: 'called' }
  | { readonly on: 'call-ringing' | 'call-answered' | 'fax-opened' | 'fax-refused' }
  | { readonly on: 'call-over'; readonly outcome: FaxOutcomeCode }
  /** The machine that was rung has answered: V.21 is heard. */
  | { readonly on: 'fax-heard' }
  | { readonly on: 'bridge-over'; readonly outcome: FaxOutcomeCode }
  /** M6: the next page is not paid for. */
  | { readonly on: 'credit-spent' }
  | { readonly on: 'waited'; readonly name: FaxLineTimer };

export type FaxLineEffect =
  /** What the handset hears from now on. */
  | { readonly do: 'sound'; readonly tone: 'dial' | 'ringing' | 'busy' | 'none' }
  /** Policy and record; `admitted` or `refused` comes back. */
  | { readonly do: 'admit'; readonly digits: string }
  | { readonly do: 'dial' | 'answer' | 'turn-to-fax' | 'hang-up' | 'turn-away' }
  /** The modem goes from the handset to T.30, and a bridge begins: who calls is its leader. */
  | { readonly do: 'begin-bridge'; readonly caller: 'machine' | 'far' }
  | { readonly do: 'open-far' | 'close-far' | 'refuse-far' }
  | { readonly do: 'end'; readonly outcome: FaxOutcomeCode }
  /** The modem goes back to the handset; `ready` comes back. */
  | { readonly do: 'watch-handset' }
  | { readonly do: 'wait'; readonly name: FaxLineTimer; readonly for: Millis }
  | { readonly do: 'stop-waiting'; readonly name: FaxLineTimer };

export type FaxLineRules = {
  /** T.38 stands in the first INVITE: nobody has to turn the call. */
  readonly imageAtOnce: boolean;
};

export const startFaxLine = (): FaxLineState => ({ at: 'out-of-service' });
