import { type Millis, millis } from '../../model/units.ts';
import { type Mouth, SILENT, type Signal, scriptOf } from './script.ts';
import { go, type Terminal, type TerminalEffect, type TerminalStep } from './terminal-state.ts';

/** Says these signals, one after the other, instead of whatever was being said. */
export function speak(terminal: Terminal, now: Millis, ...signals: readonly Signal[]): TerminalStep {
  const script = scriptOf(...signals);
  const mouth: Mouth = { script, at: 0, due: millis(now + (script[0]?.after ?? 0)) };
  return go({ ...terminal, mouth }, { do: 'wait', name: 'pace', for: millis(mouth.due - now) }, FORGET_PATIENCE);
}

const FORGET_PATIENCE: TerminalEffect = { do: 'forget', name: 'patience' };

export const hush = (terminal: Terminal): TerminalStep =>
  go({ ...terminal, mouth: SILENT }, { do: 'forget', name: 'pace' });

/** Whether something is being said that the far end has not heard to its end. */
export const isSpeaking = ({ mouth }: Terminal): boolean =>
  mouth.script.some(({ packet }, at) => at >= mouth.at && packet === 'said');

/** How long after its last packet the present script goes on. */
export const tailOf = ({ mouth }: Terminal): Millis =>
  millis(mouth.script.slice(mouth.at).reduce((sum, { after }) => sum + after, 0));

/** All that is due by now; `said` when the far end may answer from here. */
export function sayDue(terminal: Terminal, now: Millis): readonly [...TerminalStep, said: boolean] {
  const { script } = terminal.mouth;
  let { at, due } = terminal.mouth;
  let said = false;
  const effects: TerminalEffect[] = [];
  while (at < script.length && due <= now && !said) {
    const packet = script[at]?.packet;
    if (packet === 'said') said = true;
    else if (packet !== undefined) effects.push({ do: 'say', packet });
    at += 1;
    due = millis(due + (script[at]?.after ?? 0));
  }
  if (at < script.length) effects.push({ do: 'wait', name: 'pace', for: millis(Math.max(0, due - now)) });
  return [{ ...terminal, mouth: { script, at, due } }, effects, said];
}
