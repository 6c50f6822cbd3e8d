import { existsSync, readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { isFault } from '../agent/model/fault.ts';
import { central } from './commands/central.ts';
import { DONE, FAILED, REFUSED, type Terminal } from './commands/command.ts';
import { numbering } from './commands/numbering.ts';
import { provision } from './commands/provision.ts';
import type { DataFolders } from './commands/rate/context-files.ts';
import { rate } from './commands/rate.ts';
import { reflector } from './commands/reflector.ts';
import { regime } from './commands/regime.ts';
import { support } from './commands/support.ts';
import { tariff } from './commands/tariff.ts';

type Door = (argv: readonly string[], terminal: Terminal) => number | Promise<number>;

/** The doors of the operator's side. */
const DOORS: Readonly<Record<string, Door>> = {
  provision: (argv, terminal) =>
    provision(argv, terminal, {
      regimes: shipped('regimes'),
      tariffs: shipped('decks'),
      numbering: shipped('numbering'),
    }),
  central: (argv, terminal) => central(argv, terminal, { ...ratingData(), hosts: [shipped('hosts')], now: wallNow }),
  reflector: (argv, terminal) => reflector(argv, terminal, () => wallMillis() * 1_000),
  regime: (argv, terminal) => regime(argv, terminal, shipped('regimes')),
  numbering: (argv, terminal) => numbering(argv, terminal, shipped('numbering')),
  tariff: (argv, terminal) =>
    tariff(argv, terminal, {
      now: wallNow,
      numbering: `${shipped('numbering')}/numbering-2025-07-02.json`,
    }),
  support: (argv, terminal) => support(argv, terminal),
  rate: (argv, terminal) => rate(argv, terminal, ratingData()),
};

const ratingData = (): DataFolders => ({
  accounts: [shipped('accounts')],
  regimes: [shipped('regimes')],
  decks: [shipped('decks')],
  numbering: [shipped('numbering')],
});

const wallNow = (): number => Math.floor(wallMillis());
const wallMillis = (): number => performance.timeOrigin + performance.now();

/** Opens the door that the first word names; answers the exit status. */
export async function run([command = '', ...rest]: string[]): Promise<number> {
  const terminal = createTerminal();
  process.stdout.on('error', endWithReader);
  const door = DOORS[command];
  if (door === undefined) {
    terminal.err(`relais: no such command: ${command || '(none)'}; there are ${Object.keys(DOORS).join(', ')}`);
    return REFUSED;
  }
  try {
    return await door(rest, terminal);
  } catch (error) {
    if (!isFault(error)) throw error;
    terminal.err(error.message);
    return FAILED;
  }
}

/** Data is not compiled: beside the sources, or beside the folder of the compiled code, where code of that name may lie. */
function shipped(folder: string): string {
  const beside = fileURLToPath(new URL(folder, import.meta.url));
  const hasData = existsSync(beside) && readdirSync(beside).some((name) => name.endsWith('.json'));
  return hasData ? beside : fileURLToPath(new URL(`../../provisioning/${folder}`, import.meta.url));
}

/** A reader such as `head` that has seen enough ends the command, and is no fault. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(DONE);
}

const createTerminal = (): Terminal => ({
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  stopped: () =>
    new Promise((done) => {
      process.once('SIGINT', () => done());
      process.once('SIGTERM', () => done());
    }),
});
