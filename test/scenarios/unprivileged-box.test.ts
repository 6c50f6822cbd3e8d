import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../agent/model/canonical.ts';
import { LEAN } from '../../firmware-ts/wires/node/lean-flags.ts';
import { createSimRandom, type SimRandom } from '../../hw-sim/site/sim-random.ts';
import { siteConfig } from '../example-site.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';

const RELAIS = resolve('dist/agent/main.js');
const NOBODY = 65_534;
/** What the unit in docs/deploy.md leaves the agent: capabilities(7), CAP_NET_ADMIN and CAP_NET_RAW. */
const KEPT = '-all,+net_admin,+net_raw';
const CAPABILITIES = (1n << 12n) | (1n << 13n);
/** A million by `SOCKET_FUZZ=1000000`; the suite takes a sample of the same. */
const MUTANTS = Number(process.env.SOCKET_FUZZ ?? 2_000);

let box: Namespace;
/** The voice LAN, with one phone. */
let phones: Namespace;
let directory: string;
let agent: ChildProcess;
const said: { readonly msg?: string }[] = [];
const path = (name: string): string => join(directory, name);
const status = (field: string): string =>
  new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))?.[1] ?? '';
const run = async (program: string, ...args: readonly string[]): Promise<string> =>
  (await box.commands.run(program, args)).stdout;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-unprivileged-'));
  chmodSync(directory, 0o755);
  [box, phones] = await Promise.all([createNamespace(), createNamespace()]);
  for (const name of ['voice0', 'data0', 'wan1', 'wan2']) {
    await run('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`);
    await run('ip', 'link', 'set', name, 'up');
    await run('ip', 'link', 'set', `${name}p`, 'up');
  }
  await run('ip', 'address', 'add', '192.168.10.1/24', 'dev', 'voice0');
  await run('ip', 'link', 'set', 'voice0p', 'netns', String(phones.pid));
  await phones.commands.run('ip', ['address', 'add', '192.168.10.10/24', 'dev', 'voice0p']);
  await phones.commands.run('ip', ['link', 'set', 'voice0p', 'up']);
  await phones.commands.run('ip', ['route', 'add', 'default', 'via', '192.168.10.1']);
  writeBoxFiles();
  const isRoot = process.getuid?.() === 0;
  const who = isRoot ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const rights = [`--bounding-set=${KEPT}`, `--inh-caps=${KEPT}`, `--ambient-caps=${KEPT}`, '--no-new-privs'];
  const [enter = '', ...prefix] = box.prefix;
  const words = [
    ...prefix,
    'setpriv',
    ...who,
    ...rights,
    process.execPath,
    ...LEAN,
    RELAIS,
    'agent',
    '--config',
    path('box.json'),
  ];
  agent = spawn(enter, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((started, ended) => {
    if (agent.stdout)
      createInterface({ input: agent.stdout }).on('line', (line) => {
        said.push(JSON.parse(line));
        if (said.at(-1)?.msg === 'agent started') started();
      });
    agent.once('exit', (code) => ended(new Error(`the agent ended with ${code}`)));
  });
}, 180_000);
afterAll(async () => {
  if (agent.exitCode === null) {
    const gone = once(agent, 'exit');
    agent.kill('SIGTERM');
    await gone;
  }
  for (const place of [box, phones]) place.close();
  rmSync(directory, { recursive: true, force: true });
});

function writeBoxFiles(): void {
  const keys = generateKeyPairSync('ed25519');
  const payload = Buffer.from(canonical(siteConfig()));
  const signature = sign(null, payload, keys.privateKey).toString('base64');
  writeFileSync(path('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
  writeFileSync(path('operator.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(path('secret'), 'secret', { mode: 0o600 });
  mkdirSync(path('state'), { mode: 0o700 });
  if (process.getuid?.() === 0) for (const own of ['secret', 'state']) chownSync(path(own), NOBODY, NOBODY);
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  const files = { siteConfig: path('site.json'), operatorKey: path('operator.pub'), uplinkSecret: path('secret') };
  writeFileSync(path('box.json'), JSON.stringify({ stateDirectory: path('state'), ...files, interfaces }));
}

describe('security lines 18, 20 and 21: the whole box, as a user that is nobody', () => {
  it('line 20: has two capabilities and can get no others, and leads the traffic all the same', async () => {
    if (process.getuid?.() === 0) expect(status('Uid')).toBe([NOBODY, NOBODY, NOBODY, NOBODY].join('\t'));
    for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb']) expect(BigInt(`0x${status(set)}`)).toBe(CAPABILITIES);
    expect(status('NoNewPrivs')).toBe('1');
    const rules = () => run('nft', 'list', 'table', 'inet', 'relais');
    await expect.poll(rules, { timeout: 15_000 }).toContain('203.0.113.10');
    expect(await run('cat', '/proc/sys/net/ipv4/ip_forward')).toBe('1\n');
    await expect.poll(() => run('ip', 'rule'), { timeout: 15_000 }).toMatch(/fwmark .* lookup 1\d\d/);
    expect(said.filter(({ msg }) => /could not be (written|put|led)|refused/.test(msg ?? ''))).toEqual([]);
  });

  it('line 18: what it listens on is this list and nothing else', async () => {
    const sockets = async (): Promise<readonly string[]> =>
      (await run('ss', '-Htuln'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.trim().split(/\s+/))
        .map(([protocol = '', , , , at = '']) => `${protocol} ${at.replace(/^127\.0\.0\.1:\d+$/, '127.0.0.1:*')}`)
        .toSorted();
    await expect.poll(sockets, { timeout: 15_000 }).toEqual(LISTENS);
  });

  it('line 21, D-3: mutants of SIP and STAMP and bytes of no meaning on its open sockets end nothing, grow nothing, and it obeys', {
    timeout: 7_200_000,
  }, async () => {
    const [heardBefore, residentBefore] = [await heard(), resident()];
    const dice = createSimRandom('open-sockets');
    // As a phone speaks to its server, and past the rules to the probes.
    await Promise.all([
      throwAt(phones, '203.0.113.10 5060', mutants(dice, MUTANTS)),
      throwAt(box, '127.0.0.1 8620', mutants(dice, MUTANTS / 10)),
    ]);
    expect((await heard()) - heardBefore).toBeGreaterThan(MUTANTS / 2);
    const queued = async (): Promise<boolean> => / [1-9]\d* +\d+ +\S+:(5070|8620) /.test(await run('ss', '-Huln'));
    await expect.poll(queued, { timeout: 30_000 }).toBe(false);
    expect(agent.exitCode).toBe(null);
    expect(resident() - residentBefore).toBeLessThan(GROWTH_KB);
    agent.kill('SIGHUP');
    const lives = (): number => said.filter(({ msg }) => msg === 'agent started').length;
    await expect.poll(lives, { timeout: 30_000 }).toBe(2);
  });
});

/** SIP relay, probes of two links, and on the loopback alone the ends of RTCP copies of the two ways of a call. */
const LISTENS = [
  'tcp 0.0.0.0:5070',
  'udp 0.0.0.0:5070',
  'udp 0.0.0.0:8620',
  'udp 0.0.0.0:8621',
  'udp 127.0.0.1:*',
  'udp 127.0.0.1:*',
];
/** A heap that has worked is larger than one that has not: what grows without end grows beyond this. */
const GROWTH_KB = 32_768;
const resident = (): number => Number(status('VmRSS').replace(' kB', ''));
/** Udp: InDatagrams (RFC 4113), of this namespace. */
const heard = async (): Promise<number> => Number(/^Udp: (\d+)/m.exec(await run('cat', '/proc/self/net/snmp'))?.[1]);

function* mutants(dice: SimRandom, count: number): Generator<Buffer> {
  for (let mutant = 0; mutant < count; mutant += 1) {
    const bytes = Buffer.from(dice.pick(SEEDS));
    for (let changes = Math.floor(dice.fraction() * 12); changes >= 0; changes -= 1)
      bytes[Math.floor(dice.fraction() * bytes.length)] = Math.floor(dice.fraction() * 256);
    yield dice.chance(0.2) ? bytes.subarray(0, Math.floor(dice.fraction() * bytes.length)) : bytes;
  }
}

/** Each of them as a datagram, and all of them as one stream. */
async function throwAt(from: Namespace, target: string, thrown: Iterable<Buffer>): Promise<void> {
  const [enter = '', ...prefix] = from.prefix;
  const words = [...prefix, process.execPath, '--input-type=module', '--eval', SENDER, ...target.split(' ')];
  const sender = spawn(enter, words, { stdio: ['pipe', 'inherit', 'inherit'] });
  for (const bytes of thrown)
    if (!sender.stdin.write(`${bytes.toString('base64')}\n`)) await once(sender.stdin, 'drain');
  sender.stdin.end();
  await once(sender, 'exit');
}

const SENDER = `
  const [host, port] = process.argv.slice(-2);
  import { createSocket } from 'node:dgram';
  import { connect } from 'node:net';
  import { createInterface } from 'node:readline';
  const socket = createSocket('udp4');
  const stream = connect(Number(port), host).on('error', () => undefined);
  let sent = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const bytes = Buffer.from(line, 'base64');
    await new Promise((done) => socket.send(bytes, Number(port), host, done));
    if (stream.writable) stream.write(bytes);
    sent += 1;
    // A socket holds some two hundred datagrams; what the kernel drops nobody has withstood.
    if (sent % 20 === 0) await new Promise((done) => setTimeout(done, 25));
  }
  socket.close();
  stream.destroy();
`;
const SEEDS = [
  Buffer.from(
    [
      'INVITE sip:+33144556677@203.0.113.10 SIP/2.0',
      'Via: SIP/2.0/UDP 192.168.10.10:5060;branch=z9hG4bK776asdhds;rport',
      'Max-Forwards: 70',
      'To: <sip:+33144556677@203.0.113.10>',
      'From: "Front" <sip:+33172890001@203.0.113.10>;tag=1928301774',
      'Call-ID: a84b4c76e66710@192.168.10.10',
      'CSeq: 314159 INVITE',
      'Contact: <sip:front@192.168.10.10:5060>',
      'Content-Type: application/sdp',
      'Content-Length: 135',
      '',
      'v=0\r\no=- 1 1 IN IP4 192.168.10.10\r\ns=-\r\nc=IN IP4 192.168.10.10\r\nt=0 0\r\nm=audio 49170 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n',
    ].join('\r\n'),
  ),
  Buffer.from(
    'REGISTER sip:203.0.113.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.10.10;branch=z9hG4bKr\r\nTo: <sip:a@b>\r\nFrom: <sip:a@b>;tag=1\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n',
  ),
  // STAMP (RFC 8762 4.3.1): 44 octets.
  Buffer.alloc(44, 7),
  Buffer.alloc(1_200, 0x41),
] as const;
