import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export type PostgresServer = {
  /** A new, empty database; answers its URL. */
  createDatabase(): Promise<string>;
  /** Ends every process of the server at once, as a crash of its host would, and starts it again on what is on disk. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

const VERSIONS = '/usr/lib/postgresql';
/** Nobody asks for it; it is there so that tests can look for it where it must not be. */
export const PASSWORD = 'correct-horse-battery';

/** A server of its own in a temporary folder, on a Unix socket, as the user `postgres` when the tests run as root. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-postgres-'));
  const cluster = join(folder, 'cluster');
  chmodSync(folder, 0o755);
  const user = ownerOf();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync(
      command('initdb'),
      ['-D', cluster, '-U', 'relais', '-E', 'UTF8', '--locale=C', '--no-sync', '-A', 'trust'],
      {
        ...user,
        cwd: folder,
        stdio: 'pipe',
      },
    );
  } catch (error) {
    remove();
    throw error;
  }
  let server = await run(cluster, folder, user);
  // Whatever ends the tests ends the server, and leaves no folder.
  const atExit = (): void => {
    server.kill('SIGQUIT');
    remove();
  };
  process.once('exit', atExit);
  let made = 0;
  return {
    createDatabase: async () => {
      made += 1;
      await query(folder, `CREATE DATABASE relais_${made}`);
      return urlOf(folder, `relais_${made}`);
    },
    crash: async () => {
      server.kill('SIGQUIT');
      await once(server, 'exit');
      server = await run(cluster, folder, user);
    },
    stop: async () => {
      process.off('exit', atExit);
      server.kill('SIGINT');
      if (server.exitCode === null) await once(server, 'exit');
      remove();
    },
  };
}

async function run(cluster: string, folder: string, user: ReturnType<typeof ownerOf>): Promise<ChildProcess> {
  const settings = ['listen_addresses=', 'shared_buffers=16MB', 'max_connections=60', 'logging_collector=off'];
  const server = spawn(command('postgres'), ['-D', cluster, '-k', folder, ...settings.flatMap((one) => ['-c', one])], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.setEncoding('utf8');
  await new Promise<void>((done, fail) => {
    server.stderr.on('data', (text: string) => {
      said += text;
      if (said.includes('ready to accept connections')) done();
    });
    server.once('exit', (code) => fail(new Error(`postgres ended with ${code}: ${said}`)));
    server.once('error', fail);
  });
  server.removeAllListeners('exit');
  return server;
}

async function query(folder: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(folder, 'postgres') });
  await client.connect();
  await client.query(sql);
  await client.end();
}

const urlOf = (folder: string, database: string): string =>
  `postgresql://relais:${PASSWORD}@localhost/${database}?host=${encodeURIComponent(folder)}`;

/** PostgreSQL refuses to run as root. */
function ownerOf(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function command(name: string): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions.map((version) => join(VERSIONS, version, 'bin', name)).filter((path) => existsSync(path));
  if (newest === undefined) throw new Error(`${name} of PostgreSQL is missing: node hw-sim/prepare.mjs installs it`);
  return newest;
}
