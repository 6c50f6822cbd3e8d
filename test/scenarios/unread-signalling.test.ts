import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKernelNetwork } from '../../agent/edge/kernel-network.ts';
import { createKernelUnread } from '../../agent/edge/kernel-unread.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import type { DataPlane } from '../../agent/plans/data-plane.ts';
import type { Network } from '../../agent/ports/network.ts';
import type { UnreadCount } from '../../agent/ports/unread-signalling.ts';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { createNft, type Nft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';

const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      ...{ name: 'main', number: 1, interface: 'wan1', gateway: '198.51.100.1' },
      ...{ upKbps: 100_000, downKbps: 100_000, probePort: 8620 },
    },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [2427, 2727, 5060, [16384, 16482]],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
  unread: { elsewhere: 'refuse', messagesPerSecond: 60 },
};
const PHONE = '192.168.10.10';
const OTHER_PHONE = '192.168.10.11';
const OPERATOR = '203.0.113.10';
const ELSEWHERE = '198.51.100.99';

let box: Namespace;
let phones: Namespace;
let office: Namespace;
let core: Namespace;
let nft: Nft;
let network: Network;
const opened: (() => void)[] = [];

async function run(place: Namespace, ...words: [string, ...string[]]): Promise<string> {
  const [program, ...args] = words;
  const { status, stdout, stderr } = await place.commands.run(program, args);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
}

async function cable(device: string, address: string, far: Namespace, farAddresses: readonly string[]): Promise<void> {
  await run(box, 'ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(far.pid));
  await run(box, 'ip', 'address', 'add', address, 'dev', device);
  await run(box, 'ip', 'link', 'set', device, 'up');
  for (const own of farAddresses) await run(far, 'ip', 'address', 'add', own, 'dev', 'eth0');
  await run(far, 'ip', 'link', 'set', 'eth0', 'up');
}

const order = (give: (done: (error: Error | undefined) => void) => void) =>
  new Promise<void>((resolve, reject) => give((error) => (error ? reject(error) : resolve())));
const install = (): Promise<void> => order((done) => network.install({ voice: 'main', data: 'main' }, done));

/** A program of ours in a namespace; what it has printed so far. */
function begin(place: Namespace, program: string, ...args: readonly string[]): () => string {
  const [enter = '', ...rest] = place.prefix;
  const child = spawn(enter, [...rest, program, ...args]);
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  opened.push(() => child.kill('SIGKILL'));
  return () => printed;
}

/** Sends so many datagrams without a pause; each word in turn. */
const SEND = `const [, from, to, port, count, ...words] = process.argv;
const socket = require('node:dgram').createSocket('udp4');
socket.bind(0, from, () => { let left = Number(count); let index = 0;
  const next = () => left-- > 0 ? socket.send(words[index++ % words.length] + ' ', Number(port), to, next) : socket.close();
  next(); });`;
const send = (from: string, port: number, count: number, ...words: string[]): Promise<string> =>
  run(phones, process.execPath, '-e', SEND, from, OPERATOR, String(port), String(count), ...words);

/** One exchange over TCP, as TLS would look from outside; the answer, or nothing when it was refused. */
async function ask(place: Namespace, source: string, target: string): Promise<string> {
  const command = `printf hello | socat -T 2 - TCP4:${target}:5061,bind=${source},connect-timeout=2`;
  return (await place.commands.run('sh', ['-c', command])).stdout;
}

const counts = () => new Promise<readonly UnreadCount[]>((done) => createKernelUnread(nft).read(done));
const countOf = async (phone: string) => (await counts()).find((one) => one.phone === phone);
async function counter(name: string, table = 'relais'): Promise<number> {
  return Number(/packets (\d+)/.exec(await run(box, 'nft', 'list', 'counter', 'inet', table, name))?.[1]);
}

/** What leaves by the link in the class of voice, seen by a table of somebody else. */
const WITNESS = `table inet witness {
  counter voice-tls { }
  counter voice-mgcp { }
  counter other { }
  chain leaving {
    type filter hook postrouting priority 50; policy accept;
    oifname "wan1" tcp dport 5061 meta priority 1:10 counter name "voice-tls" accept
    oifname "wan1" udp dport { 2427, 2727 } meta priority 1:10 counter name "voice-mgcp" accept
    oifname "wan1" meta l4proto { tcp, udp } th dport { 5061, 2427, 2727 } counter name "other"
  }
}`;

beforeAll(async () => {
  [box, phones, office, core] = await Promise.all([
    createNamespace(),
    createNamespace(),
    createNamespace(),
    createNamespace(),
  ]);
  await cable('wan1', '198.51.100.2/24', core, ['198.51.100.1/24', `${ELSEWHERE}/24`, `${OPERATOR}/32`]);
  await cable('voice0', '192.168.10.1/24', phones, [`${PHONE}/24`, `${OTHER_PHONE}/24`]);
  await cable('data0', '192.168.20.1/24', office, ['192.168.20.10/24']);
  await run(phones, 'ip', 'route', 'add', 'default', 'via', '192.168.10.1');
  await run(office, 'ip', 'route', 'add', 'default', 'via', '192.168.20.1');
  nft = createNft(box.commands, systemClock());
  network = createKernelNetwork(plane, {
    nft,
    ip: createIp(box.commands),
    tc: createTc(box.commands, systemClock()),
    allowForwarding: async () => {
      await run(box, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
      for (const one of ['all', 'wan1', 'voice0', 'data0'])
        await run(box, 'sysctl', '-qw', `net.ipv4.conf.${one}.rp_filter=0`);
    },
  });
  await install();
  const witness = await box.commands.run('nft', ['-f', '-'], WITNESS);
  if (witness.status !== 0) throw new Error(witness.stderr);
  begin(core, 'socat', 'TCP4-LISTEN:5061,fork,reuseaddr', 'SYSTEM:cat');
});
afterEach(() => {
  for (const close of opened.splice(1)) close();
});
afterAll(() => {
  for (const close of opened) close();
  network.close();
  for (const place of [box, phones, office, core]) place.close();
});

describe('Q-2, U-1: SIP over TLS and MGCP, which nobody reads', () => {
  it('go out as voice to the operator, and are counted per phone in both directions', { timeout: 20_000 }, async () => {
    await expect.poll(() => ask(phones, PHONE, OPERATOR), { timeout: 10_000 }).toBe('hello');
    await send(OTHER_PHONE, 2727, 20, 'AUEP 1 aaln/1@gateway MGCP 1.0');
    const tls = await countOf(PHONE);
    expect(tls).toMatchObject({ protocol: 'tls' });
    expect(tls?.sentPackets).toBeGreaterThanOrEqual(4);
    expect(tls?.heardPackets).toBeGreaterThanOrEqual(3);
    // 40 octets of headers at least, and five of what was said.
    expect(tls?.sentBytes).toBeGreaterThanOrEqual(4 * 40 + 5);
    expect(tls?.heardBytes).toBeGreaterThanOrEqual(3 * 40 + 5);
    expect(await countOf(OTHER_PHONE)).toEqual({
      ...{ phone: OTHER_PHONE, protocol: 'mgcp', sentPackets: 20, sentBytes: 20 * (28 + 31) },
      ...{ heardPackets: 0, heardBytes: 0 },
    });
    expect(await counter('voice-tls', 'witness')).toBe(tls?.sentPackets);
    expect(await counter('voice-mgcp', 'witness')).toBe(20);
    expect([await counter('other', 'witness'), await counter('unread-flood')]).toEqual([0, 0]);
  });

  it('the counts outlive the plan that is put in place anew, and begin again when they were written down', async () => {
    const before = await counts();
    expect(before).toHaveLength(2);
    await install();
    expect(await counts()).toEqual(expect.arrayContaining([...before]));
    createKernelUnread(nft).forget();
    await expect.poll(counts).toEqual([]);
  });

  it('from the voice LAN they go to the voice networks alone, where the contract says so; the data LAN is free', async () => {
    expect(await ask(phones, PHONE, ELSEWHERE)).toBe('');
    expect(await counter('unread-elsewhere')).toBeGreaterThan(0);
    expect(await ask(office, '192.168.20.10', ELSEWHERE)).toBe('hello');
    expect(await countOf('192.168.20.10')).toBeUndefined();
  });

  it('V-3: a phone that floods is paced, and another one does not feel it', async () => {
    await send(PHONE, 2727, 60, 'start');
    expect(await counter('unread-flood')).toBe(0);
    await send(PHONE, 2727, 3_000, 'flood');
    const passed = (await countOf(PHONE))?.sentPackets ?? 0;
    expect(passed).toBeGreaterThanOrEqual(300);
    expect(await counter('unread-flood')).toBe(3_060 - passed);
    await send(OTHER_PHONE, 2727, 60, 'start');
    expect(await countOf(OTHER_PHONE)).toMatchObject({ sentPackets: 60 });
  });
});

describe('V-3, V-1: a flood of SIP is held in the kernel, before the relay', () => {
  it('of one address; its INVITEs have room of their own, and other phones all of theirs', {
    timeout: 20_000,
  }, async () => {
    await order((done) => network.relay(true, done));
    const heard = begin(box, 'socat', '-u', 'UDP4-RECV:5070,rcvbuf=8000000', 'STDOUT');
    await expect.poll(() => send(PHONE, 5060, 1, 'ear').then(heard), { timeout: 10_000 }).toContain('ear');
    await Promise.all([send(PHONE, 5060, 20_000, 'OPTIONS'), send(OTHER_PHONE, 5060, 60, 'REGISTER')]);
    await send(PHONE, 5060, 10, 'INVITE');
    await expect.poll(() => heard().match(/INVITE/g)?.length, { timeout: 5_000 }).toBe(10);
    expect(heard().match(/REGISTER/g)).toHaveLength(60);
    const dropped = await counter('sip-flood');
    expect(dropped).toBeGreaterThan(1_000);
    expect(heard().match(/OPTIONS/g)?.length).toBeLessThanOrEqual(20_000 - dropped);
  });
});
