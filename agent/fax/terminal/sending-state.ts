import type { Page } from '../page/page-format.ts';
import type { Capabilities } from '../t30/capabilities.ts';
import type { SendingMode } from './choose-mode.ts';
import type { FaxOutcome } from './terminal-state.ts';

/*
 *   silent ─► calling ─DIS─► checking ─CFR─► asking (image, then the question) ─MCF─► asking … ─► DCN
 *                ▲            ▲  │ FTT: slower   ├─ PPR: asking with what is wanted; the fourth time retraining ─CTR─► asking
 *                │            └──┘               ├─ RNR: waiting ─RR─► …                    └ or, at the lowest rate, dropping (EOR)
 *                └──────── EOM ──────────────────┼─ RTN, RTP: checking
 */
export type Sending = {
  readonly role: 'sends';
  readonly at: 'silent' | 'calling' | 'checking' | 'asking' | 'waiting' | 'retraining' | 'dropping';
  readonly document: readonly Page[];
  /** The page that is under way, counted from 0. */
  readonly page: number;
  /** How often the last question was asked. */
  readonly tries: number;
  /** Times that this page was refused with RTN. */
  readonly refusals: number;
  readonly talk?: SendingTalk;
};

/** From the far end's DIS on. */
export type SendingTalk = {
  readonly offer: Capabilities;
  readonly mode: SendingMode;
  /** The page as it goes on the line, first bit = most significant bit. */
  readonly octets: Uint8Array;
  /** With ECM: the block that is under way, its PPRs, and the frames to be sent next. */
  readonly block: number;
  readonly repeats: number;
  readonly wanted: readonly number[];
};

/** Why it is given up when the third try brought no answer. */
export const UNANSWERED: Readonly<Record<Sending['at'], FaxOutcome>> = {
  silent: 'no-fax-heard',
  calling: 'no-fax-heard',
  checking: 'training-failed',
  asking: 'page-unanswered',
  waiting: 'receiver-not-ready',
  retraining: 'correction-failed',
  dropping: 'correction-failed',
};
