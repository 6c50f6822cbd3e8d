import { isFault } from '../../../agent/model/fault.ts';
import { never } from '../../../agent/model/never.ts';
import type { Cancel, Clock } from '../../../agent/ports/clock.ts';
import type { OpenSerialLine, SerialLine } from '../../wires/serial-line.ts';
import { stepChannel } from './channel-machine.ts';
import { type AtNews, type AtOutcome, type ChannelEffect, type ChannelEvent, CLOSED_CHANNEL } from './channel-state.ts';
import { latin1 } from './scanner.ts';

const TRACE_KEPT = 200;

export const createWorks = (open: OpenSerialLine, clock: Clock): Works => ({
  open,
  clock,
  state: CLOSED_CHANNEL,
  ends: new Map(),
  listeners: [],
  trace: [],
  todo: [],
  holders: [],
  ids: 0,
});

/** What a channel works with: the machine's state, and the line and the timer that it has. */
export type Works = {
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
  holders: readonly number[];
};

/** Whether there is a line; a device that is not there is news. */
export function opened(works: Works): Promise<boolean> {
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

export async function drop(works: Works): Promise<void> {
  const { line } = works;
  works.line = undefined;
  works.closing = line?.close();
  await works.closing;
}

/** One event at a time: what is posted while an effect is performed waits its turn. */
export function post(works: Works, event: ChannelEvent): void {
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
