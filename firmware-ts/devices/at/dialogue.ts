import { Fault } from '../../../agent/model/fault.ts';
import type { Millis } from '../../../agent/model/units.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import { createTurns } from '../../turns.ts';
import type { SerialLine } from '../../wires/serial-line.ts';
import { type AtCommand, resultOf } from './commands.ts';
import { frame } from './framer.ts';

export interface Dialogue {
  /** @throws Fault 'modem.silent' or 'modem.refused'. */
  ask<T>(command: AtCommand<T>, patience: Millis): Promise<T>;
}

type Pending = { readonly heard: (line: string) => void; readonly lost: () => void };

/** One question at a time on one line. Lines that belong to no question are unsolicited and dropped. */
export function createDialogue(line: SerialLine, clock: Clock): Dialogue {
  const inTurn = createTurns();
  let rest = '';
  let gone = false;
  let pending: Pending | undefined;

  line.listen({
    heard(bytes) {
      const framed = frame(rest, bytes);
      rest = framed.rest;
      for (const text of framed.lines) pending?.heard(text);
    },
    lost() {
      gone = true;
      pending?.lost();
    },
  });

  const ask = <T>(command: AtCommand<T>, patience: Millis): Promise<T> =>
    new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        pending = undefined;
        cancel();
        end();
      };
      const fail = (code: 'modem.silent' | 'modem.refused', why: string) =>
        settle(() => reject(new Fault(code, { command: command.send, why })));
      const cancel = clock.after(patience, () => fail('modem.silent', 'no answer'));
      const lost = () => fail('modem.silent', 'the line was lost');
      pending = {
        heard: listenFor(
          command,
          (answer) => settle(() => resolve(answer)),
          (why) => fail('modem.refused', why),
        ),
        lost,
      };
      if (gone) lost();
      else line.write(Buffer.from(`${command.send}\r`, 'latin1'));
    });

  return { ask: (command, patience) => inTurn(() => ask(command, patience)) };
}

function listenFor<T>(command: AtCommand<T>, answered: (answer: T) => void, refused: (why: string) => void) {
  let lines: readonly string[] = [];
  return (line: string): void => {
    // The echo also shows that what came before it was not about this question.
    if (line === command.send) {
      lines = [];
      return;
    }
    const result = resultOf(line);
    if (result === 'refused') {
      refused(line);
      return;
    }
    if (result === undefined) {
      lines = [...lines, line].slice(-MOST_LINES);
      return;
    }
    const answer = command.read(lines);
    // An OK without what was asked for ends an earlier question that we had given up: ours is still to come.
    if (answer === undefined) lines = [];
    else answered(answer);
  };
}

/** A storm of unsolicited lines must not fill the memory of a box. */
const MOST_LINES = 64;
