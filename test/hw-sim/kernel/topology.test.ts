import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Line } from '../../../hw-sim/kernel/control-socket.ts';
import { type SiteProcess, startSite } from './site-process.ts';

const PROBE = `${process.execPath} test/hw-sim/kernel/udp-probe.mjs`;
const ECHO_PORT = 7_000;

let site: SiteProcess;

beforeAll(async () => {
  site = await startSite();
  for (const address of ['198.51.100.1', '192.0.2.1']) await echo('core', address);
  await echo('gw', '192.168.10.1');
});

afterAll(async () => {
  await site.order('quit');
  await site.ended;
});

const inside = async (namespace: string, command: string): Promise<string> => {
  const { output } = await site.order(`in ${namespace} ${command}`);
  return String(output);
};

const echo = (namespace: string, address: string) =>
  inside(namespace, `${PROBE} echo ${address} ${ECHO_PORT} >/dev/null 2>&1 &`);

/** Round trips in ms, sorted. A probe that stays unanswered is sent again, so one answer is proof of the way. */
const roundTrips = async (namespace: string, address: string, count: number, bytes: number) => {
  const times: unknown = JSON.parse(await inside(namespace, `${PROBE} rtt ${address} ${ECHO_PORT} ${count} ${bytes}`));
  return Array.isArray(times) ? times.map(Number) : [];
};

type Way = { readonly line: 'main' | 'second'; readonly direction: 'up' | 'down' };

async function counted({ line, direction }: Way, what: string): Promise<number> {
  const status = await site.order('status');
  return Number(part(part(status, line), direction)[what]);
}

const part = (line: Line, name: string): Line => {
  const value = line[name];
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
};

describe('the topology of the simulated site', () => {
  it('connects the phones with the box', async () => {
    expect(await roundTrips('phones', '192.168.10.1', 3, 100)).toHaveLength(3);
  });

  it('gives the box addresses on its interfaces and nothing else', async () => {
    const routes = (await inside('gw', 'ip route')).trim().split('\n');
    expect(routes.map((route) => route.split(' ')[0])).toEqual(
      expect.arrayContaining(['192.0.2.0/30', '192.168.10.0/24', '192.168.20.0/24', '198.51.100.0/30']),
    );
    expect(routes).toHaveLength(4);
    expect((await inside('gw', 'nft list ruleset')).trim()).toBe('');
    expect((await inside('gw', 'ip rule')).trim().split('\n')).toHaveLength(3);
    expect(await inside('gw', 'cat /proc/sys/net/ipv4/ip_forward')).toBe('1\n');
  });

  it('leaves no offload on that would let 64 kB pass a shaper in one piece', async () => {
    for (const device of ['voice0', 'data0']) {
      const features = await inside('gw', `ethtool -k ${device}`);
      for (const name of ['tx-checksumming', 'tcp-segmentation-offload', 'generic-receive-offload']) {
        expect(features).toContain(`${name}: off`);
      }
    }
  });

  it('can be built twice', async () => {
    const look = async () =>
      [
        await inside('gw', 'ip -o address'),
        await inside('core', 'nft list ruleset'),
        await inside('phones', 'ip route'),
      ].join();
    const before = await look();
    expect(await site.order('rebuild')).toEqual({});
    // Counters of the operator's edge begin again; nothing else may differ.
    const bare = (text: string) => text.replace(/packets \d+ bytes \d+/g, '');
    expect(bare(await look())).toBe(bare(before));
  });

  it.each([
    ['main', '198.51.100.1'],
    ['second', '192.0.2.1'],
  ] as const)(
    'delays a packet on the %s line by its time on the wire and the way, both times',
    async (line, address) => {
      await site.order(`rules ${line} kbps=2000 delayMs=20`);
      const before = await counted({ line, direction: 'down' }, 'bytes');
      const times = await roundTrips('gw', address, 20, 1_500);
      expect((await counted({ line, direction: 'down' }, 'bytes')) - before).toBeGreaterThanOrEqual(20 * 1_500);
      expect(times[0]).toBeGreaterThanOrEqual(2 * (6 + 20));
      expect(times[0]).toBeLessThan(2 * (6 + 20) + 40);
    },
  );

  it('carries no more than its rate and drops what its buffer does not hold', async () => {
    const way: Way = { line: 'main', direction: 'up' };
    await site.order('rules main kbps=2000 delayMs=5 limitBytes=30000');
    const [bytesBefore, fullBefore] = [await counted(way, 'bytes'), await counted(way, 'full')];
    const began = performance.now();
    await inside('gw', `${PROBE} send 198.51.100.1 9 400 1500`);
    const bytes = (await counted(way, 'bytes')) - bytesBefore;
    const elapsed = performance.now() - began;
    expect(bytes).toBeLessThanOrEqual((2_000_000 / 8) * (elapsed / 1_000));
    expect(await counted(way, 'full')).toBeGreaterThan(fullBefore);
    await roundTrips('gw', '198.51.100.1', 1, 100);
    expect((await counted(way, 'bytes')) - bytesBefore).toBeGreaterThanOrEqual(30_000);
  });

  it('loses everything on a line that is cut, one way if so ordered, and comes back when it is healed', async () => {
    await site.order('cut main up');
    const before = await counted({ line: 'main', direction: 'up' }, 'cut');
    await inside('gw', `${PROBE} send 198.51.100.1 9 10 200`);
    expect((await counted({ line: 'main', direction: 'up' }, 'cut')) - before).toBe(10);
    expect(await counted({ line: 'main', direction: 'down' }, 'cut')).toBe(0);
    await site.order('heal main');
    expect(await roundTrips('gw', '198.51.100.1', 2, 100)).toHaveLength(2);
  });

  it('refuses and counts at the operator what carries the address of the other line', async () => {
    const before = part(await site.order('status'), 'spoofed');
    await inside('gw', `${PROBE} send 192.0.2.1 9 5 100 198.51.100.2`);
    await roundTrips('gw', '192.0.2.1', 1, 100);
    const after = part(await site.order('status'), 'spoofed');
    expect([Number(after.acc1) - Number(before.acc1), Number(after.acc2) - Number(before.acc2)]).toEqual([0, 5]);
  });
});
