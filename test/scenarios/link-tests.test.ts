import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKernelDiagnostics } from '../../agent/edge/kernel-diagnostics.ts';
import { createKernelNetwork } from '../../agent/edge/kernel-network.ts';
import { createMachineReading } from '../../agent/edge/machine-reading.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import type { Diagnosis, Finding } from '../../agent/model/diagnosis.ts';
import type { DataPlane } from '../../agent/plans/data-plane.ts';
import type { Network } from '../../agent/ports/network.ts';
import { readInterfaces } from '../../firmware-ts/net/interface-readings.ts';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { pingOver, traceOver } from '../../firmware-ts/net/link-tests.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { type Bundle, bundle } from '../firmware-ts/bundle.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';

const link = { upKbps: 100_000, downKbps: 100_000 };
const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    { ...link, name: 'main', number: 1, interface: 'wan1', gateway: '198.51.100.1', probePort: 8620 },
    { ...link, name: 'second', number: 2, interface: 'wan2', gateway: '192.0.2.1', probePort: 8621 },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5060],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
};
/** Beyond a router, so that a trace has something to show. */
const FAR = '203.0.113.50';
const FILE_BYTES = 300_000;
/** Neighbors ask for each other's addresses now and then. */
const NOISE = 300;

let box: Namespace;
let router: Namespace;
let far: Namespace;
let module: Bundle;
let network: Network;
const closing: (() => void)[] = [];

async function run(place: Namespace, line: string): Promise<string> {
  const [program = '', ...words] = line.split(' ');
  const { status, stdout, stderr } = await place.commands.run(program, words);
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
}

type End = { readonly place: Namespace; readonly device: string; readonly address: string };

async function cable(one: End, other: End): Promise<void> {
  await run(one.place, `ip link add ${one.device} type veth peer name ${other.device} netns ${other.place.pid}`);
  for (const { place, device, address } of [one, other]) {
    await run(place, `ip address add ${address} dev ${device}`);
    await run(place, `ip link set ${device} up`);
    await run(place, `sysctl -qw net.ipv4.conf.${device}.rp_filter=0`);
  }
}

/** A file over HTTP, and one name that there is. */
const SERVERS = `
require('http').createServer((q, a) => (q.url === '/file' ? a.end(Buffer.alloc(${FILE_BYTES})) : (a.statusCode = 404, a.end()))).listen(80);
require('dgram').createSocket('udp4').on('message', function (q, from) {
  const asked = q.subarray(12).includes('known') ? 1 : 0;
  const a = Buffer.concat([q, asked ? Buffer.from('c00c00010001000000050004cb007132', 'hex') : Buffer.alloc(0)]);
  a.writeUInt16BE(asked ? 0x8400 : 0x8403, 2); a.writeUInt16BE(asked, 6); this.send(a, from.port, from.address);
}).bind(53, () => console.log('ready'));`;

beforeAll(async () => {
  [box, router, far, module] = await Promise.all([
    ...[createNamespace(), createNamespace(), createNamespace()],
    bundle('agent/edge/kernel-diagnostics.ts'),
  ] as const);
  await cable(
    { place: box, device: 'wan1', address: '198.51.100.2/24' },
    { place: router, device: 'r1', address: '198.51.100.1/24' },
  );
  await cable(
    { place: box, device: 'wan2', address: '192.0.2.2/24' },
    { place: router, device: 'r2', address: '192.0.2.1/24' },
  );
  await cable(
    { place: router, device: 'r3', address: '203.0.113.49/30' },
    { place: far, device: 'f0', address: `${FAR}/30` },
  );
  for (const lan of ['voice0', 'data0']) await run(box, `ip link add ${lan} type veth peer name ${lan}p`);
  for (const place of [box, router])
    await run(place, 'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv6.conf.all.disable_ipv6=1');
  await run(far, 'ip route add default via 203.0.113.49');
  // A router answers each time it is asked, as one of an operator would.
  for (const place of [router, far]) await run(place, 'sysctl -qw net.ipv4.icmp_ratelimit=0');
  const [enter = '', ...words] = far.prefix;
  const servers = spawn(enter, [...words, process.execPath, '-e', SERVERS]);
  closing.push(() => servers.kill('SIGKILL'));
  await once(servers.stdout, 'data');
  const [ip, nft] = [createIp(box.commands), createNft(box.commands, systemClock())];
  network = createKernelNetwork(plane, {
    nft,
    ip,
    tc: createTc(box.commands, systemClock()),
    allowForwarding: async () => undefined,
  });
  await new Promise<void>((done, fail) =>
    network.install({ voice: 'main', data: 'main' }, (error) => (error ? fail(error) : done())),
  );
});

afterAll(async () => {
  network?.close();
  for (const close of closing) close();
  for (const place of [box, router, far]) place?.close();
  await module?.clear();
});

/** Programs go into the namespace; a socket of ours is opened by a process inside. */
async function inside(order: Diagnosis): Promise<Finding> {
  const links = JSON.stringify(plane.links);
  const script = `import('${module.path}').then(({ createKernelDiagnostics }) => createKernelDiagnostics(${links}, {})
    .run(${JSON.stringify(order)}, (found) => console.log(JSON.stringify(found))))`;
  const { stdout, stderr } = await box.commands.run(process.execPath, ['-e', script]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Finding;
}
const byProgram = (order: Diagnosis): Promise<Finding> =>
  new Promise((done) =>
    createKernelDiagnostics(plane.links, {
      ping: (tested, ping) => pingOver(box.commands, tested, ping),
      trace: (tested, trace) => traceOver(box.commands, tested, trace),
    }).run(order, done),
  );

const SITE = plane.links.map((one) => ({ name: one.interface, carries: { link: one.name } }));
/** Bytes that each link has carried, both ways, while something was done. */
async function carried<T>(deed: () => Promise<T>): Promise<readonly [T, main: number, second: number]> {
  const count = async () =>
    (await readInterfaces(box.commands, SITE)).map(({ sent, received }) => sent.bytes + received.bytes);
  const before = await count();
  const done = await deed();
  const [main = 0, second = 0] = (await count()).map((after, index) => after - (before[index] ?? 0));
  return [done, main, second];
}

const ping = { test: 'ping', host: FAR, repetitions: 3, timeout: 2_000, block: 56, dscp: 0 } as const;

describe('tests of one link in the kernel (M-1, Q-5, F-5)', () => {
  it('M-1, Q-5: echo requests take the link that is tested, whichever carries data', async () => {
    const [found, main, second] = await carried(() => byProgram({ ...ping, link: 'second' }));
    expect(found).toMatchObject({ test: 'ping', address: '192.0.2.2', lost: 0 });
    expect(found.test === 'ping' && found.answers.length).toBe(3);
    expect([main < NOISE, second > 6 * 84]).toEqual([true, true]);
    const [, mainNow, secondNow] = await carried(() => byProgram({ ...ping, link: 'main' }));
    expect([mainNow > 6 * 84, secondNow < NOISE]).toEqual([true, true]);
  });

  it('M-1: a trace names the hops of that link and how it ends; one too short says so', async () => {
    const order = { test: 'trace', host: FAR, tries: 1, timeout: 2_000, block: 38, dscp: 0, hops: 5 } as const;
    const found = await byProgram({ ...order, link: 'second' });
    expect(found).toMatchObject({ test: 'trace', address: FAR, hops: [{ address: '192.0.2.1' }, { address: FAR }] });
    const other = await byProgram({ ...order, link: 'main' });
    expect(other.test === 'trace' && other.hops[0]?.address).toBe('198.51.100.1');
    expect(await byProgram({ ...order, link: 'main', hops: 1 })).toMatchObject({ failed: 'too-far' });
  });

  it('M-1, Q-5: a file comes over the tested link, is counted, and is cut at its bound', async () => {
    const order = {
      test: 'download',
      link: 'second',
      url: `http://${FAR}/file`,
      duration: 0,
      most: 10_000_000,
    } as const;
    const [found, main, second] = await carried(() => inside(order));
    expect(found).toMatchObject({ test: 'download', bytes: FILE_BYTES, address: expect.any(String) });
    expect(found).not.toHaveProperty('failed');
    expect([main < NOISE, second > FILE_BYTES]).toEqual([true, true]);
    const cut = await inside({ ...order, link: 'main', most: 20_000 });
    expect(cut.test === 'download' && cut.bytes >= 20_000 && cut.bytes < FILE_BYTES).toBe(true);
    expect(await inside({ ...order, url: `http://${FAR}/none` })).toMatchObject({ failed: 'refused' });
    expect(await inside({ ...order, url: `http://${FAR}:81/file` })).toMatchObject({ failed: 'not-connected' });
  });

  it('M-1: a name is asked of one server over the tested link', async () => {
    const order = {
      test: 'lookup',
      link: 'second',
      name: 'known.example',
      server: FAR,
      timeout: 2_000,
      repetitions: 2,
    } as const;
    const [found, main, second] = await carried(() => inside(order));
    expect(found).toMatchObject({
      test: 'lookup',
      results: [0, 1].map(() => ({ so: 'found', authoritative: true, addresses: ['203.0.113.50'] })),
    });
    expect([main < NOISE, second > 4 * 40]).toEqual([true, true]);
    expect(await inside({ ...order, name: 'other.example' })).toMatchObject({ results: [{ so: 'no-such-name' }, {}] });
    expect(await inside({ ...order, server: '203.0.113.49', repetitions: 1, timeout: 300 })).toMatchObject({
      results: [{ so: 'no-server' }],
    });
  });

  it('D-3: a test is no way into the box itself, whatever listens there', async () => {
    const [enter = '', ...words] = box.prefix;
    const own = "require('http').createServer((q, a) => a.end('inside')).listen(8080, () => console.log('ready'))";
    const listens = spawn(enter, [...words, process.execPath, '-e', own]);
    closing.push(() => listens.kill('SIGKILL'));
    await once(listens.stdout, 'data');
    for (const url of ['http://127.0.0.1:8080/', 'http://198.51.100.2:8080/']) {
      const found = await inside({ test: 'download', link: 'main', url, duration: 0, most: 1_000 });
      expect([url, found]).toMatchObject([url, { failed: 'not-connected', bytes: 0 }]);
    }
  });

  it('F-5: a link that is dead is tested as such: nothing takes another one', async () => {
    await run(router, 'ip link set r2 down');
    const [found, main] = await carried(() => byProgram({ ...ping, link: 'second', repetitions: 1, timeout: 300 }));
    expect(found.test === 'ping' && (found.failed !== undefined || found.lost === 1)).toBe(true);
    expect(main).toBeLessThan(NOISE);
    await run(router, 'ip link set r2 up');
  });

  it('M-1: interfaces are read with their MAC, state and counters; a program that is missing is said', async () => {
    const [main] = await readInterfaces(box.commands, SITE);
    expect(main).toMatchObject({ name: 'wan1', carries: { link: 'main' }, state: 'up', mtu: 1_500 });
    expect(main?.mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    const none = { run: () => Promise.reject(new Error('ENOENT')), session: box.commands.session };
    expect(await pingOver(none, { interface: 'wan1', mark: 1 }, { ...ping, link: 'main' })).toMatchObject({
      failed: 'no-tool',
    });
  });

  it('M-1: what a driver negotiated is read where it says so, and a driver that refuses costs the others nothing', async () => {
    const printed = {
      ...{ ifname: 'wan1', link_type: 'ether', address: '02:00:00:00:00:01', mtu: 1_500, operstate: 'LOWERLAYERDOWN' },
      ...{ flags: ['UP'], stats64: { rx: { bytes: 2, packets: 1 }, tx: { bytes: 4, packets: 3 } } },
    };
    const said = '/sys/class/net/wan1/speed:100\n/sys/class/net/wan1/duplex:half\n/sys/class/net/wan2/speed:-1\n';
    const wire = {
      run: async (program: string) => ({
        status: 0,
        stderr: '',
        stdout: program === 'ip' ? JSON.stringify([printed]) : said,
      }),
      session: box.commands.session,
    };
    expect(await readInterfaces(wire, SITE)).toEqual([
      {
        ...{ name: 'wan1', carries: { link: 'main' }, mac: '02:00:00:00:00:01', mtu: 1_500, state: 'lower-down' },
        ...{ mbps: 100, duplex: 'half', sent: { bytes: 4, packets: 3, errors: 0, dropped: 0 }, collisions: 0 },
        received: { bytes: 2, packets: 1, errors: 0, dropped: 0, multicast: 0 },
      },
    ]);
  });

  it('M-1: this process is among the busiest of the machine, with its memory', () => {
    const machine = createMachineReading('.')();
    const own = machine.processes.find(({ pid }) => pid === process.pid);
    expect(own?.size).toBeGreaterThan(1_000);
    expect(machine.processes.length).toBeLessThanOrEqual(64);
    expect(machine.medium?.total).toBeGreaterThan(machine.medium?.free ?? 0);
  });
});
