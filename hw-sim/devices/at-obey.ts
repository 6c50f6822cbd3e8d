import type { ModemState } from './at-modem-state.ts';

/** What a command does: lines of the answer, how it ends, and the state after it. */
export type Obeyed = {
  readonly lines?: readonly string[];
  /** 'ok' without it; a number is a +CME ERROR, a negative one a +CMS ERROR. */
  readonly error?: number | 'plain';
  readonly state?: ModemState;
  /** The modem starts anew after its answer. */
  readonly restarts?: true;
  /** Waits for a text, ended by Ctrl-Z or given up by ESC. */
  readonly prompts?: (text: string, state: ModemState) => Obeyed;
};

/** The groups are the arguments; undefined passes the line on to the next command that knows it. */
export type Command = readonly [RegExp, (args: readonly string[], state: ModemState) => Obeyed | undefined];

/** The first command of the tables that knows the line; V.250 5.4.1: letters in either case, quoted text as it is. */
export function obey(tables: readonly (readonly Command[])[], line: string, state: ModemState): Obeyed {
  const upper = line.replace(/("[^"]*")|([^"]+)/g, (_, quoted: string | undefined, bare: string | undefined) =>
    quoted === undefined ? (bare ?? '').toUpperCase() : quoted,
  );
  for (const [form, does] of tables.flat()) {
    const found = form.exec(upper);
    const obeyed =
      found &&
      does(
        found.slice(1).map((group) => group ?? ''),
        state,
      );
    if (obeyed) return obeyed;
  }
  return { error: 'plain' };
}

/** The text of an answer with the errors as `+CMEE` orders them (TS 27.007 9.1). */
export function textOf(obeyed: Obeyed, errors: ModemState['errors']): string {
  const lines = (obeyed.lines ?? []).map((line) => `\r\n${line}\r\n`).join('');
  return `${lines}\r\n${ending(obeyed.error, errors)}\r\n`;
}

function ending(error: Obeyed['error'], errors: ModemState['errors']): string {
  if (error === undefined) return 'OK';
  if (error === 'plain') return 'ERROR';
  // TS 27.005 3.2.5: errors of messages have their numbers whatever +CMEE says.
  if (error < 0) return `+CMS ERROR: ${-error}`;
  if (errors === 0) return 'ERROR';
  return `+CME ERROR: ${errors === 1 ? error : (CME_WORDS[error] ?? 'unknown')}`;
}

/** TS 27.007 9.2. */
const CME_WORDS: Readonly<Record<number, string>> = {
  3: 'operation not allowed',
  4: 'operation not supported',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  16: 'incorrect password',
  30: 'no network service',
  50: 'Incorrect parameters',
};
