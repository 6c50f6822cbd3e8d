import { type LedgerEvent, RecordSchema } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore, StoredRecord } from '../ports/record-store.ts';
import { lineOfNumber } from '../usp/model/line-of-number.ts';
import { EMPTY_VOICE_BOOK, MOST_LOGGED, noteVoice, type VoiceBook } from '../usp/voice-book.ts';
import type { Ledger } from './ledger.ts';

/** What the records come to for support: calls and faxes, and what became of orders for the card. Counts are of this life. */
export interface VoiceWatch {
  /** M-3: the last calls of earlier lives, from the `size` records that the ledger has of them; what was erased stays so. */
  recall(store: Pick<RecordStore, 'read'>, size: number): void;
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

/** Records that are looked at for the calls of before: some eight a call, and others between. */
const LOOKED_BACK = 500;

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

  /** Numbers below those of this life, which begin where the room for these ends. */
  function remember(stored: readonly StoredRecord[]): void {
    let before = EMPTY_VOICE_BOOK;
    for (const { event, clock: at } of recordsIn(stored)) before = noteVoice(before, event, { at: at.wall, lineOf });
    const first = MOST_LOGGED - before.log.length + 1;
    const older = before.log.map((one, index) => ({ ...one, number: first + index }));
    book = { ...book, log: [...older, ...book.log].slice(-MOST_LOGGED) };
  }

  return {
    recall(store, size) {
      if (size === 0) return;
      book = { ...book, logged: MOST_LOGGED };
      store.read(Math.max(1, size - LOOKED_BACK + 1), LOOKED_BACK, remember);
    },
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

function recordsIn(stored: readonly StoredRecord[]) {
  return stored.flatMap(({ body }) => {
    const read = RecordSchema.safeParse(JSON.parse(body));
    return read.success ? [read.data] : [];
  });
}
