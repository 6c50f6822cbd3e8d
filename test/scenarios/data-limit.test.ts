import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKernelNetwork } from '../../agent/edge/kernel-network.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import type { DataPlane } from '../../agent/plans/data-plane.ts';
import type { DataRule, Network } from '../../agent/ports/network.ts';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { runIn } from '../firmware-ts/cable.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';

const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      ...{ name: 'second', number: 1, interface: 'wan1', gateway: '198.51.100.1' },
      ...{ upKbps: 10_000, downKbps: 20_000, probePort: 8620 },
    },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5060, [16384, 16482]],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
};
const OPERATOR = '203.0.113.10';
const INTERNET = '198.51.100.99';

let box: Namespace;
let phones: Namespace;
let office: Namespace;
let core: Namespace;
let network: Network;
let stop: () => void;

async function cable(device: string, address: string, far: Namespace, farAddresses: readonly string[]): Promise<void> {
  await runIn(box, ['ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(far.pid)]);
  await runIn(box, ['ip', 'address', 'add', address, 'dev', device]);
  await runIn(box, ['ip', 'link', 'set', device, 'up']);
  for (const own of farAddresses) await runIn(far, ['ip', 'address', 'add', own, 'dev', 'eth0']);
  await runIn(far, ['ip', 'link', 'set', 'eth0', 'up']);
}

const order = (give: (done: (error: Error | undefined) => void) => void) =>
  new Promise<void>((resolve, reject) => give((error) => (error ? reject(error) : resolve())));
const limit = (rule: DataRule): Promise<void> => order((done) => network.limit({ second: rule }, done));

/** One datagram a tick and none to make up for those that a busy machine missed. */
const SEND = `const [, to, from, port, size, count, pause] = process.argv;
const socket = require('node:dgram').createSocket('udp4');
let left = Number(count);
const tick = () => { if (left-- === 0) { clearInterval(timer); socket.close(); return; }
  socket.send(Buffer.alloc(Number(size)), Number(port), to); };
let timer; socket.bind(Number(from), () => { timer = setInterval(tick, Number(pause)); });`;
const send = (place: Namespace, to: string, ...numbers: readonly number[]) =>
  runIn(place, [process.execPath, '-e', SEND, to, ...numbers.map(String)]);

/** 800 bytes of IP each 2 ms: 3.2 Mbit/s where nothing limits it. */
const PACKET = 800;
const browse = (packets: number) => send(office, INTERNET, 0, 9_000, PACKET - 28, packets, 2);
/** G.711, both ends on ports of voice; so many packets of 20 ms. */
const talk = (packets: number) => send(phones, OPERATOR, 16_384, 16_384, 172, packets, 20);
/** What the box tells its broker, answered to the last byte: TCP, as MQTT is. */
const REPORT = `const [, to] = process.argv; let back = 0; let sent = 0;
const socket = require('node:net').connect(1883, to, () => { const timer = setInterval(() => {
  if (sent++ === 20) clearInterval(timer); else socket.write(Buffer.alloc(100)); }, 5); });
socket.on('data', (bytes) => { back += bytes.length; if (back === 2000) { process.stdout.write(String(back)); socket.destroy(); } });
socket.setTimeout(8000, () => { process.stdout.write(String(back)); socket.destroy(); });`;
const report = async () => Number(await runIn(box, [process.execPath, '-e', REPORT, INTERNET]));

async function heard(name: string, place = core, table = 'ear'): Promise<{ packets: number; bytes: number }> {
  const text = await runIn(place, ['nft', 'list', 'counter', 'inet', table, name]);
  const [, packets, bytes] = /packets (\d+) bytes (\d+)/.exec(text) ?? [];
  return { packets: Number(packets), bytes: Number(bytes) };
}

/** What came in while all of them speak at once, and how long that took. */
async function meanwhile(packets: number) {
  const names = ['data', 'voice'] as const;
  const before = await Promise.all(names.map((name) => heard(name)));
  const began = performance.now();
  const [own] = await Promise.all([report(), browse(packets), talk(40)]);
  const after = await Promise.all(names.map((name) => heard(name)));
  const [data, voice] = after.map(({ packets: all }, index) => all - (before[index]?.packets ?? 0));
  return { data: data ?? 0, voice: voice ?? 0, own, seconds: (performance.now() - began) / 1_000 };
}

beforeAll(async () => {
  [box, phones, office, core] = (await Promise.all([1, 2, 3, 4].map(createNamespace))) as [
    Namespace,
    Namespace,
    Namespace,
    Namespace,
  ];
  await cable('wan1', '198.51.100.2/24', core, ['198.51.100.1/24', `${INTERNET}/24`, `${OPERATOR}/32`]);
  await cable('voice0', '192.168.10.1/24', phones, ['192.168.10.10/24']);
  await cable('data0', '192.168.20.1/24', office, ['192.168.20.10/24']);
  await runIn(phones, ['ip', 'route', 'add', 'default', 'via', '192.168.10.1']);
  await runIn(office, ['ip', 'route', 'add', 'default', 'via', '192.168.20.1']);
  const ear = ['data', 'voice'].map((name) => `counter ${name} { }`).join('\n');
  await runIn(
    core,
    ['nft', '-f', '-'],
    `table inet ear { ${ear}
      chain in { type filter hook input priority 0;
        udp dport 9000 counter name "data" drop
        udp dport 16384 counter name "voice" drop
      }
    }\n`,
  );
  const [enter = '', ...rest] = core.prefix;
  const broker = spawn(enter, [...rest, 'socat', 'TCP4-LISTEN:1883,fork,reuseaddr', 'SYSTEM:cat']);
  stop = () => broker.kill('SIGKILL');
  network = createKernelNetwork(plane, {
    nft: createNft(box.commands, systemClock()),
    ip: createIp(box.commands),
    tc: createTc(box.commands, systemClock()),
    allowForwarding: async () => {
      await runIn(box, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
      for (const one of ['all', 'wan1', 'voice0', 'data0'])
        await runIn(box, ['sysctl', '-qw', `net.ipv4.conf.${one}.rp_filter=0`]);
    },
  });
});
afterAll(() => {
  network.close();
  stop();
  for (const place of [box, phones, office, core]) place.close();
});

describe('S-3, S-6, S-7: data of the mobile line on a real kernel, beside a call and the box itself', () => {
  it('S-7: a limit that was ordered before the plane is there holds from its first packet on', async () => {
    await limit({ kbps: 256, bytes: undefined });
    await order((done) => network.install({ voice: 'second', data: 'second' }, done));
    const { data, voice, own, seconds } = await meanwhile(400);
    // The rate at layer 3 of full packets, the queue of 20 packets, and two more for bursts.
    expect(data * PACKET).toBeLessThanOrEqual((256_000 / 8) * seconds + 22 * PACKET);
    expect(data).toBeGreaterThan(20);
    expect(data).toBeLessThan(400);
    expect([voice, own]).toEqual([40, 2_000]);
    expect(await runIn(box, ['tc', 'class', 'show', 'dev', 'down1'])).toMatch(/class htb 1:20 .*ceil 236Kbit/);
  });

  it('S-6: the bytes that are left pass and no more, counted by the kernel alone', async () => {
    await limit({ kbps: undefined, bytes: 100_000 });
    // What the slow queue held is not of this count.
    const queues = () => runIn(box, ['tc', '-s', 'qdisc', 'show', 'dev', 'wan1']);
    await expect.poll(queues, { timeout: 10_000 }).not.toMatch(/backlog [1-9]/);
    const { data, voice, own } = await meanwhile(300);
    expect(data).toBe(Math.floor(100_000 / PACKET));
    expect([voice, own]).toEqual([40, 2_000]);
    expect((await heard('data-cut', box, 'relais')).packets).toBe(300 - data);
  });

  it('S-3: cut, nothing of the LAN passes; the call and the messages of the box do', async () => {
    await limit({ kbps: undefined, bytes: 0 });
    expect(await meanwhile(50)).toMatchObject({ data: 0, voice: 40, own: 2_000 });
  });

  it('the new month: all of it passes again', async () => {
    await limit({ kbps: undefined, bytes: undefined });
    expect(await meanwhile(300)).toMatchObject({ data: 300, voice: 40, own: 2_000 });
    expect(await runIn(box, ['tc', 'class', 'show', 'dev', 'wan1'])).toMatch(/class htb 1:20 .*ceil 10048Kbit/);
  });
});
