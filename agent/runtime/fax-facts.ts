import { FAX_OUTCOMES } from '../fax/t30/outcomes.ts';
import type { FaxOutcome, FaxTally } from '../fax/terminal/terminal-state.ts';
import type { FaxEnding } from '../ports/fax-spool.ts';

/** What is to be recorded of a fax (U-1, X-5); `id` is the Call-ID, instants are Unix ms. */
export type FaxFact =
  | {
      readonly on: 'begun';
      readonly id: string;
      /** Name under which it was admitted; a fax that comes in has none yet. */
      readonly fax: string | undefined;
      readonly line: string;
      readonly peer: string | undefined;
      readonly direction: 'sent' | 'received';
      readonly at: number;
    }
  | { readonly on: 'answered'; readonly id: string }
  /** One page more, by MCF or RTP: those that were sent are billed. */
  | { readonly on: 'page-confirmed'; readonly id: string; readonly pages: number; readonly at: number }
  | {
      readonly on: 'ended';
      readonly id: string;
      readonly outcome: FaxOutcome;
      readonly tally: FaxTally;
      readonly at: number;
      /** Milliseconds since `begun`. */
      readonly lasted: number;
    };

export type FaxReport = (fact: FaxFact) => void;

/** Asks whether a fax may go out. What is decided is on the medium before `done` is called (U-7). */
export type FaxAdmit = (
  wish: { readonly line: string; readonly dialled: string },
  done: (verdict: { readonly fax: string; readonly refused: FaxOutcome | undefined }) => void,
) => void;

/** The sentence of the outcome, or that of whoever refused the call. */
export const endingOf = (
  { outcome, text, tally }: { readonly outcome: FaxOutcome; readonly text: string; readonly tally?: FaxTally },
  pages: number,
  ended: number,
): FaxEnding => ({
  outcome,
  text: text === '' ? FAX_OUTCOMES[outcome].text : text,
  pages,
  ended,
  ...(tally?.rate === undefined ? {} : { rate: Number(tally.rate.split('-')[1]), ecm: tally.ecm }),
});
