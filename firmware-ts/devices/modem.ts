import { isFault } from '../../agent/model/fault.ts';
import { millis, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Signal } from '../../agent/ports/devices.ts';
import { createTurns } from '../turns.ts';
import type { OpenSerialLine, SerialLine } from '../wires/serial-line.ts';
import { QUIET, SIGNAL } from './at/commands.ts';
import { createDialogue, type Dialogue } from './at/dialogue.ts';

/** Reading the signal is said to take under 300 ms by module vendors; a busy module takes longer. */
const PATIENCE = seconds(2);
/** The first command after a start is often lost while the modem finds the baud rate. */
const WAKE_PATIENCE = millis(500);
const WAKE_TRIES = 3;

interface Modem {
  /** S-12. @throws Fault 'modem.silent' or 'modem.refused'. */
  signal(): Promise<Signal>;
  close(): Promise<void>;
}

/** The modem behind a line. A line that went silent is opened anew for the next question: a reset costs one answer. */
export function createModem(open: OpenSerialLine, clock: Clock): Modem {
  const inTurn = createTurns();
  let line: SerialLine | undefined;
  let dialogue: Dialogue | undefined;

  const drop = async () => {
    const old = line;
    line = undefined;
    dialogue = undefined;
    await old?.close();
  };

  const awake = async (): Promise<Dialogue> => {
    if (dialogue !== undefined) return dialogue;
    line = await open();
    const fresh = createDialogue(line, clock);
    await wake(fresh, WAKE_TRIES);
    dialogue = fresh;
    return fresh;
  };

  const signal = async (): Promise<Signal> => {
    try {
      return await (await awake()).ask(SIGNAL, PATIENCE);
    } catch (error) {
      // A refusal is an answer, and the line is good.
      if (!isFault(error, 'modem.refused')) await drop();
      throw error;
    }
  };

  return { signal: () => inTurn(signal), close: () => inTurn(drop) };
}

async function wake(dialogue: Dialogue, tries: number): Promise<void> {
  try {
    await dialogue.ask(QUIET, WAKE_PATIENCE);
  } catch (error) {
    if (tries === 1 || !isFault(error, 'modem.silent')) throw error;
    await wake(dialogue, tries - 1);
  }
}
