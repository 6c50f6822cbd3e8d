import type { HearOrder, ModemNews, ModemOrder } from '../../../agent/model/fax-modem.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { ModemEffect, ModemPhase, ModemState, ModemStep } from './class1-state.ts';
import { commandOf, typed } from './commands.ts';
import { readWords } from './framer.ts';
import { offerFrame } from './send-octets.ts';

export const report = (news: ModemNews): ModemEffect => ({ do: 'report', news });

/** Begins the first order that waits, if the modem is free. */
export function begin(state: ModemState): ModemStep {
  if (state.phase.at !== 'idle') return [state, []];
  const [order, ...queue] = state.queue;
  if (order === undefined) return [state, []];
  const command = commandOf(order, state.dialect.handset);
  // A frame without a carrier of its own has lost its place.
  if (command === undefined) {
    const [next, effects] = begin({ ...state, queue });
    return [next, [report({ on: 'refused', order: order.do, because: 'no signal is being sent' }), ...effects]];
  }
  const retries = order.do === 'hear-page' ? state.dialect.quirks.prematureFcerrors : 0;
  return ask({ ...state, queue }, order, retries);
}

/** More turns than that its owner is behind: it is not there. */
const MOST_AHEAD = 8;

/** As `finish`; and what comes next is listened for before its owner is asked, unless something else was ordered. */
export function goOn(state: ModemState, behind: HearOrder | undefined, ...news: readonly ModemNews[]): ModemStep {
  if (behind === undefined || state.queue.length > 0 || state.ahead.length >= MOST_AHEAD) return finish(state, ...news);
  return finish({ ...state, queue: [behind], ahead: [...state.ahead, behind] }, ...news);
}

/** Sends the words of an order. The sink of what follows CONNECT is ready with the phase, before a byte is sent. */
export function ask(state: ModemState, order: ModemOrder, retries: number): ModemStep {
  const command = commandOf(order, state.dialect.handset);
  if (command === undefined) return [state, []];
  const turns = order.do === 'hear-frames' ? (order.turns ?? []) : state.turns;
  return [
    {
      ...state,
      turns,
      framer: readWords(state.dialect.quirks.singleDle),
      phase: { at: 'asking', order, retries, behind: command.behind ?? [] },
    },
    [
      { do: 'send', octets: typed(command.words) },
      { do: 'wait', for: command.patience },
    ],
  ];
}

/** The modem is free again; the next order goes out in the same step, for a turn has 50 ms (T.30 5.3.2.3). */
export function finish(state: ModemState, ...news: readonly ModemNews[]): ModemStep {
  const [next, effects] = begin({ ...state, phase: { at: 'idle' } });
  const waits = effects.some((effect) => effect.do === 'wait');
  return [next, [...news.map(report), ...(waits ? [] : [{ do: 'wait', for: undefined } as const]), ...effects]];
}

/** Any character ends a modem's waiting and hearing (T.31 8.3.3); CAN means nothing to it otherwise. */
const CAN = 0x18;

/** The OK of the end, a CONNECT that crossed, or the rest of a page may come: all of it is let pass. */
export function turn(state: ModemState, order: ModemOrder): ModemStep {
  const listens = ['hear-frames', 'hear-page', 'hear-silence', 'dial', 'answer'].includes(order.do);
  const sends = commandOf(order, state.dialect.handset)?.connects.startsWith('sends') === true;
  const cancel: readonly ModemEffect[] = listens ? [{ do: 'send', octets: Uint8Array.of(CAN) }] : [];
  return [{ ...state, phase: { at: 'turning', sends } }, [...cancel, { do: 'wait', for: seconds(6) }]];
}

/** Into a phase that CONNECT began, with the frames that were ordered before it. */
export function enter(state: ModemState, phase: ModemPhase, ...effects: readonly ModemEffect[]): ModemStep {
  let now: ModemState = { ...state, phase };
  const all = [...effects];
  while (now.phase.at === 'sending-frames' && now.queue[0]?.do === 'frame') {
    const [order, ...queue] = now.queue;
    if (order?.do !== 'frame') break;
    const [next, more] = offerFrame({ ...now, queue }, order);
    now = next;
    all.push(...more);
  }
  return [now, all];
}
