import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadInward } from '../../../agent/edge/kernel-inward.ts';
import { createKernelNetwork } from '../../../agent/edge/kernel-network.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { Fault } from '../../../agent/model/fault.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { INWARD_TABLE } from '../../../agent/plans/inward-plan.ts';
import { PLAIN, queuePlan } from '../../../agent/plans/queue-plan.ts';
import type { Network } from '../../../agent/ports/network.ts';
import { createIp } from '../../../firmware-ts/net/ip.ts';
import { createNft } from '../../../firmware-ts/net/nft.ts';
import { createTc } from '../../../firmware-ts/net/tc.ts';
import { cable, runIn } from '../../firmware-ts/cable.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      ...{ name: 'main', number: 1, interface: 'wan1', gateway: '198.51.100.1' },
      ...{ upKbps: 10_000, downKbps: 10_000, probePort: 8620 },
    },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5060, [16384, 16482]],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
};
const OPERATOR = '203.0.113.10';
const INTERNET = '198.51.100.1';
const MAIN = { voice: 'main', data: 'main' };
const COUNT = 5;

let box: Namespace;
let phones: Namespace;
let office: Namespace;
let core: Namespace;
let network: Network;

const plug = (device: string, address: string, place: Namespace, farAddress: string): Promise<void> =>
  cable({ place: box, device, address }, { place, device: 'eth0', address: farAddress });

const tools = (place: Namespace) => ({
  nft: createNft(place.commands, systemClock()),
  ip: createIp(place.commands),
  tc: createTc(place.commands, systemClock()),
  allowForwarding: async () => undefined,
});

/** Says a few datagrams, each of which is answered by one of the far end's echo, and ends when all have come. */
const ASK = `const [, to, port, from] = process.argv;
const socket = require('node:dgram').createSocket('udp4');
let heard = 0;
socket.on('message', () => { if (++heard === ${COUNT}) socket.close(); });
socket.bind(Number(from), () => { for (let n = 0; n < ${COUNT}; n += 1) socket.send(Buffer.alloc(100), Number(port), to); });`;

const GET = `require('node:net').connect(Number(process.argv[1]), process.argv[2]).resume();`;

/** A far end: echoes of UDP, and 20 kB for whoever connects. */
const ECHO = `const dgram = require('node:dgram');
const [, operator, internet] = process.argv;
for (const [address, ports] of [[operator, [16400]], [internet, [9000, 16400, 30000]]])
  for (const port of ports) { const socket = dgram.createSocket('udp4');
    socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address)); socket.bind(port, address); }
const server = require('node:net').createServer((socket) => socket.end(Buffer.alloc(20000)));
server.listen(1883, internet);
require('node:net').createServer((socket) => socket.end(Buffer.alloc(20000))).listen(8000, internet, () => console.log('ready'));`;

type Passed = Readonly<Record<'voice' | 'data' | 'acknowledging' | 'own', number>>;

/** Packets that passed each class of what comes in. */
async function classes(): Promise<Passed> {
  const text = await runIn(box, ['tc', '-s', 'class', 'show', 'dev', 'down1']);
  const of = (id: string): number =>
    Number(new RegExp(`class htb ${id} [\\s\\S]*?Sent \\d+ bytes (\\d+) pkt`).exec(text)?.[1]);
  return { voice: of('1:10'), data: of('1:20'), acknowledging: of('1:25'), own: of('1:30') };
}

/** What the classes passed while somebody asked for something. */
async function during(work: () => Promise<unknown>) {
  const before = await classes();
  await work();
  const after = await classes();
  const passed = (name: keyof Passed): number => after[name] - before[name];
  return { voice: passed('voice'), data: passed('data'), own: passed('own'), acknowledging: passed('acknowledging') };
}

const ask = (from: Namespace, to: string, port: number, source: number) => () =>
  runIn(from, [process.execPath, '-e', ASK, to, String(port), String(source)]);

let far: AbortController;

beforeAll(async () => {
  [box, phones, office, core] = (await Promise.all([1, 2, 3, 4].map(createNamespace))) as [
    Namespace,
    Namespace,
    Namespace,
    Namespace,
  ];
  for (const place of [box, core]) await runIn(place, ['sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1']);
  await plug('wan1', '198.51.100.2/24', core, `${INTERNET}/24`);
  await plug('voice0', '192.168.10.1/24', phones, '192.168.10.10/24');
  await plug('data0', '192.168.20.1/24', office, '192.168.20.10/24');
  await runIn(core, ['ip', 'address', 'add', `${OPERATOR}/32`, 'dev', 'lo']);
  await runIn(phones, ['ip', 'route', 'add', 'default', 'via', '192.168.10.1']);
  await runIn(office, ['ip', 'route', 'add', 'default', 'via', '192.168.20.1']);
  await runIn(box, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  far = new AbortController();
  const [enter = '', ...prefix] = core.prefix;
  const echo = spawn(enter, [...prefix, process.execPath, '-e', ECHO, OPERATOR, INTERNET], { signal: far.signal });
  echo.on('error', () => undefined);
  await once(echo.stdout, 'data');
  network = createKernelNetwork(plane, tools(box));
  await new Promise<void>((settle, refuse) =>
    network.install(MAIN, (error) => (error === undefined ? settle() : refuse(error))),
  );
}, 30_000);
afterAll(() => {
  network.close();
  far.abort();
  for (const place of [box, phones, office, core]) place.close();
});

describe('Q-1: what comes in by a link waits in classes, on a real kernel', () => {
  it('Q-2: voice is what comes from the operator, and what answers a flow that left as voice, by its ports alone', async () => {
    expect(await during(ask(phones, OPERATOR, 16_400, 0))).toEqual({ voice: COUNT, data: 0, own: 0, acknowledging: 0 });
    expect(await during(ask(phones, INTERNET, 16_400, 16_384))).toEqual({
      voice: COUNT,
      data: 0,
      own: 0,
      acknowledging: 0,
    });
  });

  it('Q-2: nobody outside can claim it: the same ports to the data LAN are data, and so is what no call asked for', async () => {
    expect(await during(ask(office, INTERNET, 16_400, 16_384))).toEqual({
      voice: 0,
      data: COUNT,
      own: 0,
      acknowledging: 0,
    });
    expect(await during(ask(phones, INTERNET, 30_000, 0))).toEqual({ voice: 0, data: COUNT, own: 0, acknowledging: 0 });
  });

  it('what acknowledges data goes before it, both ways', async () => {
    const upwards = async (): Promise<number> => {
      const text = await runIn(box, ['tc', '-s', 'class', 'show', 'dev', 'wan1']);
      return Number(/class htb 1:25 [\s\S]*?Sent \d+ bytes (\d+) pkt/.exec(text)?.[1]);
    };
    const before = await upwards();
    const seen = await during(() => runIn(office, [process.execPath, '-e', GET, '8000', INTERNET]));
    // SYN and its answer, the last of all, and those between that the kernel did not join.
    expect((await upwards()) - before).toBeGreaterThan(2);
    expect(seen.acknowledging).toBeGreaterThan(0);
    expect(seen.data).toBeGreaterThan(10);
  });

  it("what the box itself downloads is data there, and its broker's answers are in the class of its own messages", async () => {
    const get = (port: number) => () => runIn(box, [process.execPath, '-e', GET, `${port}`, INTERNET]);
    const data = await during(get(8_000));
    expect(data.data).toBeGreaterThan(10);
    expect([data.voice, data.own]).toEqual([0, 0]);
    const own = await during(get(1_883));
    expect(own.own).toBeGreaterThan(10);
    expect([own.voice, own.data]).toEqual([0, 0]);
  });
});

describe('Q-1: a kernel that can not lead what comes in to a queue', () => {
  it('is told, leaves nothing of it behind, and data to its LAN is held back instead', async () => {
    const faults: Error[] = [];
    const { nft, ip } = tools(box);
    const refusing = {
      ...nft,
      change: (script: string) =>
        script.includes('fwd to')
          ? Promise.reject(new Fault('network.refused', { program: 'nft', error: 'Operation not supported' }))
          : nft.change(script),
    };
    expect(await leadInward(plane, { nft: refusing, ip }, true, (error) => faults.push(error))).toBe(false);
    expect(faults).toHaveLength(1);
    expect(await runIn(box, ['nft', 'list', 'tables'])).not.toContain(INWARD_TABLE);
    expect(await runIn(box, ['ip', 'link', 'show'])).not.toContain('down1');
    nft.close();
    const toLan = queuePlan(plane, MAIN, PLAIN).find(({ device }) => device === 'data0');
    // 10,000 kbit/s of full packets are 10,253 of Ethernet, 95 % of it without calls.
    expect(toLan?.lines.join('\n')).toContain('classid 1:20 htb rate 9740kbit');
  });
});
