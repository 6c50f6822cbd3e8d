import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKernelMedia, readCounts, readTalkers } from '../../../agent/edge/kernel-media.ts';
import { createKernelNetwork } from '../../../agent/edge/kernel-network.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { NO_LINK, steeringOn } from '../../../agent/plans/steering.ts';
import type { Network } from '../../../agent/ports/network.ts';
import { createIp } from '../../../firmware-ts/net/ip.ts';
import { createNft, type Nft } from '../../../firmware-ts/net/nft.ts';
import { createTc } from '../../../firmware-ts/net/tc.ts';
import { siteConfig } from '../../example-site.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const link = { gateway: undefined, upKbps: 2_000, downKbps: 4_000 };
const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    { ...link, name: 'main', number: 1, interface: 'wan1', probePort: 8620 },
    { ...link, name: 'second', number: 2, interface: 'wan2', probePort: 8621 },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5060, [16384, 16482]],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
};
const MAIN = { voice: 'main', data: 'main' };
const SECOND = { voice: 'second', data: 'second' };

let box: Namespace;
let nft: Nft;
let network: Network;
const sh = async (...words: [string, ...string[]]): Promise<string> => {
  const [program, ...args] = words;
  const { status, stdout, stderr } = await box.commands.run(program, args);
  if (status !== 0) throw new Error(stderr);
  return stdout;
};
const order = (give: (done: (error: Error | undefined) => void) => void) =>
  new Promise<void>((resolve, reject) => give((error) => (error ? reject(error) : resolve())));

beforeAll(async () => {
  box = await createNamespace();
  for (const name of ['voice0', 'data0', 'wan1', 'wan2']) {
    await sh('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`);
    await sh('ip', 'link', 'set', name, 'up');
    await sh('ip', 'link', 'set', `${name}p`, 'up');
  }
  await sh('nft', 'add', 'table', 'inet', 'foreign');
  nft = createNft(box.commands, systemClock());
  network = createKernelNetwork(plane, {
    nft,
    ip: createIp(box.commands),
    tc: createTc(box.commands, systemClock()),
    // This process sits in another namespace: its /proc is not the box's.
    allowForwarding: async () => undefined,
  });
});
afterAll(() => {
  network.close();
  box.close();
});

describe('F-3, Q-1: the data plane on a real kernel', () => {
  it('is put in place, twice with the same result, and leaves the tables of others alone', async () => {
    await order((done) => network.install(MAIN, done));
    const first = [
      await sh('nft', '-s', 'list', 'ruleset'),
      await sh('ip', 'rule'),
      await sh('ip', '-4', 'route', 'show', 'table', 'all'),
    ];
    await order((done) => network.install(MAIN, done));
    expect([
      await sh('nft', '-s', 'list', 'ruleset'),
      await sh('ip', 'rule'),
      await sh('ip', '-4', 'route', 'show', 'table', 'all'),
    ]).toEqual(first);
    expect(first[0]).toContain('table inet foreign');
    expect(first[1]).toMatch(/fwmark 0x1\/0xff lookup 101[\s\S]*fwmark 0x2\/0xff lookup 102/);
  });

  it('moves voice and data with one change of one map', async () => {
    await order((done) => network.steer(SECOND, done));
    expect((await sh('nft', 'list', 'map', 'inet', 'relais', 'steer')).replace(/\s+/g, ' ')).toContain(
      '0x00000010 : 0x00000102, 0x00000020 : 0x00000202',
    );
    await order((done) => network.steer(MAIN, done));
    expect(await sh('nft', 'list', 'map', 'inet', 'relais', 'steer')).toContain('0x00000010 : 0x00000101');
  });

  it('F-4: takes data off a link that is for voice only, when no other is left', async () => {
    await order((done) => network.steer({ voice: 'second', data: NO_LINK }, done));
    const map = await sh('nft', 'list', 'map', 'inet', 'relais', 'steer');
    expect(map).toContain('0x00000010 : 0x00000102');
    expect(map).not.toContain('0x00000020 :');
    expect(await sh('nft', 'list', 'chain', 'inet', 'relais', 'through')).toContain(
      'meta mark 0x00000020 counter name "data-refused" drop',
    );
  });

  it('leads SIP through the relay or straight on, by one set', async () => {
    await order((done) => network.relay(true, done));
    expect(await sh('nft', 'list', 'set', 'inet', 'relais', 'relayed')).toContain('203.0.113.10 . 5060');
    await order((done) => network.relay(false, done));
    expect(await sh('nft', 'list', 'set', 'inet', 'relais', 'relayed')).not.toContain('203.0.113.10');
  });

  it('Q-1: shapes each link: voice is guaranteed its calls and may take all, the rest only borrows', async () => {
    const classes = await sh('tc', 'class', 'show', 'dev', 'wan1');
    // 2,000 kbit/s of full packets are 2,050 of Ethernet; four calls and two beyond take 95.2 each, and a little beside.
    expect(classes).toMatch(/class htb 1:10 .*prio 0 rate 600Kbit overhead 24 ceil 2009Kbit/);
    expect(classes).toMatch(/class htb 1:2 parent 1:1 rate 8Kbit overhead 24 ceil 2009Kbit/);
    expect(classes).toMatch(/class htb 1:20 parent 1:2 .*prio 1 rate 8Kbit overhead 24 ceil 2009Kbit/);
    expect(classes).toMatch(/class htb 1:30 parent 1:2 .*prio 2 rate 8Kbit overhead 24 ceil 2009Kbit/);
    // What comes down waits at a device of its own for each link, 95 % of 4,101, and not for the LAN a second time.
    expect(await sh('tc', 'class', 'show', 'dev', 'down2')).toMatch(
      /class htb 1:10 .*prio 0 rate 600Kbit overhead 24 ceil 3896Kbit/,
    );
    expect(await sh('tc', 'class', 'show', 'dev', 'data0')).toBe('');
  });

  it('Q-1: the ceiling of data follows the number and codec of the calls, and voice stays as it is', async () => {
    const found = async () => {
      const classes = await sh('tc', 'class', 'show', 'dev', 'wan1');
      const of = (id: string) => new RegExp(`class htb ${id} .*`).exec(classes)?.[0] ?? '';
      return { voice: of('1:10'), rest: Number(/ceil (\d+)Kbit/.exec(of('1:2'))?.[1]) };
    };
    const adapt = (calls: readonly (string | undefined)[], rates = {}) =>
      order((done) => network.adapt?.({ calls, rates }, done));
    const { voice } = await found();
    const downOf = async () =>
      Number(/htb 1:2 .*ceil (\d+)Kbit/.exec(await sh('tc', 'class', 'show', 'dev', 'down1'))?.[1]);
    await order((done) => network.steer(MAIN, done));
    await adapt(['PCMA', 'PCMA']);
    expect(await found()).toEqual({ voice, rest: 1_809 });
    // Of a codec that nobody named, the dearest is thought.
    await adapt(['PCMA', 'G729', undefined]);
    expect(await found()).toEqual({ voice, rest: 1_768 });
    // 4,000 kbit/s of full packets are 4,101 of Ethernet: data and calls have 90 % of it while any runs.
    expect(await downOf()).toBe(3_450);
    await adapt(['PCMA'], { main: { upKbps: 500, downKbps: 900 } });
    expect(await found()).toEqual({ voice, rest: 402 });
    await adapt([]);
    expect(await found()).toEqual({ voice, rest: 2_009 });
    expect(await downOf()).toBe(3_896);
  });

  it('Q-1: what the box itself says to its broker is Lower Effort and in the last class, by the port', async () => {
    const chain = await sh('nft', '-s', 'list', 'chain', 'inet', 'relais', 'from-box');
    expect(chain).toMatch(/tcp dport 1883 meta priority set 1:30/);
    expect(chain).toMatch(/tcp dport 1883 ip dscp set (0x01|lephb|le)/);
    // Before the link is known: afterwards its mark is another.
    expect(chain.indexOf('1:30')).toBeLessThan(chain.indexOf('map @steer'));
  });

  it('says what the kernel refused', async () => {
    await sh('ip', 'link', 'delete', 'wan2');
    await expect(order((done) => network.install(MAIN, done))).rejects.toMatchObject({ code: 'network.refused' });
  });
});

describe('U-7: who speaks is read from the kernel', () => {
  const fault = (error: Error): void => {
    throw error;
  };

  it('finds nobody on a silent box', async () => {
    const talkers = await new Promise((done) => createKernelMedia(plane, nft, fault).heard(done));
    expect(talkers).toEqual(new Set());
  });

  it('reads the elements of the set as nft prints them', () => {
    const printed =
      'table inet relais {\n set talkers {\n type ipv4_addr . inet_service\n timeout 10s\n elements = { 192.168.10.10 . 16384 expires 9s876ms,\n 192.168.10.11 . 16390 expires 3s } } }';
    expect(readTalkers(printed)).toEqual(new Set(['192.168.10.10:16384', '192.168.10.11:16390']));
  });
});

describe('SIP quality: how much RTP passed is read from the kernel', () => {
  it('finds the sets of both ways, and nothing in them on a silent box', async () => {
    const media = createKernelMedia(plane, nft, () => undefined);
    expect(await new Promise((done) => media.counts(done))).toEqual({ sent: new Map(), heard: new Map() });
  });

  it('reads the counters as nft prints them', () => {
    const printed =
      'table inet relais {\n set rtp-sent {\n type ipv4_addr . inet_service\n counter\n timeout 1m\n elements = { 192.168.10.10 . 16384 counter packets 12 bytes 2400 expires 9s876ms,\n 192.168.10.11 . 16390 counter packets 1 bytes 200 expires 3s } } }';
    expect(readCounts(printed)).toEqual(
      new Map([
        ['192.168.10.10:16384', { packets: 12, octets: 2400 }],
        ['192.168.10.11:16390', { packets: 1, octets: 200 }],
      ]),
    );
  });
});

describe('F-2, F-4: which link carries data', () => {
  const links = siteConfig().links;
  const [main, second] = links;
  if (main === undefined || second === undefined) throw new Error('two links');
  const dedicated = { ...second, use: 'voice-dedicated' } as const;
  it.each([
    ['beside voice on a shared link', links, 'second', { voice: 'second', data: 'second' }],
    [
      'on the other link when that of voice is for voice only',
      [main, dedicated],
      'second',
      { voice: 'second', data: 'main' },
    ],
    [
      'nowhere when every link is for voice only',
      [{ ...main, use: 'voice-dedicated' } as const, dedicated],
      'main',
      { voice: 'main', data: NO_LINK },
    ],
  ])('%s', (_, given, voice, steering) => {
    expect(steeringOn(given, voice)).toEqual(steering);
  });
});
