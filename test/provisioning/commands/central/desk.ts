import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { StorePlace } from '../../../../provisioning/central/store/open-store.ts';
import { central } from '../../../../provisioning/commands/central.ts';
import { folder } from '../../example.ts';

/** The central's commands in a folder of their own, at a clock that the test sets. */
export function createDesk(directory: string, given?: StorePlace) {
  const state = join(directory, 'state');
  const store: StorePlace = given ?? { kind: 'sqlite', directory: state };
  const data = join(directory, 'data');
  mkdirSync(join(data, 'hosts'), { recursive: true });
  const shipped = {
    accounts: [folder('accounts')],
    regimes: [folder('regimes')],
    decks: [folder('decks')],
    numbering: [folder('numbering')],
    hosts: [folder('hosts')],
  };
  let now = 0;
  async function run(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      stopped: () => Promise.resolve(),
    };
    const status = await central(
      [...argv, '--state', store.kind === 'sqlite' ? store.directory : state, '--data', data],
      terminal,
      { ...shipped, databaseUrl: store.kind === 'postgres' ? store.url : undefined, now: () => now },
    );
    return { status, out: out.join('\n'), err: err.join('\n') };
  }
  return {
    store,
    data,
    run,
    setClock: (at: number) => {
      now = at;
    },
    write: (name: string, content: string): string => {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },
    writeData: (name: string, value: unknown) => {
      mkdirSync(join(data, name, '..'), { recursive: true });
      writeFileSync(join(data, name), canonical(value));
    },
  };
}

/** The numbers of the worked example, by line: any example CSV line out of its parts. */
export const voice = (reference: string, day: string, seconds: number, more = ';;'): string =>
  `VOIX;MO;33612345003;+12125550100;${day};14:30:00;${seconds};;US;${reference}${more}`;
