import {
  type FrameTurn,
  type HearOrder,
  MODULATIONS,
  type ModemOrder,
  type Modulation,
} from '../../../agent/model/fax-modem.ts';
import { never } from '../../../agent/model/never.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { Hearing, ModemPhase, ModemState, ModemStep } from './class1-state.ts';
import { commandOf, NEXT_OCTET, typed } from './commands.ts';
import { chooseFaxDialect } from './dialects.ts';
import { checkFrame } from './frame-check.ts';
import { END_OF_OCTETS, readOctets } from './framer.ts';
import { readModulations, V21 } from './modulations.ts';
import { ask, enter, finish, goOn, report } from './orders.ts';
import { type FaxResult, faxResultOf } from './result.ts';
import { FRAME, wantFrame } from './send-octets.ts';
import { SET_UP } from './set-up.ts';

type At<K extends ModemPhase['at']> = Extract<ModemPhase, { at: K }>;

/** A whole line of words. A ring may come inside of any exchange, and changes none. */
export function hearLine(state: ModemState, line: string): ModemStep {
  const result = faxResultOf(line);
  if (result === 'ring') return [state, [report({ on: 'ring' })]];
  const { phase } = state;
  switch (phase.at) {
    case 'setting-up':
      return onSettingUp(state, phase, line, result);
    case 'asking':
      return result === undefined ? [state, []] : onAsking(state, phase, result);
    case 'sending-frames':
      return onSendingFrames(state, phase, result);
    case 'sending-page':
      if (result === undefined || result === 'connect') return [state, []];
      return withPumpStopped(finish(state, { on: 'carrier-dropped' }));
    case 'hearing':
      return result === undefined ? [state, []] : onHearing(state, phase, result);
    case 'closing':
      return onClosing(state, phase, result);
    case 'turning':
      return onTurning(state, phase, result);
    case 'idle':
    case 'deaf':
      return [state, []];
    default:
      return never(phase);
  }
}

const withPumpStopped = ([state, effects]: ModemStep): ModemStep => [state, [{ do: 'pump-stop' }, ...effects]];

function onAsking(state: ModemState, phase: At<'asking'>, result: FaxResult): ModemStep {
  const { order, retries } = phase;
  switch (result) {
    case 'connect':
      return onConnect(state, order);
    case 'ok':
      return onOk(state, phase);
    case 'fcerror':
      if (retries > 0) return ask(state, order, retries - 1);
      return finish(state, { on: 'fcerror' });
    case 'frames-instead':
      // CONNECT follows, and belongs to V.21 now.
      return [{ ...state, phase: { at: 'asking', order: { do: 'hear-frames' }, retries: 0, behind: [] } }, []];
    case 'no-carrier':
      return finish(state, { on: 'no-carrier' });
    default:
      return finish(state, { on: 'refused', order: order.do, because: result });
  }
}

function onOk(state: ModemState, phase: At<'asking'>): ModemStep {
  const [words, ...behind] = phase.behind;
  if (words === undefined) return finish(state, { on: 'done', order: phase.order.do });
  const effects = [{ do: 'send', octets: typed(words) } as const, { do: 'wait', for: seconds(5) } as const];
  return [{ ...state, phase: { ...phase, behind } }, effects];
}

function onConnect(state: ModemState, order: ModemOrder): ModemStep {
  const { quirks } = state.dialect;
  const hearing = { at: 'hearing', frame: new Uint8Array(0), over: false } as const;
  const listening = { ...state, framer: readOctets(state.framer) };
  switch (commandOf(order, state.dialect.handset)?.connects) {
    case 'hears-frames':
      return enter(listening, { ...hearing, what: 'frames' }, ...carrier(V21), { do: 'wait', for: NEXT_OCTET });
    case 'hears-page':
      return enter(listening, { ...hearing, what: 'page' }, ...carrier(signalOf(order)), {
        do: 'wait',
        for: NEXT_OCTET,
      });
    case 'sends-frames': {
      const wants = !(quirks.spareConnectAfterPreamble && order.do === 'send-frames');
      const phase = { at: 'sending-frames', frames: [], wants, closed: false, behind: undefined } as const;
      return enter(state, phase, ...carrier(V21), { do: 'wait', for: FRAME });
    }
    case 'sends-page': {
      const begun = { do: 'pump-begin', delay: quirks.connectBeforeTraining } as const;
      return enter(state, { at: 'sending-page' }, ...carrier(signalOf(order)), { do: 'wait', for: undefined }, begun);
    }
    default:
      return [state, []];
  }
}

const carrier = (signal: number) => [report({ on: 'carrier', signal })] as const;

const signalOf = (order: ModemOrder): Modulation | typeof V21 => ('modulation' in order ? order.modulation : V21);

function onSendingFrames(state: ModemState, phase: At<'sending-frames'>, result: FaxResult | undefined): ModemStep {
  if (result === undefined) return [state, []];
  if (result === 'connect') return wantFrame(state, phase);
  const unsent = phase.frames.length;
  if (result === 'ok' && unsent === 0 && phase.closed)
    return goOn(state, phase.behind, { on: 'done', order: 'send-frames' });
  return finish(state, { on: 'refused', order: 'send-frames', because: result, unsent });
}

/** The verdict on a frame, or the end of a page, behind which frames tell what page it was. */
function onHearing(state: ModemState, phase: Hearing, result: FaxResult): ModemStep {
  const frames = { do: 'hear-frames', turns: state.turns } as const;
  if (phase.what === 'page') return goOn(state, frames, { on: 'no-carrier' });
  const { octets, good: fits } = checkFrame(phase.frame);
  const good = fits && result === 'ok';
  const heard = octets.length > 0 ? ([{ on: 'frame', octets, good }] as const) : [];
  const isFinal = good && ((octets[1] ?? 0) & FINAL) !== 0;
  if (isFinal) return goOn(state, turnBehind(state.turns, octets), ...heard, { on: 'done', order: 'hear-frames' });
  if (result !== 'ok' && result !== 'error') return finish(state, ...heard, { on: 'no-carrier' });
  const [next, effects] = ask(state, frames, 0);
  return [next, [...heard.map(report), ...effects]];
}

const FINAL = 0x10;

const turnBehind = (turns: readonly FrameTurn[], octets: Uint8Array): HearOrder | undefined =>
  turns.find(({ begins, under }) => under.every((mask, at) => (((octets[at] ?? 0) ^ (begins[at] ?? 0)) & mask) === 0))
    ?.behind;

function onClosing(state: ModemState, { order }: At<'closing'>, result: FaxResult | undefined): ModemStep {
  if (result === undefined || result === 'connect') return [state, []];
  if (result === 'ok') return finish(state, { on: 'done', order });
  return finish(state, { on: 'refused', order, because: result });
}

/** A CONNECT that crossed our character: what follows is let pass until its end. */
function onTurning(state: ModemState, { sends }: At<'turning'>, result: FaxResult | undefined): ModemStep {
  if (result === 'connect' && sends) return [state, [{ do: 'send', octets: END_OF_OCTETS }]];
  if (result === 'connect') return [{ ...state, framer: readOctets(state.framer) }, []];
  if (result === undefined || result === 'frames-instead') return [state, []];
  return finish(state, { on: 'done', order: 'stop' });
}

function onSettingUp(state: ModemState, phase: At<'setting-up'>, line: string, result?: FaxResult): ModemStep {
  const own = state.dialect.setUp[phase.step - SET_UP.length];
  const step = SET_UP[phase.step] ?? { words: own ?? '', optional: true };
  if (result === undefined) {
    if (step.keep === undefined || phase[step.keep].length > LONGEST_ANSWER) return [state, []];
    return [{ ...state, phase: { ...phase, [step.keep]: `${phase[step.keep]} ${line}` } }, []];
  }
  if (result !== 'ok' && !step.optional)
    return finish(state, { on: 'refused', order: 'set-up', because: `${step.words}: ${line}` });
  const dialect = step.keep === 'identity' ? chooseFaxDialect(phase.identity, state.known) : state.dialect;
  const next = SET_UP[phase.step + 1]?.words ?? dialect.setUp[phase.step + 1 - SET_UP.length];
  if (next === undefined) return ready({ ...state, dialect }, phase.speeds);
  return [
    { ...state, dialect, phase: { ...phase, step: phase.step + 1 } },
    [
      { do: 'send', octets: typed(next) },
      { do: 'wait', for: seconds(3) },
    ],
  ];
}

const LONGEST_ANSWER = 2_048;

/** A modem that does not say what it knows is taken to know everything; its ERROR comes when it is asked. */
function ready(state: ModemState, speeds: string): ModemStep {
  const told = readModulations(speeds);
  const all = Object.keys(MODULATIONS).map(Number) as readonly Modulation[];
  return finish(state, { on: 'ready', dialect: state.dialect.name, modulations: told.length > 0 ? told : all });
}
