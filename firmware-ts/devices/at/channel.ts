import { isFault } from '../../../agent/model/fault.ts';
import { never } from '../../../agent/model/never.ts';
import type { Cancel, Clock } from '../../../agent/ports/clock.ts';
import type { OpenSerialLine, SerialLine } from '../../wires/serial-line.ts';
import { stepChannel } from './channel-machine.ts';
import {
  type AtNews,
  type AtOutcome,
  type ChannelEffect,
  type ChannelEvent,
  CLOSED_CHANNEL,
  type Priority,
  type Question,
} from './channel-state.ts';
import { type AtCommand, maskedText, plainText, secretsOf } from './command.ts';
import { latin1 } from './scanner.ts';

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

const TRACE_KEPT = 200;

/** The channel over a line, which is opened when first needed and anew when it was lost or went deaf. */
export function createAtChannel(open: OpenSerialLine, clock: Clock): AtChannel {
  const works: Works = {
    open,
    clock,
    state: CLOSED_CHANNEL,
    ends: new Map(),
    listeners: [],
    trace: [],
    todo: [],
    ids: 0,
  };
  let holds = 0;
  return {
    ask: (command, options) => ask(works, command, options, undefined),
    hold() {
      holds += 1;
      const holder = holds;
      // The hold begins in turn: one that another has is waited for, by the questions and not by the holder.
      works.holders = [...(works.holders ?? []), holder];
      post(works, { on: 'held', holder: works.holders[0] });
      return {
        ask: (command, options) => ask(works, command, options, holder),
        release() {
          works.holders = (works.holders ?? []).filter((other) => other !== holder);
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

type Works = {
  readonly open: OpenSerialLine;
  readonly clock: Clock;
  state: typeof CLOSED_CHANNEL;
  readonly ends: Map<number, (outcome: AtOutcome) => void>;
  readonly listeners: ((news: AtNews) => void)[];
  trace: string[];
  todo: ChannelEvent[];
  ids: number;
  performing?: boolean;
  line?: SerialLine | undefined;
  opening?: Promise<boolean> | undefined;
  closing?: Promise<void> | undefined;
  cancel?: Cancel | undefined;
  holders?: readonly number[];
};

async function ask<T>(
  works: Works,
  command: AtCommand<T>,
  options: AskOptions = {},
  holder: number | undefined,
): Promise<AtAnswer<T>> {
  const { priority = 'telemetry', signal } = options;
  if (signal?.aborted) return { at: 'canceled' };
  if (!(await opened(works))) return { at: 'lost' };
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

/** Whether there is a line; a device that is not there is news. */
function opened(works: Works): Promise<boolean> {
  if (works.line !== undefined) return Promise.resolve(true);
  works.opening ??= openLine(works).finally(() => {
    works.opening = undefined;
  });
  return works.opening;
}

async function openLine(works: Works): Promise<boolean> {
  try {
    await works.closing;
    const line = await works.open();
    works.line = line;
    line.listen({
      heard: (bytes) => post(works, { on: 'heard', text: latin1(bytes) }),
      lost: () => {
        works.line = undefined;
        post(works, { on: 'line-lost' });
      },
    });
    post(works, { on: 'opened' });
    return true;
  } catch (error) {
    if (isFault(error, 'modem.silent')) return false;
    throw error;
  }
}

async function drop(works: Works): Promise<void> {
  const { line } = works;
  works.line = undefined;
  works.closing = line?.close();
  await works.closing;
}

/** One event at a time: what is posted while an effect is performed waits its turn. */
function post(works: Works, event: ChannelEvent): void {
  works.todo.push(event);
  if (works.performing) return;
  works.performing = true;
  try {
    for (let first = works.todo.shift(); first !== undefined; first = works.todo.shift()) {
      const [state, effects] = stepChannel(works.state, first);
      works.state = state;
      for (const effect of effects) perform(works, effect);
    }
  } finally {
    works.performing = false;
  }
}

function perform(works: Works, effect: ChannelEffect): void {
  switch (effect.do) {
    case 'write':
      works.line?.write(Buffer.from(effect.text, 'latin1'));
      return;
    case 'wait':
      works.cancel?.();
      works.cancel = works.clock.after(effect.for, () => post(works, { on: 'deadline' }));
      return;
    case 'forget':
      works.cancel?.();
      works.cancel = undefined;
      return;
    case 'end':
      works.ends.get(effect.id)?.(effect.outcome);
      works.ends.delete(effect.id);
      return;
    case 'report':
      // A tty that went deaf may be one that was hung up: the next question opens it anew.
      if (effect.news.on === 'deaf') {
        void drop(works);
        works.todo.push({ on: 'line-lost' });
      }
      for (const listener of works.listeners) listener(effect.news);
      return;
    case 'trace':
      works.trace = [...works.trace.slice(1 - TRACE_KEPT), `${effect.way} ${effect.text}`];
      return;
    default:
      never(effect);
  }
}
