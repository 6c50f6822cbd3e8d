import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKernelMedia } from '../../agent/edge/kernel-media.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { NOTHING_SERVED } from '../../agent/model/managed-services.ts';
import { dnsmasqPlan } from '../../agent/plans/dnsmasq-plan.ts';
import type { MediaCounts } from '../../agent/ports/media.ts';
import type { Network } from '../../agent/ports/network.ts';
import { readInterfaceCounters } from '../../firmware-ts/net/interface-counters.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { runIn } from '../firmware-ts/cable.ts';
import type { Namespace } from '../firmware-ts/namespace.ts';
import {
  counted,
  INTERNET,
  type Ipv6Site,
  ipv6Plane,
  LANS,
  NARROW,
  OPERATOR,
  openIpv6Site,
  ownAddress,
  RULES,
} from './ipv6-site.ts';

const COOKIES = { main: '0000000000000001', second: '0000000000000002' };
const MAIN = { voice: 'main', data: 'main' };
const SECOND = { voice: 'second', data: 'second' };
const PATIENCE = { timeout: 30_000, interval: 100 };

let site: Ipv6Site;
let network: Network;
let directory: string;
const started: ChildProcess[] = [];

function start(place: Namespace, ...words: readonly string[]): void {
  const [enter = '', ...args] = place.prefix;
  started.push(spawn(enter, [...args, ...words], { stdio: 'ignore' }));
}
const order = (give: (done: (error: Error | undefined) => void) => void) =>
  new Promise<void>((resolve, reject) => give((error) => (error ? reject(error) : resolve())));
const steer = (to: typeof MAIN) => order((done) => network.steer(to, done));

/** Answers each datagram to whoever sent it, as a media relay does, from the address that it was sent to. */
const ECHO = `for (const word of process.argv.slice(1)) { const [address, port] = word.split('|');
  const socket = require('node:dgram').createSocket('udp6');
  socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address)); socket.on('error', () => undefined);
  socket.bind(Number(port), address); }`;
/** So many datagrams, one each few milliseconds from one socket; prints how many came back, and from whom, or why none can. */
const TALK = `const [, to, port, from, size, count, pause] = process.argv; let back = 0; let left = Number(count); const who = new Set();
const end = (problem) => { process.stdout.write(JSON.stringify({ back, who: [...who], problem })); process.exit(0); };
const socket = require('node:dgram').createSocket('udp6'); socket.on('error', () => undefined);
socket.on('message', (_, sender) => { back += 1; who.add(sender.address); if (back === Number(count)) end(); });
socket.bind(Number(from), () => { const tick = () => { if (left-- === 0) { clearInterval(timer); setTimeout(end, 600); return; }
  const bytes = Buffer.alloc(Number(size)); bytes[0] = 0x80; bytes[1] = 8; socket.send(bytes, Number(port), to, (error) => error && end(error.code)); };
  const timer = setInterval(tick, Number(pause)); });`;
type Talk = { readonly back: number; readonly who: readonly string[]; readonly problem?: string };
const talk = async (place: Namespace, to: string, ...numbers: readonly number[]): Promise<Talk> =>
  JSON.parse(await runIn(place, [process.execPath, '-e', TALK, to, ...numbers.map(String)]));
/** RTP of G.711 by its size. */
const call = (packets: number) => talk(site.phones, OPERATOR, 16_390, 16_384, 172, packets, 10);
const browse = (packets: number, pause = 5) => talk(site.office, INTERNET, 9_000, 0, 752, packets, pause);
const leaked = async () =>
  (await Promise.all(['acc1', 'acc2'].map((line) => counted(site.core, 'edge', `${line}_foreign`)))).map(
    ({ packets }) => packets,
  );
const byLine = async (line: 'acc1' | 'acc2') => (await counted(site.core, 'edge', `${line}_own`)).packets;
const routes = (table: number) => runIn(site.box, ['ip', '-6', 'route', 'show', 'table', String(table)]);

beforeAll(async () => {
  site = await openIpv6Site();
  directory = mkdtempSync(join(tmpdir(), 'relais-ipv6-'));
  start(site.core, process.execPath, '-e', ECHO, `${OPERATOR}|16390`, `${INTERNET}|9000`);
  const upstream = join(directory, 'provider.conf');
  writeFileSync(
    upstream,
    `keep-in-foreground\nport=0\nno-resolv\ninterface=acc2\nbind-dynamic\nexcept-interface=lo\nuser=root\npid-file=\nenable-ra\ndhcp-range=2001:db8:b::,ra-only,64\n`,
  );
  start(site.core, 'dnsmasq', `--conf-file=${upstream}`);
}, 30_000);
afterAll(() => {
  for (const one of started) one.kill('SIGKILL');
  site.close();
  rmSync(directory, { recursive: true });
});

describe('F-3, Q-2, S-6: IPv6 of a site with two providers, on a real kernel', { timeout: 90_000 }, () => {
  it('F-4: without an order nothing of it passes, though the system forwards and has addresses and routes', async () => {
    const closed = site.open(ipv6Plane(undefined));
    await order((done) => closed.install(MAIN, done));
    const { box, office } = site;
    await runIn(box, ['sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1']);
    await runIn(box, ['ip', '-6', 'address', 'add', '2001:db8:a::2/64', 'dev', 'wan1']);
    await runIn(box, ['ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:a::1']);
    await runIn(box, ['ip', '-6', 'address', 'add', '2001:db8:1:20::1/64', 'dev', 'data0']);
    await runIn(office, ['ip', '-6', 'address', 'add', '2001:db8:1:20::99/64', 'dev', 'eth0']);
    await runIn(office, ['ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:1:20::1']);
    expect((await browse(10)).back).toBe(0);
    expect(await byLine('acc1')).toBe(0);
    expect((await counted(box, 'relais', 'ipv6-refused')).packets).toBe(10);
    closed.close();
    await runIn(office, ['ip', '-6', 'address', 'flush', 'dev', 'eth0', 'scope', 'global']);
    await runIn(office, ['ip', '-6', 'route', 'flush', 'default']);
    await runIn(box, ['ip', '-6', 'route', 'flush', 'default']);
  });

  it('is put in place twice with the same result; hosts make addresses of what is announced, and the second router is learned', async () => {
    const plane = ipv6Plane(RULES, 1_400);
    network = site.open(plane);
    await order((done) => network.install(MAIN, done));
    const place = { voiceInterface: 'voice0', dataInterface: 'data0', voiceMask: '', dataMask: '', user: 'root' };
    const files = { leaseFile: join(directory, 'leases'), pidFile: join(directory, 'pid') };
    const announced = { ipv6: { voiceLan: LANS.voice, dataLan: LANS.data, mtu: 1_400 } };
    writeFileSync(
      join(directory, 'site.conf'),
      dnsmasqPlan(NOTHING_SERVED, { ...place, ...files, ...announced }) ?? '',
    );
    start(site.box, 'dnsmasq', `--conf-file=${join(directory, 'site.conf')}`);
    await expect.poll(() => ownAddress(site.phones, LANS.voice), PATIENCE).toBeDefined();
    await expect.poll(() => ownAddress(site.office, LANS.data), PATIENCE).toBeDefined();
    expect(await runIn(site.office, ['ip', '-6', 'route', 'show', 'default'])).toMatch(/proto ra .*mtu 1400/);
    await expect
      .poll(async () => {
        network.learn?.();
        return routes(102);
      }, PATIENCE)
      .toMatch(/default via fe80::\S+ dev wan2/);
    // The provider's side of a prefix that it gave away.
    await runIn(site.core, ['ip', '-6', 'route', 'replace', '2001:db8:2::/56', 'via', await second(), 'dev', 'acc2']);
    const seen = async () => [
      await runIn(site.box, ['nft', '-s', '-t', 'list', 'ruleset']),
      await runIn(site.box, ['ip', '-6', 'rule']),
      await routes(101),
      (await routes(102)).replace(/expires \d+sec/g, ''),
    ];
    const first = await seen();
    await order((done) => network.install(MAIN, done));
    expect(await seen()).toEqual(first);
    expect(first[1]).toMatch(/fwmark 0x1\/0xff lookup 101[\s\S]*fwmark 0x2\/0xff lookup 102/);
  });

  it('F-3: voice and data of one socket go by main, move to the second link with its prefix, and come home; nothing is lost', async () => {
    const running = Promise.all([call(150), browse(150, 10)]);
    await expect.poll(() => byLine('acc1'), PATIENCE).toBeGreaterThan(60);
    await steer(SECOND);
    await expect.poll(() => byLine('acc2'), PATIENCE).toBeGreaterThan(20);
    await steer(MAIN);
    const [spoken, read] = await running;
    expect([spoken.back, spoken.who, read.back]).toEqual([150, [OPERATOR], 150]);
    // The last 64 bits of hosts stayed theirs: voice is EF by the operator's networks, data is not.
    expect((await counted(site.core, 'edge', 'hosts')).packets).toBeGreaterThan(20);
    expect((await counted(site.core, 'edge', 'ef')).packets).toBe(150);
    expect(await leaked()).toEqual([0, 0]);
  });

  it('Q-2: RTP is counted by the address and port of the phone, like that of IPv4', async () => {
    const phone = await ownAddress(site.phones, LANS.voice);
    const media = createKernelMedia(ipv6Plane(RULES), createNft(site.box.commands, systemClock()), () => undefined);
    const ofPhone = async (way: 'sent' | 'heard') => {
      const counts = await new Promise<MediaCounts | undefined>((done) => media.counts(done));
      return counts?.[way].get(`${phone}:16384`) ?? { packets: 0, octets: 0 };
    };
    const before = [await ofPhone('sent'), await ofPhone('heard')];
    expect((await call(5)).back).toBe(5);
    expect(await new Promise((done) => media.heard(done))).toEqual(new Set([`${phone}:16384`]));
    const after = [await ofPhone('sent'), await ofPhone('heard')];
    // 172 octets and the headers of UDP and IPv6.
    for (const [way, { packets, octets }] of after.entries())
      expect([packets - (before[way]?.packets ?? 0), octets - (before[way]?.octets ?? 0)]).toEqual([5, 5 * 220]);
  });

  it('D-3: nobody outside reaches a host or a phone, by either prefix; errors of what they asked do, or large packets would vanish', async () => {
    const office = await ownAddress(site.office, LANS.data);
    const host = office?.split(':').slice(-4).join(':');
    const before = await counted(site.box, 'relais', 'wan-refused');
    for (const target of [office ?? '', `2001:db8:2:1:${host}`]) {
      const knock = `const s = require('node:dgram').createSocket('udp6'); let n = 5;
        for (let k = 0; k < 5; k += 1) s.send('x', 9001, '${target}', () => { if (--n === 0) s.close(); });`;
      await runIn(site.core, [process.execPath, '-e', knock]);
    }
    await expect
      .poll(async () => (await counted(site.box, 'relais', 'wan-refused')).packets - before.packets, PATIENCE)
      .toBe(10);
    // 1,400 bytes reach the provider, who has a hop of 1,300 and says so.
    for (const [way, size] of [
      [MAIN, 1_352],
      [SECOND, 1_352],
    ] as const) {
      await steer(way);
      await runIn(site.office, ['ip', '-6', 'route', 'flush', 'cache']);
      await talk(site.office, NARROW, 9_000, 0, size, 2, 5);
      expect(await runIn(site.office, ['ip', '-6', 'route', 'get', NARROW])).toContain('mtu 1300');
    }
    await steer(MAIN);
  });

  it('has the size of each link on its interface, and segments of TCP as short as its family needs', async () => {
    expect(await runIn(site.box, ['ip', 'link', 'show', 'wan2'])).toContain('mtu 1400');
    const rules = await runIn(site.box, ['nft', 'list', 'chain', 'inet', 'relais', 'through']);
    expect(rules).toMatch(/iifname "wan2" meta nfproto ipv6 tcp flags syn \/ syn,rst tcp option maxseg size set 877/);
    expect(rules).toMatch(/iifname "wan2" meta nfproto ipv4 tcp flags syn \/ syn,rst tcp option maxseg size set 897/);
  });

  it('V-1: SIP by IPv6 goes to the relay as the server that was meant; to others, and where it can’t be read, it is refused at once', async () => {
    const [relay] = ipv6Plane(RULES).sipServers.slice(-1);
    start(site.box, process.execPath, '-e', ECHO, `::|${relay?.relayPort}`);
    const sip = (to: string, port: number) => talk(site.phones, to, port, 5_060, 300, 3, 20);
    await order((done) => network.relay(true, done));
    await expect.poll(() => sip(OPERATOR, 5_060), PATIENCE).toMatchObject({ back: 3, who: [OPERATOR] });
    const before = (await counted(site.box, 'relais', 'ipv6-refused')).packets;
    expect((await sip(INTERNET, 5_060)).back).toBe(0);
    expect((await sip(OPERATOR, 5_061)).back).toBe(0);
    expect((await talk(site.office, '2001:db8:ffff::11', 5_060, 0, 300, 3, 20)).back).toBe(0);
    expect((await counted(site.box, 'relais', 'ipv6-refused')).packets - before).toBeGreaterThanOrEqual(3);
    expect(await byLine('acc1').then(() => leaked())).toEqual([0, 0]);
    await order((done) => network.relay(false, done));
  });

  it('S-6, S-7: bytes of IPv6 are of the same count as those of IPv4, cut at the byte, both ways; the meter of the link has them all', async () => {
    const carried = async () => {
      const links = await readInterfaceCounters(site.box.commands);
      return links.find(({ name }) => name === 'wan1')?.sent ?? 0;
    };
    const [sent, arrived] = [await carried(), (await counted(site.core, 'edge', 'acc1_all')).bytes];
    expect((await browse(50)).back).toBe(50);
    const more = async () => [(await carried()) - sent, (await counted(site.core, 'edge', 'acc1_all')).bytes - arrived];
    // Neighbors are asked now and then, between two looks too.
    await expect.poll(async () => new Set(await more()).size, PATIENCE).toBe(1);
    expect((await more())[0]).toBeGreaterThanOrEqual(50 * 800);
    const limit = (bytes: number | undefined) =>
      order((done) => network.limit({ main: { kbps: undefined, bytes } }, done));
    await limit(40_000);
    const before = await byLine('acc1');
    const [cut, spoken] = await Promise.all([browse(100), call(20)]);
    // 800 bytes up and as many down, until the fifty that are paid for are through.
    expect(cut.back).toBeLessThanOrEqual(25);
    expect(spoken.back).toBe(20);
    const passed = (await byLine('acc1')) - before - 20 + cut.back;
    expect(passed).toBe(Math.floor(40_000 / 800));
    await limit(undefined);
  });

  it('a link without a prefix carries hosts with the address of the box; one without IPv6 refuses them, so that they go on by IPv4', async () => {
    const [main] = RULES.links;
    if (main === undefined) throw new Error('a main link');
    network.close();
    network = site.open(ipv6Plane({ ...RULES, links: [main, { link: 'second', router: 'advertised' }] }));
    await order((done) => network.install(SECOND, done));
    expect((await browse(20)).back).toBe(20);
    expect((await counted(site.core, 'edge', 'box')).packets).toBe(20);
    network.close();
    network = site.open(ipv6Plane({ ...RULES, links: [main] }));
    await order((done) => network.install(SECOND, done));
    const before = await byLine('acc1');
    expect((await browse(20)).back).toBe(0);
    expect(await byLine('acc1')).toBe(before);
    expect(await routes(102)).toMatch(/^unreachable default/);
    expect(await leaked()).toEqual([0, 0]);
  });

  it('F-3: a link whose beats end loses IPv6 too, with no agent in the way, when the last one is no longer believed', async () => {
    const { box } = site;
    network.close();
    const both = { voiceLinks: [1, 2], dataLinks: [1, 2] };
    const far = { address: '203.0.113.40', port: 862, cookies: COOKIES, timeoutsMs: [75] };
    network = site.open({ ...ipv6Plane(RULES, 1_400), heartbeat: { ...far, holdMs: 60_000, ...both } });
    await order((done) => network.install(MAIN, done));
    // As beats write it down. Then the main link's last one came 75 ms ago.
    const believed = (marks: string): string =>
      `add element inet relais alive { ${marks.replaceAll(',', ' timeout 75ms,')} timeout 75ms }`;
    await runIn(box, ['nft', 'add element inet relais armed { 0x101, 0x102, 0x201, 0x202 }']);
    await runIn(box, ['nft', believed('0x101, 0x201, 0x102, 0x202').replaceAll('75ms', '5m')]);
    const [onMain, onSecond] = [await byLine('acc1'), await byLine('acc2')];
    const running = Promise.all([call(250), browse(250, 10)]);
    await expect.poll(() => byLine('acc1'), PATIENCE).toBeGreaterThan(onMain + 40);
    const marks = '0x101, 0x201';
    await runIn(box, ['nft', `delete element inet relais alive { ${marks} }; ${believed(marks)}`]);
    const [spoken, read] = await running;
    expect([spoken.back, read.back]).toEqual([250, 250]);
    expect((await byLine('acc2')) - onSecond).toBeGreaterThan(20);
    expect((await byLine('acc1')) - onMain + (await byLine('acc2')) - onSecond).toBe(500);
    expect(await leaked()).toEqual([0, 0]);
  });
});

/** The address that the box made on its second link. */
async function second(): Promise<string> {
  const text = await runIn(site.box, ['ip', '-6', 'address', 'show', 'dev', 'wan2', 'scope', 'global']);
  return /inet6 (2001:db8:b:\S+)\/64/.exec(text)?.[1] ?? '';
}
