import type { HearOrder, ModemOrder } from '../../../agent/model/fax-modem.ts';
import { never } from '../../../agent/model/never.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { ModemEffect, ModemEvent, ModemState, ModemStep } from './class1-state.ts';
import { isDialable, typed } from './commands.ts';
import { readWords } from './framer.ts';
import { hearOctets } from './hear-octets.ts';
import { begin, finish, report, turn } from './orders.ts';
import { closeFrames, endPage, offerFrame } from './send-octets.ts';
import { SET_UP } from './set-up.ts';

/** More orders than a fax has phases are a mistake of their giver. */
const MOST_ORDERS = 64;

/** One command at a time on a Class 1 modem (T.31). Pure; nothing is thrown, whatever the modem says. */
export function stepModem(state: ModemState, event: ModemEvent): ModemStep {
  switch (event.on) {
    case 'ordered':
      return onOrdered(state, event.order);
    case 'heard':
      return hearOctets(state, event.octets);
    case 'waited':
      return onWaited(state);
    case 'page-written':
      return endPage(state, 'end-page');
    default:
      return never(event);
  }
}

function onOrdered(before: ModemState, order: ModemOrder): ModemStep {
  const [ahead, ...later] = before.ahead;
  const state: ModemState = { ...before, ahead: [] };
  if (order.do === 'set-up') return setUp(state);
  if (ahead !== undefined) return behindAhead({ ...state, ahead: later }, ahead, order);
  if (state.phase.at === 'deaf') return [state, [refusal(order, 'the modem is deaf: order set-up first')]];
  switch (order.do) {
    case 'stop':
      return stop({ ...state, queue: [] });
    case 'hang-up':
      return stop({ ...state, queue: [order] });
    case 'frame':
      // Frames that are ordered before their CONNECT wait with everything else.
      return state.phase.at === 'sending-frames' ? offerFrame(state, order) : queued(state, order);
    case 'page':
      if (!isPageOut(state)) return [state, [refusal(order, 'no page is being sent')]];
      return [state, [{ do: 'pump-feed', octets: order.octets }]];
    case 'end-page':
      if (!isPageOut(state)) return [state, [refusal(order, 'no page is being sent')]];
      return [state, [{ do: 'pump-end' }]];
    case 'dial':
      if (isDialable(order.digits)) return queued(state, order);
      return [state, [refusal(order, 'digits: only 0-9 * # + , W, at most 40, T or P before them')]];
    case 'send-page':
      return afterReady(state, order);
    default:
      return queued(state, order);
  }
}

/** The owner wants what was begun for it, which may be over by now; or something else, and what was begun makes way. */
function behindAhead(state: ModemState, ahead: HearOrder, order: ModemOrder): ModemStep {
  const isSame =
    order.do === ahead.do &&
    (order.do !== 'hear-page' || ('modulation' in ahead && order.modulation === ahead.modulation));
  if (isSame) return [order.do === 'hear-frames' ? { ...state, turns: order.turns ?? [] } : state, []];
  const alone: ModemState = { ...state, ahead: [] };
  if (order.do === 'stop' || order.do === 'hang-up') return onOrdered(alone, order);
  const [stopped, effects] = stop(alone);
  const [next, more] = onOrdered(stopped, order);
  return [next, [...effects, ...more]];
}

/** On its way, or ordered: the pump takes octets before the modem has trained. */
const isPageOut = ({ phase, queue }: ModemState): boolean =>
  phase.at === 'sending-page' ||
  (phase.at === 'asking' && phase.order.do === 'send-page') ||
  queue.some((order) => order.do === 'send-page');

function queued(state: ModemState, order: ModemOrder): ModemStep {
  if (state.queue.length >= MOST_ORDERS) return [state, [refusal(order, 'too many orders wait')]];
  return begin({ ...state, queue: [...state.queue, order] });
}

/** The pump takes octets from the order on, so that a lead is there when the modem has trained. */
function afterReady(state: ModemState, order: Extract<ModemOrder, { do: 'send-page' }>): ModemStep {
  const { modulation, filler, lead } = order;
  const ready: ModemEffect = { do: 'pump-ready', modulation, filler, buffer: state.dialect.buffer, lead };
  const [next, effects] = queued(state, order);
  return [next, [ready, ...effects]];
}

function setUp(state: ModemState): ModemStep {
  const framer = readWords(state.dialect.quirks.singleDle);
  const phase = { at: 'setting-up', step: 0, identity: '', speeds: '' } as const;
  const [first] = SET_UP;
  return [
    { ...state, framer, queue: [], phase },
    [{ do: 'pump-stop' }, { do: 'send', octets: typed(first?.words ?? 'AT') }, { do: 'wait', for: seconds(3) }],
  ];
}

function stop(state: ModemState): ModemStep {
  switch (state.phase.at) {
    case 'idle':
    case 'deaf':
      return begin(state);
    case 'sending-frames':
      return closeFrames(state);
    case 'sending-page': {
      const [next, effects] = endPage(state, 'stop');
      return [next, [{ do: 'pump-stop' }, ...effects]];
    }
    // Soon over by themselves.
    case 'closing':
    case 'turning':
    case 'setting-up':
      return [state, []];
    case 'asking':
      return turn(state, state.phase.order);
    case 'hearing':
      return turn(state, { do: 'hear-frames' });
    default:
      return never(state.phase);
  }
}

function onWaited(state: ModemState): ModemStep {
  const { phase } = state;
  if (phase.at === 'idle' || phase.at === 'deaf') return [state, []];
  const [next, effects] = finish({ ...state, framer: readWords(state.dialect.quirks.singleDle), queue: [] });
  return [{ ...next, phase: { at: 'deaf' } }, [{ do: 'pump-stop' }, report({ on: 'deaf' }), ...effects]];
}

const refusal = (order: ModemOrder, because: string): ModemEffect =>
  report({ on: 'refused', order: order.do, because });
