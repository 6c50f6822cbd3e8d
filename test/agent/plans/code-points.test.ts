import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { layerOf, onWire, wireKbps } from '../../../agent/plans/link-layer.ts';
import { nftPlan } from '../../../agent/plans/nft-plan.ts';
import { PLAIN, queuePlan } from '../../../agent/plans/queue-plan.ts';
import { segmentOf } from '../../../agent/plans/short-segments.ts';
import { createNft, type Nft } from '../../../firmware-ts/net/nft.ts';
import { cable, runIn } from '../../firmware-ts/cable.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      ...{ name: 'main', number: 1, interface: 'wan1', gateway: '198.51.100.1', kind: 'sdsl' },
      ...{ upKbps: 1_000, downKbps: 8_000, probePort: 8620 },
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

let box: Namespace;
let voice: Namespace;
let data: Namespace;
let core: Namespace;
let nft: Nft | undefined;

const plug = (device: string, address: string, place: Namespace, farAddress: string): Promise<void> =>
  cable({ place: box, device, address }, { place, device: 'eth0', address: farAddress });

/** Three datagrams; Node can't set their code point, so the sender's own kernel does. */
const SEND = `const [, to, port, from] = process.argv;
const socket = require('node:dgram').createSocket('udp4');
socket.bind(Number(from), () => { let left = 3;
  for (let n = 0; n < 3; n += 1) socket.send(Buffer.alloc(100), Number(port), to, () => { if (--left === 0) socket.close(); }); });`;
const POINTS = { ef: 46, cs5: 40, cs0: 0, af41: 34, cs1: 8 } as const;
type Point = keyof typeof POINTS;

/** What the far end saw, by code point and port; and what left by the queue of voice. */
async function sent(from: Namespace, to: string, port: number, point: Point, source = 0) {
  await runIn(core, ['nft', 'reset', 'counters', 'table', 'inet', 'ear']);
  const tag = `table inet tag { chain out { type filter hook output priority 0; ip dscp set ${POINTS[point]}\n}\n}`;
  await runIn(from, ['nft', '-f', '-'], `table inet tag { }\ndelete table inet tag\n${tag}\n`);
  await runIn(from, [process.execPath, '-e', SEND, to, String(port), String(source)]);
  await expect
    .poll(() => runIn(core, ['nft', 'list', 'counter', 'inet', 'ear', 'heard']), { timeout: 5_000 })
    .toMatch(/packets 3 /);
  const listed = await runIn(core, ['nft', 'list', 'counters', 'table', 'inet', 'ear']);
  return Object.keys(POINTS).filter((name) => new RegExp(`counter ${name} \\{\\s*packets 3 `).test(listed));
}

const voiceQueue = async (): Promise<number> =>
  Number(
    /class htb 1:10 [\s\S]*?Sent \d+ bytes (\d+) pkt/.exec(
      await runIn(box, ['tc', '-s', 'class', 'show', 'dev', 'wan1']),
    )?.[1],
  );

beforeAll(async () => {
  [box, voice, data, core] = (await Promise.all([1, 2, 3, 4].map(createNamespace))) as [
    Namespace,
    Namespace,
    Namespace,
    Namespace,
  ];
  await plug('wan1', '198.51.100.2/24', core, '198.51.100.1/24');
  await plug('voice0', '192.168.10.1/24', voice, '192.168.10.10/24');
  await plug('data0', '192.168.20.1/24', data, '192.168.20.10/24');
  await runIn(core, ['ip', 'address', 'add', `${OPERATOR}/32`, 'dev', 'lo']);
  await runIn(voice, ['ip', 'route', 'add', 'default', 'via', '192.168.10.1']);
  await runIn(data, ['ip', 'route', 'add', 'default', 'via', '192.168.20.1']);
  await runIn(box, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  await runIn(box, ['ip', 'route', 'add', 'default', 'via', '198.51.100.1']);
  const names = Object.entries(POINTS);
  await runIn(
    core,
    ['nft', '-f', '-'],
    `table inet ear { counter heard { }
      ${names.map(([name]) => `counter ${name} { }`).join('\n')}
      chain in { type filter hook input priority 0; meta l4proto != udp accept; counter name heard
      ${names.map(([name, point]) => `ip dscp ${point} counter name ${name}`).join('\n')}
      drop
      }
    }\n`,
  );
  nft = createNft(box.commands, systemClock());
  await nft.install(nftPlan(plane, { voice: 'main', data: 'main' }));
  for (const { device, lines } of queuePlan(plane, { voice: 'main', data: 'main' }))
    await runIn(box, ['tc', '-batch', '-'], `${device === 'wan1' ? lines.join('\n') : ''}\n`);
}, 30_000);
afterAll(() => {
  nft?.close();
  for (const place of [box, voice, data, core]) place.close();
});

describe('Q-1, Q-2: code points on a real kernel', () => {
  it('voice leaves as EF and its signalling as CS5, whatever the phone wrote, by either of the two lists', async () => {
    expect(await sent(voice, OPERATOR, 16_400, 'cs0')).toEqual(['ef']);
    expect(await sent(voice, OPERATOR, 5_060, 'af41')).toEqual(['cs5']);
    // By the networks alone, from the data LAN, and by the ports alone, to anybody.
    expect(await sent(data, OPERATOR, 40_000, 'cs0')).toEqual(['ef']);
    expect(await sent(voice, INTERNET, 16_400, 'cs0')).toEqual(['ef']);
  });

  it('data that says EF or CS5 is bleached and stays in the queue of data; what asks for less may', async () => {
    const before = await voiceQueue();
    expect(await sent(data, INTERNET, 9_000, 'ef')).toEqual(['cs0']);
    expect(await sent(data, INTERNET, 16_400, 'cs5', 16_400)).toEqual(['cs0']);
    expect(await sent(data, INTERNET, 9_000, 'cs1')).toEqual(['cs1']);
    expect(await voiceQueue()).toBe(before);
  });

  it('is trusted from the voice LAN alone: it buys the queue of voice, and not without it', async () => {
    const before = await voiceQueue();
    expect(await sent(voice, INTERNET, 30_000, 'ef')).toEqual(['ef']);
    expect(await voiceQueue()).toBe(before + 3);
    expect(await sent(voice, INTERNET, 30_000, 'af41')).toEqual(['cs0']);
    expect(await voiceQueue()).toBe(before + 3);
  });
});

describe('Q-1: what a packet takes of a link', () => {
  it.each([
    ['adsl', 200, 5 * 53],
    ['adsl', 1_500, 33 * 53],
    ['sdsl', 200, 222],
    ['fibre', 1_500, 1_538],
    ['mobile', 200, 210],
  ] as const)('%s: %i bytes of IP take %i', (kind, bytes, wire) => {
    expect(onWire(bytes, kind)).toBe(wire);
  });

  it('the queue counts that, less the header that it sees itself', () => {
    const linesOf = (kind: 'adsl' | 'fibre' | 'mobile', framed: boolean): string =>
      queuePlan(
        { ...plane, links: plane.links.map((link) => ({ ...link, kind })) },
        { voice: 'main', data: 'main' },
        {
          ...PLAIN,
          framed: new Set(framed ? ['wan1'] : []),
        },
      )[0]?.lines.join('\n') ?? '';
    expect(linesOf('adsl', false)).toContain('overhead 40 linklayer atm');
    expect(linesOf('adsl', true)).toContain('overhead 26 linklayer atm');
    expect(linesOf('fibre', true)).toContain('overhead 24 linklayer ethernet');
    expect(linesOf('mobile', false)).toContain('overhead 10 linklayer ethernet');
    // tc takes nothing below zero.
    expect(linesOf('mobile', true)).toContain('overhead 0 linklayer ethernet');
    expect(linesOf('adsl', false)).toContain(`rate ${Math.floor(wireKbps(1_000, 'adsl') * 0.98)}kbit`);
    expect(layerOf('adsl').cells).toBe(true);
  });

  it('segments are short where a full packet lasts longer than five milliseconds, and never shorter than all hosts take', () => {
    expect([256, 512, 1_000, 2_000, 2_399, 2_400, 100_000].map((kbps) => segmentOf(kbps))).toEqual([
      536,
      536,
      585,
      1_210,
      1_459,
      undefined,
      undefined,
    ]);
    const plan = nftPlan(plane, { voice: 'main', data: 'main' });
    expect(plan).toContain('iifname "wan1" tcp flags syn / syn,rst tcp option maxseg size set 585');
    expect(plan).not.toContain('oifname "wan1" tcp flags syn / syn,rst tcp option maxseg size set 585');
  });

  it('a queue for each flow where the kernel has one', () => {
    const plan = queuePlan(plane, { voice: 'main', data: 'main' }, { ...PLAIN, fair: true });
    expect(plan[0]?.lines.join('\n')).toContain('parent 1:20 handle 20: fq_codel');
    expect(plan[0]?.lines.join('\n')).toContain('parent 1:10 handle 10: pfifo');
  });
});
