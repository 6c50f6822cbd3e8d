import { startLockstep } from './lockstep.ts';

export type TerminalWord = { readonly copies: number; readonly octets: Uint8Array };

/** What libspandsp said meanwhile, and how its T.30 ended: -1 while it goes on, 0 for success. */
export type TerminalAnswer = {
  readonly words: readonly TerminalWord[];
  readonly result: number;
  readonly pages: number;
};

/** A T.38 terminal of libspandsp that lives in simulated time: nothing happens in it but what is ordered (spandsp-terminal.c). */
export type SpandspTerminal = {
  /** 20 ms pass. */
  readonly step: () => TerminalAnswer;
  readonly hear: (sequence: number, octets: Uint8Array) => TerminalAnswer;
  readonly close: () => void;
};

/** What it can, and how often it says FTT to a training check. `modems`: 1 V.27ter, 2 V.29, 4 V.17. */
type TerminalRules = { readonly ecm: boolean; readonly modems?: number; readonly refusals?: number };

/** @param folder where page.tif is, or received.tif is to be; the named pipes of the conversation come there too. */
export function startTerminal(
  program: string,
  folder: string,
  role: 'send' | 'receive',
  { ecm, modems = 7, refusals = 0 }: TerminalRules,
): SpandspTerminal {
  const words = [role, ecm ? '1' : '0', String(modems), String(refusals)];
  const { ask, close } = startLockstep(program, words, folder, 'terminal');
  const answerTo = (order: string): TerminalAnswer => {
    const { lines, ok } = ask(order);
    return {
      words: lines.map(([, copies, hex = '']) => ({
        copies: Number(copies),
        octets: Uint8Array.from(Buffer.from(hex, 'hex')),
      })),
      result: Number(ok[0]),
      pages: Number(ok[1]),
    };
  };
  return {
    step: () => answerTo('step'),
    hear: (sequence, octets) => answerTo(`hear ${sequence} ${Buffer.from(octets).toString('hex')}`),
    close,
  };
}
