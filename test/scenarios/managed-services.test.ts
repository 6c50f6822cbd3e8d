import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKernelNetwork } from '../../agent/edge/kernel-network.ts';
import { createKernelServices } from '../../agent/edge/kernel-services.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { type ManagedServices, ManagedServicesSchema } from '../../agent/model/managed-services.ts';
import type { DataPlane } from '../../agent/plans/data-plane.ts';
import type { Network } from '../../agent/ports/network.ts';
import type { ServicesPlane } from '../../agent/ports/services-plane.ts';
import { createDnsmasq } from '../../firmware-ts/net/dnsmasq.ts';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { launcher } from '../../firmware-ts/wires/node/child.ts';
import { dnsmasqFiles } from '../../firmware-ts/wires/node/dnsmasq-files.ts';
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
const MAC = '02:00:00:00:20:50';
const patience = { timeout: 15_000 };

let [box, core, office, phones]: Namespace[] = [];
let directory: string;
let network: Network;
let served: ServicesPlane;
const opened: (() => void)[] = [];

async function run(place: Namespace | undefined, ...words: [string, ...string[]]): Promise<string> {
  const [program, ...args] = words;
  const outcome = await place?.commands.run(program, args);
  if (outcome?.status !== 0) throw new Error(`${words.join(' ')}: ${outcome?.stderr}`);
  return outcome.stdout;
}

async function cable(
  device: string,
  address: string,
  far: Namespace | undefined,
  peer: string,
  farAddress: string,
): Promise<void> {
  await run(box, 'ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', peer, 'netns', String(far?.pid));
  await run(box, 'ip', 'address', 'add', address, 'dev', device);
  await run(box, 'ip', 'link', 'set', device, 'up');
  await run(far, 'ip', 'address', 'add', farAddress, 'dev', peer);
  await run(far, 'ip', 'link', 'set', peer, 'up');
}

/** What listens on a TCP port and answers with one word. */
function listen(place: Namespace | undefined, port: number, word: string): void {
  const [enter = '', ...args] = place?.prefix ?? [];
  const child = spawn(enter, [...args, 'socat', `TCP4-LISTEN:${port},reuseaddr,fork`, `SYSTEM:echo ${word}`]);
  opened.push(() => child.kill('SIGKILL'));
}

/** The word that a port answers with; empty when nobody does within a second. */
const call = (place: Namespace | undefined, address: string, options = ''): Promise<string> =>
  run(
    place,
    'sh',
    '-c',
    `socat -T1 - TCP4:${address},connect-timeout=0.5${options} </dev/null 2>/dev/null || true`,
  ).then((said) => said.trim());

/** What a name is, asked of a server from inside the data LAN: addresses, or the code of the error. */
const resolveName = (name: string, server: string): Promise<string> =>
  run(
    office,
    process.execPath,
    '-e',
    `const r = new (require('dns').Resolver)({ timeout: 500, tries: 3 }); r.setServers(['${server}']); r.resolve4('${name}', (e, a) => console.log(e ? e.code : a.join()))`,
  ).then((said) => said.trim());

const install = (change: Partial<ManagedServices>): Promise<void> =>
  new Promise((done, fail) =>
    served.install(ManagedServicesSchema.parse(change), (error) => (error ? fail(error) : done())),
  );

const changedParts = (): Promise<readonly string[]> => new Promise((done) => served.changed(done));

beforeAll(async () => {
  [box, core, office, phones] = await Promise.all([
    createNamespace(),
    createNamespace(),
    createNamespace(),
    createNamespace(),
  ]);
  directory = mkdtempSync(join(tmpdir(), 'relais-services-'));
  await cable('wan1', '198.51.100.2/24', core, 'eth0', '198.51.100.1/24');
  await cable('wan2', '192.0.2.2/24', core, 'eth1', '192.0.2.1/24');
  await cable('data0', '192.168.20.1/24', office, 'eth0', '192.168.20.10/24');
  await cable('voice0', '192.168.10.1/24', phones, 'eth0', '192.168.10.10/24');
  for (const place of [box, core])
    await run(place, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0');
  for (const name of ['wan1', 'wan2', 'data0', 'voice0'])
    await run(box, 'sysctl', '-qw', `net.ipv4.conf.${name}.rp_filter=0`);
  for (const name of ['eth0', 'eth1']) await run(core, 'sysctl', '-qw', `net.ipv4.conf.${name}.rp_filter=0`);
  for (const address of ['203.0.113.30/32', '203.0.113.53/32', '203.0.113.10/32'])
    await run(core, 'ip', 'address', 'add', address, 'dev', 'lo');
  // Somebody outside who knows the LANs of the site, and tries.
  await run(core, 'ip', 'route', 'add', '192.168.0.0/16', 'via', '198.51.100.2');
  await run(core, 'ip', 'route', 'add', '198.51.101.7/32', 'via', '198.51.100.2');
  await run(office, 'ip', 'route', 'add', 'default', 'via', '192.168.20.1');
  await run(phones, 'ip', 'route', 'add', 'default', 'via', '192.168.10.1');
  const inBox = box?.commands;
  if (inBox === undefined) throw new Error('no box');
  const clock = systemClock();
  const [ip, nft] = [createIp(inBox), createNft(inBox, clock)];
  const kernel = createKernelNetwork(plane, {
    nft,
    ip,
    tc: createTc(inBox, clock),
    allowForwarding: async () => undefined,
  });
  network = kernel;
  const files = dnsmasqFiles(directory);
  const [enter = '', ...args] = box?.prefix ?? [];
  const names = createDnsmasq({
    ...{ files, clock, commands: inBox, user: 'root' },
    launch: launcher(enter, [...args, 'dnsmasq', `--conf-file=${files.configuration}`]),
  });
  served = createKernelServices({
    plane,
    lans: { dataLan: '192.168.20.0/24', voiceLan: '192.168.10.0/24' },
    rules: kernel,
    ip,
    names,
  });
  await install({});
  await new Promise<void>((done, fail) =>
    network.install({ voice: 'main', data: 'main' }, (error) => (error ? fail(error) : done())),
  );
  const [coreEnter = '', ...coreArgs] = core?.prefix ?? [];
  const upstream = spawn(coreEnter, [
    ...coreArgs,
    'dnsmasq',
    '--keep-in-foreground',
    '--user=root',
    '--no-resolv',
    '--no-hosts',
    '--conf-file=/dev/null',
    `--pid-file=${join(directory, 'core.pid')}`,
    '--address=/example.com/198.18.0.1',
    '--address=/denied.test/198.18.0.66',
    '--address=/other.org/198.18.0.2',
  ]);
  afterEverything.push(() => upstream.kill('SIGKILL'));
}, 60_000);
const afterEverything: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});
afterAll(async () => {
  await new Promise<void>((done) => served.close(done));
  network.close();
  for (const close of afterEverything) close();
  for (const place of [box, core, office, phones]) place?.close();
  rmSync(directory, { recursive: true });
});

describe('M-1, M-2, M-9: managed services in a real kernel, with a real dnsmasq', () => {
  it('D-3: by default nothing is open, and no dnsmasq runs', async () => {
    listen(office, 80, 'office');
    expect(await run(box, 'ss', '-Hlnu')).not.toContain(':67');
    await expect.poll(() => call(office, '127.0.0.1:80'), patience).toBe('office');
    expect(await call(core, '198.51.100.2:8080')).toBe('');
  });

  it('a redirected port reaches its host over either link, wherever data is steered, and a host of the LAN finds it too', async () => {
    listen(office, 80, 'office');
    await install({
      redirections: [
        { protocol: 'tcp', ports: { first: 8080, last: 8080 }, to: { address: '192.168.20.10', port: 80 } },
      ],
    });
    await expect.poll(() => call(core, '198.51.100.2:8080'), patience).toBe('office');
    expect(await call(core, '192.0.2.2:8080', ',bind=203.0.113.30')).toBe('office');
    await new Promise<void>((done) => network.steer({ voice: 'second', data: 'second' }, () => done()));
    expect(await call(core, '198.51.100.2:8080', ',bind=203.0.113.30')).toBe('office');
    await new Promise<void>((done) => network.steer({ voice: 'main', data: 'main' }, () => done()));
    expect(await call(office, '198.51.100.2:8080')).toBe('office');
    expect(await call(core, '198.51.100.2:8081')).toBe('');
    await install({});
    expect(await call(core, '198.51.100.2:8080')).toBe('');
  });

  it('a DMZ gets what is left, and neither the voice LAN nor the ports of the box are reached, whatever is open', async () => {
    listen(office, 81, 'office');
    listen(office, 5070, 'hijacked');
    listen(phones, 81, 'phone');
    listen(box, 81, 'box');
    await install({ dmz: [{ address: '192.168.20.10' }] });
    await expect.poll(() => call(core, '198.51.100.2:81'), patience).toBe('office');
    await expect.poll(() => call(phones, '127.0.0.1:81'), patience).toBe('phone');
    expect(await call(core, '198.51.100.2:5070')).toBe('');
    expect(await call(core, '192.168.10.10:81')).toBe('');
    expect(await call(core, '192.168.20.10:81')).toBe('');
    expect(await call(office, '192.168.10.10:81')).toBe('');
    expect(await call(phones, '192.168.20.10:81')).toBe('');
  });

  it('M-9: a host with a public address is open where a rule says so, and leaves with that address', async () => {
    listen(office, 443, 'office');
    listen(office, 444, 'office');
    listen(core, 9_000, '$SOCAT_PEERADDR');
    await install({
      publicAddresses: [{ link: 'main', address: '198.51.101.7', host: '192.168.20.10' }],
      inward: [{ target: 'accept', protocol: 6, ports: { first: 443, last: 443 } }],
    });
    await expect.poll(() => call(core, '198.51.101.7:443'), patience).toBe('office');
    expect(await call(core, '198.51.101.7:444')).toBe('');
    await expect.poll(() => call(office, '203.0.113.30:9000'), patience).toBe('198.51.101.7');
    await install({});
    expect(await call(office, '203.0.113.30:9000')).toBe('198.51.100.2');
    expect(await run(box, 'ip', '-4', 'address', 'show', 'dev', 'wan1')).not.toContain('198.51.101.7');
  });

  it('a closed port does not leave the data LAN', async () => {
    listen(core, 25, 'mail');
    listen(core, 26, 'other');
    await expect.poll(() => call(office, '198.51.100.1:25'), patience).toBe('mail');
    await install({ outward: [{ target: 'reject', protocol: 6, ports: { first: 25, last: 25 } }] });
    expect(await call(office, '198.51.100.1:25')).toBe('');
    await expect.poll(() => call(office, '198.51.100.1:26'), patience).toBe('other');
  });

  it('names that are denied do not exist, also for those who ask another server; with a list of what is allowed nothing else does', async () => {
    const dns = { relay: true, servers: ['203.0.113.53'], domains: ['denied.test'] };
    await install({ dns: { ...dns, filter: 'off' } });
    await expect.poll(() => resolveName('www.denied.test', '192.168.20.1'), patience).toBe('198.18.0.66');
    await install({ dns: { ...dns, filter: 'deny' } });
    await expect.poll(() => resolveName('example.com', '192.168.20.1'), patience).toBe('198.18.0.1');
    expect(await resolveName('www.denied.test', '192.168.20.1')).toBe('ENOTFOUND');
    expect(await resolveName('denied.test', '203.0.113.53')).toBe('ENOTFOUND');
    await install({ dns: { ...dns, filter: 'allow', domains: ['example.com'] } });
    await expect.poll(() => resolveName('example.com', '203.0.113.53'), patience).toBe('198.18.0.1');
    expect(await resolveName('other.org', '192.168.20.1')).toBe('ENOTFOUND');
  });

  it('a device of the data LAN gets the address that is reserved for it, and the voice LAN is not answered', async () => {
    await install({
      dhcp: {
        data: {
          first: '192.168.20.100',
          last: '192.168.20.150',
          leaseSeconds: 3_600,
          dnsServers: ['203.0.113.53'],
          reservations: [{ mac: MAC, address: '192.168.20.50' }],
        },
      },
    });
    await run(office, 'ip', 'link', 'set', 'eth0', 'address', MAC);
    await run(office, 'ip', 'route', 'add', '255.255.255.255/32', 'dev', 'eth0');
    const given = JSON.parse(
      await run(office, 'timeout', '8', process.execPath, resolve('test/hw-sim/kernel/dhcp-client.mjs'), MAC),
    );
    expect(given).toEqual({
      address: '192.168.20.50',
      mask: '255.255.255.0',
      router: '192.168.20.1',
      dns: '203.0.113.53',
      seconds: 3_600,
    });
    const listening = await run(box, 'ss', '-Hlnup');
    expect(
      listening
        .split('\n')
        .filter((line) => line.includes('dnsmasq'))
        .every((line) => line.includes(':67')),
    ).toBe(true);
    await run(phones, 'ip', 'route', 'add', '255.255.255.255/32', 'dev', 'eth0');
    const asked = phones?.commands.run('timeout', [
      '2',
      process.execPath,
      resolve('test/hw-sim/kernel/dhcp-client.mjs'),
      '02:00:00:00:10:50',
    ]);
    expect((await asked)?.stdout).toBe('');
  });

  it('M-2: rules, addresses and names that somebody changed by hand are seen, and put back', async () => {
    const lan = {
      lan: { address: '192.168.20.1', prefix: 24 },
      dns: { relay: true, servers: ['203.0.113.53'], filter: 'off' as const, domains: [] },
    };
    await install(lan);
    expect(await changedParts()).toEqual([]);
    await run(box, 'nft', 'insert', 'rule', 'inet', 'relais', 'through', 'accept');
    expect(await changedParts()).toEqual(['rules']);
    await run(box, 'ip', 'address', 'add', '10.9.9.9/24', 'dev', 'data0');
    await run(box, 'sh', '-c', `echo "address=/bank.test/10.0.0.1" >> ${join(directory, 'dnsmasq.conf')}`);
    expect(await changedParts()).toEqual(['rules', 'addresses', 'names']);
    await install(lan);
    expect(await changedParts()).toEqual([]);
    expect(await run(box, 'nft', 'list', 'chain', 'inet', 'relais', 'through')).not.toMatch(/\n\t\taccept\n/);
    expect(await run(box, 'ip', '-4', 'address', 'show', 'dev', 'data0')).not.toContain('10.9.9.9');
    await run(box, 'nft', 'add', 'element', 'inet', 'relais', 'voice-networks', '{ 10.7.0.0/16 }');
    expect(await changedParts()).toEqual(['rules']);
    await install(lan);
  });

  it('LAN addressing: the box moves to another network and back', async () => {
    await install({ lan: { address: '10.20.30.1', prefix: 24 } });
    expect(await run(box, 'ip', '-4', 'address', 'show', 'dev', 'data0')).toMatch(/inet 10\.20\.30\.1\/24/);
    await install({ lan: { address: '192.168.20.1', prefix: 24 } });
    expect(await run(box, 'ip', '-4', 'address', 'show', 'dev', 'data0')).toMatch(/inet 192\.168\.20\.1\/24/);
  });
});
