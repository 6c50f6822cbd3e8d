import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../kernel/namespaces.ts';

/** From the blow to the word that it is up again, on the monotonic clock of this process (ms). */
export type Outage = { readonly from: number; readonly to: number };

/** A process that is there to be killed. */
export interface Victim {
  readonly name: string;
  /** Answers when it is up. */
  start(): Promise<void>;
  /** Nothing is said to it before it goes: SIGKILL, or the immediate shutdown of a database. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it hangs, and its connections stay open. */
  freeze?(): void;
  thaw?(): void;
  /** SIGTERM, and SIGKILL when that is ignored. */
  end(): Promise<void>;
  outages(): readonly Outage[];
  /** Of the process that runs now. */
  pid(): number | undefined;
  /** How often it ended by itself and was started again. */
  falls(): number;
}

type VictimSettings = {
  readonly name: string;
  readonly command: Command;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it writes, on either stream, once it is up. */
  readonly ready: string;
  /** What it is killed with; SIGKILL unless told otherwise. */
  readonly blow?: NodeJS.Signals;
  readonly hear?: (line: string) => void;
};

const PATIENCE_MS = 5_000;
const READY_MS = 60_000;
const KEPT = 4_000;

/** How long a supervisor waits before it starts again what has ended by itself. */
const RESPAWN_MS = 500;

/** However this process ends, nobody that it started stays. What ends by itself is started again, as systemd would; `fell` says how often that was. */
export function createVictim(settings: VictimSettings): Victim {
  const outages: Outage[] = [];
  let child: ChildProcess | undefined;
  let downSince: number | undefined;
  let wanted = false;
  let falls = 0;

  const signal = (what: NodeJS.Signals): void => void child?.kill(what);
  const down = (): void => {
    downSince ??= performance.now();
  };
  const up = (): void => {
    if (downSince !== undefined) outages.push({ from: downSince, to: performance.now() });
    downSince = undefined;
  };

  async function launch(): Promise<void> {
    const [file, ...words] = ['setpriv', '--pdeathsig', 'KILL', '--', ...settings.command] as const;
    const environment = { ...process.env, ...settings.environment };
    const fresh = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
    child = fresh;
    fresh.once('exit', () => {
      if (wanted && child === fresh) void fell();
    });
    await said(fresh, settings);
    up();
  }

  async function fell(): Promise<void> {
    falls += 1;
    down();
    await pause(RESPAWN_MS);
    // Its end is heard as the next fall.
    if (wanted) await launch().catch(() => undefined);
  }

  return {
    name: settings.name,
    async start() {
      wanted = true;
      await launch().catch(async (error: unknown) => {
        if (outages.length === 0 && downSince === undefined) throw error;
        while (wanted && downSince !== undefined) await pause(RESPAWN_MS);
      });
    },
    async kill() {
      wanted = false;
      down();
      await gone(child, () => signal(settings.blow ?? 'SIGKILL'));
    },
    freeze() {
      down();
      signal('SIGSTOP');
    },
    thaw() {
      signal('SIGCONT');
      up();
    },
    async end() {
      wanted = false;
      signal('SIGCONT');
      const impatience = setTimeout(() => signal('SIGKILL'), PATIENCE_MS);
      await gone(child, () => signal('SIGTERM'));
      clearTimeout(impatience);
    },
    outages: () => (downSince === undefined ? outages : [...outages, { from: downSince, to: performance.now() }]),
    pid: () => child?.pid,
    falls: () => falls,
  };
}

async function gone(child: ChildProcess | undefined, blow: () => void): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  blow();
  await exit;
}

/** Goes on reading for as long as it lives, so that a full pipe never holds it up. */
async function said(child: ChildProcess, { name, ready, hear }: VictimSettings): Promise<void> {
  let text = '';
  let looking = true;
  await new Promise<void>((done, fail) => {
    const give = (why: string): void => {
      if (looking) fail(new Error(`${name} ${why}:\n${text}`));
    };
    // Whoever is up and does not say so is no use; its end is heard, and it is started again.
    const patience = setTimeout(() => child.kill('SIGKILL'), READY_MS);
    const read = (chunk: string): void => {
      for (const line of chunk.split('\n')) if (line !== '') hear?.(line);
      if (!looking) return;
      text += chunk;
      if (!text.includes(ready)) {
        text = text.slice(-KEPT);
        return;
      }
      looking = false;
      clearTimeout(patience);
      done();
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('exit', (code, signal) => {
      clearTimeout(patience);
      give(`ended with ${code ?? signal}`);
    });
  });
}
