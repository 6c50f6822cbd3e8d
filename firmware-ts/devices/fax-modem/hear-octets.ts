import type { ModemNews } from '../../../agent/model/fax-modem.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { Hearing, ModemEffect, ModemState, ModemStep } from './class1-state.ts';
import { NEXT_OCTET } from './commands.ts';
import { cut, type FaxToken } from './framer.ts';
import { hearLine } from './hear-line.ts';

/** Frames of T.30 are far shorter; what is longer is noise, and its rest is thrown away. */
const LONGEST_FRAME = 1_024;

/** A chunk in one piece or in many says the same. */
export function hearOctets(state: ModemState, chunk: Uint8Array): ModemStep {
  const effects: ModemEffect[] = [];
  let now = state;
  for (let from = 0; ; ) {
    const { framer, token, next } = cut(now.framer, chunk, from);
    now = { ...now, framer };
    if (token === undefined) return [now, effects];
    const [heard, more] = hearToken(now, token);
    now = heard;
    effects.push(...more);
    from = next;
  }
}

function hearToken(state: ModemState, token: FaxToken): ModemStep {
  switch (token.is) {
    case 'line':
      return hearLine(state, token.text);
    case 'octets':
      return hearData(state, token.octets);
    case 'event':
      return [state, eventOf(token.code).map((news) => ({ do: 'report', news }))];
    case 'end':
      return state.phase.at === 'hearing' ? hearEnd(state, state.phase) : [state, []];
    default:
      if (state.phase.at !== 'sending-page') return [state, []];
      return [state, heldBy(token.is === 'xoff')];
  }
}

/** V.253 table of events: H and h are the local phone off-hook and on-hook; digits come by tone or pulse, each once. */
function eventOf(code: string): readonly ModemNews[] {
  if (code === 'H') return [{ on: 'handset', is: 'lifted' }];
  if (code === 'h') return [{ on: 'handset', is: 'replaced' }];
  return /^[0-9*#]$/.test(code) ? [{ on: 'digit', digit: code }] : [];
}

/** A modem that never lets go again is deaf. */
const heldBy = (held: boolean): readonly ModemEffect[] => [
  { do: 'pump-hold', held },
  { do: 'wait', for: held ? seconds(15) : undefined },
];

function hearData(state: ModemState, octets: Uint8Array): ModemStep {
  const { phase } = state;
  if (phase.at !== 'hearing') return [state, []];
  const wait: ModemEffect = { do: 'wait', for: NEXT_OCTET };
  if (phase.what === 'page') return [state, [{ do: 'report', news: { on: 'page', octets } }, wait]];
  const kept = octets.subarray(0, Math.max(0, LONGEST_FRAME - phase.frame.length));
  const frame = new Uint8Array(phase.frame.length + kept.length);
  frame.set(phase.frame);
  frame.set(kept, phase.frame.length);
  return [{ ...state, phase: { ...phase, frame } }, [wait]];
}

/** DLE ETX: the verdict stands in the line that follows. */
function hearEnd(state: ModemState, phase: Hearing): ModemStep {
  return [{ ...state, phase: { ...phase, over: true } }, [{ do: 'wait', for: seconds(5) }]];
}
