import { parseArgs } from 'node:util';

/** What a command needs of the terminal. */
export type Terminal = {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Answers when the operator wants the command to end. */
  readonly stopped: () => Promise<void>;
};

export const DONE = 0;
export const FAILED = 1;
export const REFUSED = 2;

/** The command line is wrong; the message says how. */
type Usage = { readonly usage: string };
type Parsed<Name extends string> = {
  readonly values: Readonly<Partial<Record<Name, string>>>;
  readonly flags: ReadonlySet<string>;
  readonly words: readonly string[];
};

/** Reads `--name value` options and flags; undefined after saying what is wrong. */
export function readArguments<Name extends string>(
  argv: readonly string[],
  names: readonly Name[],
  flags: readonly string[] = [],
): Parsed<Name> | Usage {
  const options = {
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(['help', ...flags].map((flag) => [flag, { type: 'boolean' as const }])),
  };
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    const given: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const value: unknown = values[name];
      if (typeof value === 'string') given[name] = value;
    }
    const raised = new Set(Object.keys(values).filter((key) => values[key] === true));
    return { values: given, flags: raised, words: positionals };
  } catch (error) {
    // parseArgs throws TypeErrors whose text is meant for the terminal.
    if (error instanceof TypeError) return { usage: error.message };
    throw error;
  }
}

/** "203.0.113.20:1883", or undefined. */
export function readEndpoint(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host, port] = /^([^\s:]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}

/** As `readEndpoint`; with "mqtts://" ahead it is a broker that wants certificates. */
export function readBroker(
  text: string,
): { readonly host: string; readonly port: number; readonly tls: boolean } | undefined {
  const [, scheme = 'mqtt', rest = ''] = /^(?:(mqtts?):\/\/)?(.*)$/.exec(text) ?? [];
  const endpoint = readEndpoint(rest);
  return endpoint && { ...endpoint, tls: scheme === 'mqtts' };
}
