import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const RELAIS = resolve('dist/agent/main.js');

export type CentralProcess = {
  /** What it logged; each line is an object. */
  readonly log: readonly Record<string, unknown>[];
  readonly errors: () => string;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
};

/** `relais central` in a process of its own; answers when it is subscribed. */
export async function startCentral(argv: readonly string[], databaseUrl: string): Promise<CentralProcess> {
  const child: ChildProcess = spawn(process.execPath, [RELAIS, 'central', ...argv], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: Record<string, unknown>[] = [];
  let errors = '';
  let rest = '';
  child.stdout?.setEncoding('utf8');
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    errors += text;
  });
  await new Promise<void>((done, fail) => {
    child.stdout?.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) log.push(JSON.parse(line));
      if (log.some(({ msg }) => msg === 'broker connected')) done();
    });
    child.once('exit', (code) => fail(new Error(`the central ended with ${code}: ${errors}`)));
  });
  child.removeAllListeners('exit');
  return {
    log,
    errors: () => errors,
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill(signal);
      const [code] = await once(child, 'exit');
      return code;
    },
  };
}
