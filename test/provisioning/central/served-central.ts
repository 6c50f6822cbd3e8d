import { central } from '../../../provisioning/commands/central.ts';
import type { Terminal } from '../../../provisioning/commands/command.ts';

export type ServedCentral = {
  readonly log: readonly Record<string, unknown>[];
  said(message: string): Promise<void>;
  stop(): Promise<number>;
};

/** `relais central` as an operator starts it, up to the line that says that it listens. */
export async function serveCentral(argv: readonly string[], databaseUrl = ''): Promise<ServedCentral> {
  const log: Record<string, unknown>[] = [];
  const watchers = new Set<() => void>();
  let stop = (): void => {};
  const terminal: Terminal = {
    out: (line) => {
      log.push(JSON.parse(line));
      for (const watcher of watchers) watcher();
    },
    err: (line) => log.push({ err: line }),
    stopped: () =>
      new Promise((done) => {
        stop = done;
      }),
  };
  const ended = central(argv, terminal, { databaseUrl });
  const running: ServedCentral = {
    log,
    said: (message) =>
      new Promise((done) => {
        const look = (): void => {
          if (log.some(({ msg }) => msg === message)) done();
        };
        watchers.add(look);
        look();
      }),
    stop: () => {
      stop();
      return ended;
    },
  };
  await Promise.race([running.said('broker connected'), ended]);
  return running;
}
