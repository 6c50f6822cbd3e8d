import type { Clock } from '../../../agent/ports/clock.ts';
import type { OpenSerialLine } from '../../wires/serial-line.ts';
import { createWorks, drop, opened, post, type Works } from './channel-loop.ts';
import type { AtNews, AtOutcome, Priority, Question } from './channel-state.ts';
import { type AtCommand, maskedText, plainText, secretsOf } from './command.ts';

/** What became of a command. A deaf, resetting or absent modem is news: nothing here is thrown. */
export type AtAnswer<T> =
  | { readonly at: 'answered'; readonly value: T }
  /** The modem said OK, and not what was asked for. */
  | { readonly at: 'unreadable' }
  | Exclude<AtOutcome, { readonly at: 'answered' }>;

export type AskOptions = {
  /** 'telemetry' without it. */
  readonly priority?: Priority;
  /** Gives the command up; one in flight is cut short and the modem probed before the next. */
  readonly signal?: AbortSignal;
};

export type Ask = <T>(command: AtCommand<T>, options?: AskOptions) => Promise<AtAnswer<T>>;

export interface AtChannel {
  readonly ask: Ask;
  /** Until it is released only this holder's commands go, and emergencies: a swap is not interleaved with telemetry. */
  hold(): { readonly ask: Ask; readonly release: () => void };
  listen(listener: (news: AtNews) => void): void;
  /** The latest words on the line, secrets masked; for the log and for support. */
  trace(): readonly string[];
  close(): Promise<void>;
}

/** The channel over a line, which is opened when first needed and anew when it was lost or went deaf. */
export function createAtChannel(open: OpenSerialLine, clock: Clock): AtChannel {
  const works = createWorks(open, clock);
  let holds = 0;
  return {
    ask: (command, options) => ask(works, command, options, undefined),
    hold() {
      holds += 1;
      const holder = holds;
      // The hold begins in turn: one that another has is waited for, by the questions and not by the holder.
      works.holders = [...works.holders, holder];
      post(works, { on: 'held', holder: works.holders[0] });
      return {
        ask: (command, options) => ask(works, command, options, holder),
        release() {
          works.holders = works.holders.filter((other) => other !== holder);
          post(works, { on: 'held', holder: works.holders[0] });
        },
      };
    },
    listen: (listener) => works.listeners.push(listener),
    trace: () => works.trace,
    async close() {
      post(works, { on: 'line-lost' });
      await drop(works);
    },
  };
}

async function ask<T>(
  works: Works,
  command: AtCommand<T>,
  options: AskOptions = {},
  holder: number | undefined,
): Promise<AtAnswer<T>> {
  const { priority = 'telemetry', signal } = options;
  if (signal?.aborted) return { at: 'canceled', sent: false };
  if (!(await opened(works))) return { at: 'lost', sent: false };
  works.ids += 1;
  const id = works.ids;
  const giveUp = () => post(works, { on: 'canceled', id });
  signal?.addEventListener('abort', giveUp, { once: true });
  const outcome = await new Promise<AtOutcome>((settle) => {
    works.ends.set(id, settle);
    post(works, { on: 'asked', question: questionOf(command, { id, priority, holder }) });
    if (signal?.aborted) giveUp();
  });
  signal?.removeEventListener('abort', giveUp);
  if (outcome.at !== 'answered') return outcome;
  const value = command.read(outcome.lines);
  return value === undefined ? { at: 'unreadable' } : { at: 'answered', value };
}

/** The question that the machine sees: the words, what they are shown as, and how their answer is known. */
export function questionOf<T>(
  command: AtCommand<T>,
  who: { readonly id: number; readonly priority: Priority; readonly holder: number | undefined },
): Question {
  const { send, payload, claims, body, free, patience, secretAnswer } = command;
  return {
    ...who,
    send: plainText(send),
    shown: maskedText(send),
    payload: payload && plainText(payload),
    shownPayload: payload && maskedText(payload),
    secrets: [...secretsOf(send), ...secretsOf(payload ?? [])],
    secretAnswer: secretAnswer === true,
    claims,
    body,
    free: free === true,
    patience,
  };
}
