import { type Millis, millis, seconds } from '../../model/units.ts';
import { familiesWithin } from '../bridge/rates.ts';
import { writeCapabilities } from '../t30/capabilities.ts';
import type { Frame } from '../t30/frame.ts';
import type { FrameKind } from '../t30/frame-kinds.ts';
import { writeIdentity } from '../t30/identity.ts';
import { speak } from './mouth.ts';
import type { Receiving } from './receiving-state.ts';
import { framesSignal, tone } from './script.ts';
import { leave } from './sending.ts';
import { andThen, go, type Terminal, type TerminalRules, type TerminalStep } from './terminal-state.ts';

/** T.30 5.4: T1 35 s, T2 6 s ± 1 s, T4 3 s. CED lasts 2.6 to 4 s, with 75 ms of silence behind it (T.30 4.1.1). */
const T1 = seconds(35);
const T2 = seconds(7);
const T4 = seconds(3);
const CED = { lasting: millis(2_700), silence: millis(75) };
/** EOM: the sender is given T2 to hear the confirmation, then the procedure begins anew (T.30 5.3.6.1.6). */
const ANEW = seconds(6);
const ALL_MODULATIONS = [24, 48, 72, 96, 73, 97, 121, 145] as const;
const NOTHING: Uint8Array = new Uint8Array(0);

export const withReceiving = (terminal: Terminal, work: Receiving): Terminal => ({ ...terminal, work });

/** Our tone, then DIS until somebody takes it up. */
export function beginAnswer(terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep {
  const offering = withReceiving(terminal, { role: 'receives', at: 'offering' });
  return andThen(go(offering, { do: 'wait', name: 'limit', for: T1 }), (begun) =>
    speak(begun, now, tone('ced', CED.lasting, CED.silence), offerSignal(rules)),
  );
}

export const offer = (terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep =>
  speak(terminal, now, offerSignal(rules));

/** Behind EOM, once its confirmation was said. */
export const beginAnew = (terminal: Terminal): TerminalStep =>
  go(
    withReceiving(terminal, { role: 'receives', at: 'offering' }),
    { do: 'wait', name: 'patience', for: ANEW },
    { do: 'wait', name: 'limit', for: T1 },
  );

/** Everything that our pages can be kept in: all codings, resolutions and widths; no polling, no V.8. */
function offerSignal({ stationId, maxBitRate, ecm }: TerminalRules) {
  const information = writeCapabilities({
    readyToSend: false,
    readyToReceive: true,
    modulations: familiesWithin(ALL_MODULATIONS, maxBitRate),
    fine: true,
    superFine: true,
    dots300: true,
    dots400: true,
    twoDimensional: true,
    mmr: ecm,
    ecm,
    width: 303,
    length: 'unlimited',
    scanTime: { standard: 0, fine: 0 },
    v8: false,
  });
  const plain = { x: false } as const;
  return framesSignal([
    { kind: 'CSI', final: false, ...plain, information: writeIdentity(stationId) },
    { kind: 'DIS', final: true, ...plain, information },
  ]);
}

export const answer = (terminal: Terminal, kind: FrameKind, now: Millis, information = NOTHING): TerminalStep => {
  const frame: Frame = { kind, final: true, x: false, information };
  return speak(terminal, now, framesSignal([frame]));
};

/** Everything was said: the sender has its time to go on. */
export function answered(terminal: Terminal, tail: Millis): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives' || work.at === 'silent') return go(terminal);
  const patience = work.at === 'offering' ? T4 : T2;
  return go(terminal, { do: 'wait', name: 'patience', for: millis(patience + tail) });
}

/** T2 went by without a word. Behind a confirmed EOP that is as good as DCN. */
export function impatient(terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives' || work.at === 'silent') return go(terminal);
  if (work.at === 'offering') return offer(terminal, now, rules);
  if (isAllConfirmed(terminal)) return leave(terminal, 'all-confirmed', now);
  const nothingCame = work.at === 'taking' && work.answered === undefined && terminal.tally.pages === 0;
  return leave(terminal, nothingCame ? 'no-page-heard' : 'no-command-heard', now);
}

/** Whether the last that we confirmed was the end of the document. */
export function isAllConfirmed({ work }: Terminal): boolean {
  if (work.role !== 'receives' || (work.at !== 'taking' && work.at !== 'keeping')) return false;
  return work.image === undefined && work.frames.size === 0 && /EOP$/.test(work.answered?.to ?? '');
}
