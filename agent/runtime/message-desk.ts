import { type Millis, millis, seconds } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Messages } from '../ports/messages.ts';
import type { SmsAddress } from '../sms/address.ts';
import { EMPTY_INBOX, type InboxEffect, type InboxEvent, isNearlyFull, READ_EVERY, stepInbox } from '../sms/inbox.ts';
import { EMPTY_OUTBOX, type OutboxEffect, type OutboxEvent, stepOutbox } from '../sms/outbox.ts';
import { submissionPdus } from '../sms/submit.ts';
import { type DeskNews, type DeskState, newsOf, outboxNews } from './message-news.ts';

export type Sending = {
  readonly id: string;
  readonly to: SmsAddress & { readonly is: 'number' };
  readonly text: string;
  readonly wantsReport: boolean;
  readonly validity?: Millis;
};

type DeskParts = {
  readonly messages: Messages;
  readonly clock: Clock;
  /**
   * Writes state and news in one transaction, and says whether that is on the medium: only then is what follows from it
   * done, such as erasing. Without room it is tried again.
   */
  readonly keep: (state: DeskState, news: readonly DeskNews[], done: (kept: boolean) => void) => void;
  readonly start?: DeskState;
};

export interface MessageDesk {
  /** @throws RangeError naming the field that cannot be sent; nothing of it is queued. */
  send(message: Sending): void;
  /** Takes in what lies in the storage; called when the modem announces, and by itself within the hour (S-11). */
  look(): void;
  close(): void;
}

export const EMPTY_DESK: DeskState = { inbox: EMPTY_INBOX, outbox: EMPTY_OUTBOX, reference: 0 };

/** Sends and receives short messages on a modem: the two boxes, performed (S-11). */
export function createMessageDesk(parts: DeskParts): MessageDesk {
  const start = parts.start ?? EMPTY_DESK;
  const works: Works = {
    ...parts,
    state: start,
    ...{ reference: start.reference, waiting: [], keeping: false },
    ...{ looking: false, again: false, closed: false },
    timers: new Map(),
  };
  // Handed over before the cut, and nobody knows what became of it.
  toOutbox(works, { on: start.outbox.handing ? 'part-lost' : 'wait-over', now: parts.clock.wall() });
  look(works);
  return {
    send({ id, to, text, wantsReport, validity }) {
      const reference = (works.reference + 1) % 256;
      const submission = { to, text, reference, wantsReport, ...(validity === undefined ? {} : { validity }) };
      const pdus = submissionPdus(submission);
      works.reference = reference;
      toOutbox(works, { on: 'message-asked', id, to: to.digits, pdus, now: parts.clock.wall() });
    },
    look: () => look(works),
    close() {
      works.closed = true;
      for (const cancel of works.timers.values()) cancel();
    },
  };
}

type Works = DeskParts & {
  state: DeskState;
  reference: number;
  readonly waiting: Step[];
  /** The state before is being written: nothing goes on until it is on the medium. */
  keeping: boolean;
  looking: boolean;
  again: boolean;
  /** What modems still answer is nobody's any more. */
  closed: boolean;
  readonly timers: Map<'pace' | 'look' | 'keep', Cancel>;
};

type Stepped = { readonly state: DeskState; readonly news: readonly DeskNews[]; readonly perform: () => void };
type Step = (state: DeskState) => Stepped;

/** One step at a time: it is written down before what it orders is done. */
function take(works: Works, step: Step): void {
  works.waiting.push(step);
  next(works);
}

function next(works: Works): void {
  while (!works.keeping && !works.closed) {
    const step = works.waiting.shift();
    if (step === undefined) return;
    const { state, news, perform } = step(works.state);
    if (state === works.state && news.length === 0) perform();
    else {
      works.state = state;
      works.keeping = true;
      write(works, news, perform);
    }
  }
}

function write(works: Works, news: readonly DeskNews[], perform: () => void): void {
  works.keep(works.state, news, (kept) => {
    if (works.closed) return;
    if (!kept) return wait(works, 'keep', KEEP_AGAIN, () => write(works, news, perform));
    works.keeping = false;
    perform();
    next(works);
  });
}

const KEEP_AGAIN = seconds(30);

function toOutbox(works: Works, event: OutboxEvent): void {
  take(works, (before) => {
    const [outbox, effects] = stepOutbox(before.outbox, event);
    const isSame = outbox === before.outbox && before.reference === works.reference;
    return {
      state: isSame ? before : { ...before, outbox, reference: works.reference },
      news: effects.flatMap((effect) => newsOf(effect, before)),
      perform: () => {
        for (const effect of effects) send(works, effect);
      },
    };
  });
}

function send(works: Works, effect: OutboxEffect): void {
  if (effect.do === 'wait')
    wait(works, 'pace', effect.for, () => toOutbox(works, { on: 'wait-over', now: works.clock.wall() }));
  if (effect.do === 'hand-over')
    works.messages.send(effect.pdu, (handed) => toOutbox(works, outboxNews(handed, works.clock.wall())));
}

/** One look at a time; who asks meanwhile gets another one after it. */
function look(works: Works): void {
  if (works.closed) return;
  if (works.looking) {
    works.again = true;
    return;
  }
  works.looking = true;
  wait(works, 'look', READ_EVERY, () => look(works));
  works.messages.stored((stored) => {
    const now = works.clock.wall();
    const found = (stored ?? []).map(({ index, pdu }) => ({ on: 'stored-read', index, pdu, now }) as const);
    // The places are asked for behind the orders to erase, or the same would be found again and again.
    takeIn(works, [{ on: 'time-passed', now }, ...found], () =>
      works.messages.memory((memory) => {
        works.looking = false;
        const more = works.again || (found.length > 0 && memory !== undefined && isNearlyFull(memory));
        works.again = false;
        if (more) look(works);
      }),
    );
  });
}

/** All that lay there is written down at once: flash wears by the write. */
function takeIn(works: Works, events: readonly InboxEvent[], then: () => void): void {
  take(works, (before) => {
    let { inbox } = before;
    const effects: InboxEffect[] = [];
    for (const event of events) {
      const [after, more] = stepInbox(inbox, event);
      inbox = after;
      effects.push(...more);
    }
    return {
      state: inbox === before.inbox ? before : { ...before, inbox },
      news: effects.flatMap((effect) => newsOf(effect, before)),
      perform: () => {
        for (const effect of effects) clear(works, effect);
        then();
      },
    };
  });
}

function clear(works: Works, effect: InboxEffect): void {
  if (effect.do === 'erase') works.messages.erase(effect.index, () => undefined);
  if (effect.do === 'tell-report')
    toOutbox(works, { on: 'report-read', report: effect.report, now: works.clock.wall() });
}

function wait(works: Works, name: 'pace' | 'look' | 'keep', delay: Millis, then: () => void): void {
  works.timers.get(name)?.();
  works.timers.set(name, works.clock.after(millis(Math.max(1, delay)), then));
}
