import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, run } from '../kernel/namespaces.ts';
import type { StoreSeat } from './central-store.ts';
import { createVictim } from './victim.ts';

const VERSIONS = '/usr/lib/postgresql';
const DATABASE = 'relais';
const SETTINGS = ['listen_addresses=', 'shared_buffers=64MB', 'max_connections=80', 'logging_collector=off'];

/** A PostgreSQL server of its own on a Unix socket. Its blow is the immediate shutdown, which is a crash to what it was doing. */
export async function postgresSeat(directory: string): Promise<StoreSeat> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-soak-postgres-'));
  const cluster = join(folder, 'cluster');
  const owner = await ownerOf();
  chmodSync(folder, 0o755);
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const asOwner = (command: Command): Command =>
    owner === undefined
      ? command
      : [
          'setpriv',
          `--reuid=${owner.uid}`,
          `--regid=${owner.gid}`,
          '--clear-groups',
          '--pdeathsig',
          'KILL',
          '--',
          ...command,
        ];
  const server = createVictim({
    name: 'database',
    command: asOwner([
      binary('postgres'),
      ...['-D', cluster, '-k', folder],
      ...SETTINGS.flatMap((setting) => ['-c', setting]),
    ]),
    ready: 'ready to accept connections',
    blow: 'SIGQUIT',
  });
  const close = async (): Promise<void> => {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const make = ['-D', cluster, '-U', 'relais', '-E', 'UTF8', '--locale=C', '--no-sync', '-A', 'trust'];
    await run(asOwner([binary('initdb'), ...make]));
    await server.start();
    await run(asOwner([binary('createdb'), '-h', folder, '-U', 'relais', DATABASE]));
  } catch (error) {
    await close();
    throw error;
  }
  const url = `postgresql://relais@localhost/${DATABASE}?host=${encodeURIComponent(folder)}`;
  return {
    place: { kind: 'postgres', url },
    environment: { DATABASE_URL: url },
    state: join(directory, 'central'),
    server,
    close,
  };
}

/** PostgreSQL refuses to run as root. */
async function ownerOf(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string): Promise<number> => Number(await run(['id', flag, 'postgres']));
  return { uid: await id('-u'), gid: await id('-g') };
}

function binary(name: string): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a)) : [];
  const newest = versions.map((version) => join(VERSIONS, version, 'bin', name)).find(existsSync);
  if (newest === undefined) throw new Error(`${name} of PostgreSQL is missing: node hw-sim/prepare.mjs installs it`);
  return newest;
}
