import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Exim = {
  readonly port: number;
  /** TLS from the first octet on; 0 where the server has no certificate. */
  readonly tlsPort: number;
  readonly mails: () => readonly string[];
  readonly stop: () => Promise<void>;
};

/** A port that is free at this moment. */
const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/**
 * Debian's exim on a loopback port, with its own configuration, spool and mailbox in a folder of its own. It takes mail for
 * client@ and refuses what is for nobody@ for good; \`full@\` is put off. With a certificate mail is taken only over TLS and
 * from who knows the password.
 */
export async function startExim(wish: EximWish = {}): Promise<Exim> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-exim-'));
  const owner = {
    uid: Number(execFileSync('id', ['-u', 'Debian-exim'])),
    gid: Number(execFileSync('id', ['-g', 'Debian-exim'])),
  };
  for (const name of ['', 'spool', 'log', 'new']) {
    mkdirSync(join(folder, name), { recursive: true });
    chmodSync(join(folder, name), 0o755);
    chownSync(join(folder, name), owner.uid, owner.gid);
  }
  const port = wish.port ?? (await freePort());
  const tlsPort = wish.secure ? await freePort() : 0;
  const config = join(folder, 'exim.conf');
  writeFileSync(config, configOf(folder, port, wish.secure && { ...wish.secure, tlsPort }));
  if (wish.secure)
    for (const name of ['certificate', 'key'] as const) writeFileSync(join(folder, `${name}.pem`), wish.secure[name]);
  const child = spawn('exim4', ['-C', config, '-bdf', '-q1h'], { stdio: ['ignore', 'ignore', 'pipe'] });
  await ready(child, port);
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  return {
    port,
    tlsPort,
    mails: () => readdirSync(join(folder, 'new')).map((name) => readFileSync(join(folder, 'new', name), 'latin1')),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Secure = { readonly certificate: string; readonly key: string; readonly user: string; readonly password: string };
export type EximWish = { readonly port?: number; readonly secure?: Secure };

const secured = (folder: string, { user, password, tlsPort }: Secure & { readonly tlsPort: number }) => ({
  main: `
tls_advertise_hosts = *
tls_certificate = ${folder}/certificate.pem
tls_privatekey = ${folder}/key.pem
tls_on_connect_ports = ${tlsPort}
acl_smtp_mail = acl_mail`,
  acl: `
acl_mail:
  deny !encrypted = *
       message = TLS first
  deny !authenticated = *
       message = who are you
  accept`,
  authenticators: `
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${user}}}{eq{$auth3}{${password}}}}}
  server_advertise_condition = \${if def:tls_in_cipher}
`,
});

const configOf = (folder: string, port: number, secure?: Secure & { readonly tlsPort: number }): string => {
  // Without this exim offers TLS with a certificate of its own making.
  const { main = 'tls_advertise_hosts =', acl = '', authenticators = '' } = secure ? secured(folder, secure) : {};
  return `
primary_hostname = relay.example.fr
daemon_smtp_ports = ${secure ? `${port} : ${secure.tlsPort}` : port}
local_interfaces = 127.0.0.1
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
host_lookup =
rfc1413_hosts =
message_size_limit = 20M
keep_environment =
acl_smtp_rcpt = acl_rcpt
queue_only = false
${main}
begin acl${acl}
acl_rcpt:
  deny local_parts = nobody
       message = no such mailbox here
  defer local_parts = full
       message = mailbox is full, come again
  accept
begin routers
local:
  driver = accept
  transport = mailbox
begin transports
mailbox:
  driver = appendfile
  directory = ${folder}
  maildir_format
  user = Debian-exim
  delivery_date_add
${authenticators}`;
};

/** Until its port answers with a greeting, or it has ended with words. */
async function ready(child: ChildProcess, port: number): Promise<void> {
  const said: string[] = [];
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const { connect } = await import('node:net');
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`exim ended with ${child.exitCode}: ${said.join(' ')}`);
    const greeted = await new Promise<boolean>((done) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('data', () => {
        done(true);
        socket.end('QUIT\r\n');
      });
      socket.once('error', () => setTimeout(() => done(false), 50));
    });
    if (greeted) return;
  }
  throw new Error(`exim does not greet: ${said.join(' ')}`);
}
