import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { isFault } from '../agent/model/fault.ts';
import { central } from './commands/central.ts';
import { DONE, FAILED, REFUSED, type Terminal } from './commands/command.ts';
import { provision } from './commands/provision.ts';
import { reflector } from './commands/reflector.ts';
import { regime } from './commands/regime.ts';

/** The doors of the operator's side: `provision`, `regime`, `central` and `reflector`. Answers the exit status. */
export async function run(argv: string[]): Promise<number> {
  const terminal = createTerminal();
  process.stdout.on('error', endWithReader);
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    if (!isFault(error)) throw error;
    terminal.err(error.message);
    return FAILED;
  }
}

async function dispatch([command = '', ...rest]: string[], terminal: Terminal): Promise<number> {
  switch (command) {
    case 'provision':
      return provision(rest, terminal, { regimes: shipped('regimes'), tariffs: shipped('tariffs') });
    case 'central':
      return central(rest, terminal);
    case 'regime':
      return regime(rest, terminal, shipped('regimes'));
    case 'reflector':
      return reflector(rest, terminal, () => (performance.timeOrigin + performance.now()) * 1_000);
    default:
      terminal.err(
        `relais: no such command: ${command || '(none)'}; there are provision, regime, central and reflector`,
      );
      return REFUSED;
  }
}

/** Data is not compiled: beside the sources, or beside the folder of the compiled code. */
function shipped(folder: string): string {
  const beside = fileURLToPath(new URL(folder, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../provisioning/${folder}`, import.meta.url));
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
