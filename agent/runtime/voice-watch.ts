import type { LedgerEvent } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { Clock } from '../ports/clock.ts';
import { lineOfNumber } from '../usp/model/line-of-number.ts';
import { EMPTY_VOICE_BOOK, noteVoice, type VoiceBook } from '../usp/voice-book.ts';
import type { Ledger } from './ledger.ts';

/** What the records of this life come to for support: calls and faxes, and what became of orders for the card. */
export interface VoiceWatch {
  /** The ledger, overheard. */
  over(ledger: Ledger): Ledger;
  book(): VoiceBook;
  /** How the last order for the card ended. */
  lastSwap(): SwapEnd | undefined;
  /** Called once, when the order of that name has ended. */
  swapEnded(order: string, done: (end: SwapEnd) => void): void;
}

type SwapEnd = {
  readonly order: string;
  readonly outcome: string;
  readonly why: string;
  readonly from: string;
  readonly to: string;
};

/** Requests that go on at once are fewer. */
const MOST_WAITING = 32;

export function createVoiceWatch({ lines }: Pick<SiteConfig, 'lines'>, clock: Pick<Clock, 'wall'>): VoiceWatch {
  const waiting = new Map<string, (end: SwapEnd) => void>();
  const lineOf = (number: string): string | undefined => lineOfNumber(lines, number);
  let book = EMPTY_VOICE_BOOK;
  let last: SwapEnd | undefined;

  function note(event: LedgerEvent): void {
    book = noteVoice(book, event, { at: Math.floor(clock.wall()), lineOf });
    if (event.kind !== 'sim-swapped' || event.stage !== 'ended') return;
    const { swap: order, outcome, why, from, to } = event;
    last = { order, outcome: outcome ?? '', why: why ?? '', from: from ?? '', to: to ?? '' };
    waiting.get(order)?.(last);
    waiting.delete(order);
  }

  return {
    over(ledger) {
      for (const { told, answeredAt } of ledger.openCalls().values()) {
        const { call, direction, caller, called, startedAt } = told.facts;
        const one = { call, direction, caller, called, link: told.links.at(-1) ?? '', startedAt: startedAt.wall };
        book = { ...book, live: [...book.live, { ...one, answered: answeredAt !== undefined }] };
      }
      return {
        ...ledger,
        append(event, durable) {
          note(event);
          ledger.append(event, durable);
        },
      };
    },
    book: () => book,
    lastSwap: () => last,
    swapEnded(order, done) {
      if (waiting.size < MOST_WAITING) waiting.set(order, done);
    },
  };
}
