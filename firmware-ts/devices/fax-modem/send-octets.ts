import type { ModemOrder } from '../../../agent/model/fax-modem.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { ModemEffect, ModemState, ModemStep, SendingFrames } from './class1-state.ts';
import { END_OF_OCTETS, shielded } from './framer.ts';

/** A modem sends its buffer to the end before it says OK: 1 kB at 2,400 bit/s and the carrier's end. */
const LAST_OCTETS = seconds(10);
/** 5 s without data end +FTH (T.31 8.3.5); a frame of 300 octets at 300 bit/s takes 8 s. */
export const FRAME = seconds(20);
/** A frame of T.30 has at most some 100 octets; in a queue of frames there are a few. */
const MOST_FRAMES = 32;

/** A frame for the signal that is on the line; it goes as soon as the modem wants one. */
export function offerFrame(state: ModemState, order: Extract<ModemOrder, { do: 'frame' }>): ModemStep {
  const { phase } = state;
  if (phase.at !== 'sending-frames' || phase.closed || phase.frames.length >= MOST_FRAMES) {
    const because = phase.at === 'sending-frames' ? 'its last frame is given' : 'no signal is being sent';
    return [state, [{ do: 'report', news: { on: 'refused', order: 'frame', because } }]];
  }
  const frames = [...phase.frames, { octets: order.octets, last: order.last }];
  return sendFrame(state, { ...phase, frames, closed: order.last, behind: order.behind });
}

/** CONNECT while frames are sent: one frame for each, and one for two between which no frame was given. */
export const wantFrame = (state: ModemState, phase: SendingFrames): ModemStep =>
  sendFrame(state, { ...phase, wants: true });

function sendFrame(state: ModemState, phase: SendingFrames): ModemStep {
  const [frame, ...frames] = phase.frames;
  if (!phase.wants || frame === undefined) return [{ ...state, phase }, []];
  const octets = new Uint8Array([...shielded(withFinalBit(frame)), ...END_OF_OCTETS]);
  return [
    { ...state, phase: { ...phase, frames, wants: false } },
    [
      { do: 'send', octets },
      { do: 'wait', for: FRAME },
    ],
  ];
}

/** The modem ends its signal behind a frame with the final bit (T.31 8.3.5), and only there. */
const FINAL = 0x10;

function withFinalBit({ octets, last }: { readonly octets: Uint8Array; readonly last: boolean }): Uint8Array {
  return octets.map((octet, at) => (at !== 1 ? octet : last ? octet | FINAL : octet & ~FINAL));
}

/** A frame of nothing ends the signal. */
export function closeFrames(state: ModemState): ModemStep {
  return [
    { ...state, phase: { at: 'closing', order: 'stop' } },
    [
      { do: 'send', octets: END_OF_OCTETS },
      { do: 'wait', for: LAST_OCTETS },
    ],
  ];
}

/** The pump is empty, or was stopped. */
export function endPage(state: ModemState, order: 'end-page' | 'stop'): ModemStep {
  if (state.phase.at !== 'sending-page') return [state, []];
  const effects: readonly ModemEffect[] = [
    { do: 'send', octets: END_OF_OCTETS },
    { do: 'wait', for: LAST_OCTETS },
  ];
  return [{ ...state, phase: { at: 'closing', order } }, effects];
}
