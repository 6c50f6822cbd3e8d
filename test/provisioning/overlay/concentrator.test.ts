import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beatMac, cookieOf, encodeBeat, encodeHello } from '../../../agent/model/heartbeat.ts';
import { SiteConfigSchema } from '../../../agent/model/site-config.ts';
import { concentratorRules } from '../../../provisioning/overlay/concentrator-rules.ts';
import { concentratorScript } from '../../../provisioning/overlay/concentrator-script.ts';
import { overlaySites } from '../../../provisioning/overlay/overlay-sites.ts';
import { siteConfig } from '../../example-site.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const ADDRESS = '203.0.113.50';
const site = (device: string, block: string, duplicate: 'never' | 'always') => {
  const { failover } = siteConfig();
  return SiteConfigSchema.parse({
    ...siteConfig(),
    device: { id: device },
    failover: { ...failover, heartbeat: {}, overlay: { concentrator: ADDRESS, block, duplicate } },
  });
};
const FIRST = site('relais-0001', '100.64.0.8/29', 'always');
const SECOND = site('relais-0002', '100.64.0.16/29', 'never');

const TUNNEL = [100, 64, 0, 9];
const BEAT = {
  ...({ hearing: 'heard', link: 1, sequence: 1, everyMs: 1_000, timeoutMs: 3_000 } as const),
  proof: new Uint8Array(8),
};

/** VXLAN of the first link's tunnel, Ethernet, IPv4 without a checksum that anybody here looks at, UDP, and the payload. */
function wrap(payload: Uint8Array, from: readonly number[]): Uint8Array {
  const udp = [0x21, 0xac, 0x03, 0x5e, 0, 8 + payload.length, 0, 0];
  const to = [203, 0, 113, 50];
  const ip = [0x45, 0, 0, 28 + payload.length, 0, 0, 0, 0, 64, 17, 0, 0, ...from, ...to];
  const sum = ip.reduce((total, octet, index) => total + (index % 2 === 0 ? octet * 256 : octet), 0);
  const folded = 0xffff - ((sum & 0xffff) + (sum >> 16));
  ip.splice(10, 2, folded >> 8, folded & 0xff);
  const ethernet = [2, 0, 100, 64, 0, 9, 2, 1, 100, 64, 0, 9, 8, 0];
  return Uint8Array.from([8, 0, 0, 0, 0x40, 0, 9, 0, ...ethernet, ...ip, ...udp, ...payload]);
}

let folder = '';
let space: Namespace;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-concentrator-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  space = await createNamespace();
});
afterEach(() => space.close());

const sh = (script: string) => space.commands.run('sh', ['-c', script]);
const cable = () =>
  sh(
    `ip link add core0 type veth peer name far0 && ip address add ${ADDRESS}/30 dev core0 && ip link set core0 up && ip link set far0 up && ip route add default via 203.0.113.49`,
  );

function write(configs: readonly (typeof FIRST)[]): void {
  const sites = overlaySites(configs, ADDRESS, (device) => `secret of ${device}`);
  writeFileSync(join(folder, 'rules.nft'), concentratorRules(ADDRESS, sites));
  writeFileSync(join(folder, 'it.sh'), concentratorScript(ADDRESS, sites, 'rules.nft'));
}
const order = async (word: string) => {
  const { status, stderr } = await space.commands.run('sh', [join(folder, 'it.sh'), word]);
  return { status, stderr: stderr.trim() };
};
const devices = async (): Promise<readonly string[]> =>
  (await sh('ip -o link show type vxlan')).stdout.split('\n').flatMap((line) => /^(\d+: oc\w+)/.exec(line)?.[1] ?? []);

describe('the concentrator', () => {
  it('F-3: is made as often as one likes, keeps what it has learned and its devices, follows the registry, and is gone when it is stopped', async () => {
    await cable();
    const before = (await sh('nft list ruleset; ip rule; ip route; ip -o link show type vxlan')).stdout;
    write([FIRST]);
    expect(await order('start')).toEqual({ status: 0, stderr: '' });
    const made = await devices();
    expect(made.map((line) => line.replace(/^\d+: /, ''))).toEqual(['oc400009', 'oc40000a']);
    await sh('nft add element inet relais-concentrator alive { 0x40000900 timeout 1h }');
    write([FIRST, SECOND]);
    expect(await order('start')).toEqual({ status: 0, stderr: '' });
    expect((await devices()).slice(0, 2)).toEqual(made);
    expect(await devices()).toHaveLength(4);
    expect((await sh('nft list set inet relais-concentrator alive')).stdout).toContain('0x40000900');
    write([SECOND]);
    expect(await order('start')).toEqual({ status: 0, stderr: '' });
    expect((await devices()).map((line) => line.replace(/^\d+: /, ''))).toEqual(['oc400011', 'oc400012']);
    expect((await sh('nft list map inet relais-concentrator mains')).stdout).not.toContain('100.64.0.8 ');
    expect(await order('stop')).toEqual({ status: 0, stderr: '' });
    expect((await sh('nft list ruleset; ip rule; ip route; ip -o link show type vxlan')).stdout).toBe(before);
    expect(await order('stop')).toEqual({ status: 0, stderr: '' });
  });

  it('D-3: believes who knows the cookie, from where he says it; a hello proves no way back; strangers and foreign addresses are dropped', async () => {
    await cable();
    write([FIRST]);
    expect((await order('start')).stderr).toBe('');
    const outsider = await createNamespace();
    try {
      await sh(`ip link set far0 netns ${outsider.pid}`);
      await outsider.commands.run('sh', ['-c', 'ip address add 203.0.113.49/30 dev far0 && ip link set far0 up']);
      const mac = beatMac('secret of relais-0001', (key, bytes) => createHmac('sha256', key).update(bytes).digest());
      const send = async (payload: Uint8Array, from = TUNNEL): Promise<void> => {
        writeFileSync(join(folder, 'packet'), wrap(payload, from));
        await outsider.commands.run('bash', ['-c', `cat ${join(folder, 'packet')} > /dev/udp/${ADDRESS}/4790`]);
      };
      const list = async (what: string): Promise<string> => (await sh(`nft list ${what}`)).stdout;
      const peers = async (): Promise<number> =>
        [...(await list('set inet relais-concentrator peers')).matchAll(/203\.0\.113\.49/g)].length;
      const counted = async (name: string): Promise<string> =>
        /packets (\d+)/.exec(await list(`counter inet relais-concentrator ${name}`))?.[1] ?? '';

      await send(new Uint8Array(28));
      expect([await counted('strangers'), await peers()]).toEqual(['1', 0]);
      await send(encodeHello(1, mac));
      expect([await peers(), await list('set inet relais-concentrator alive')]).toEqual([
        1,
        expect.not.stringContaining('0x'),
      ]);
      const beat = { ...BEAT, cookie: cookieOf(1, mac) };
      await send(encodeBeat(beat));
      expect(await peers()).toBe(2);
      expect(await list('set inet relais-concentrator alive')).toContain('0x40000900 timeout 3s');
      expect(await list('map inet relais-concentrator outer-address')).toContain(': 203.0.113.49');
      await send(encodeBeat(beat), [192, 168, 1, 1]);
      expect(await counted('foreign-inside')).toBe('1');
      // What another site's cookie opens is the other site's tunnel.
      await send(encodeBeat({ ...BEAT, cookie: cookieOf(2, mac) }));
      expect(await counted('strangers')).toBe('2');
    } finally {
      outsider.close();
    }
  });

  it('says what it needs where it can not be, and makes nothing', async () => {
    write([FIRST]);
    const { status, stderr } = await order('start');
    expect(status).toBe(1);
    expect(stderr).toContain('default route');
    expect(await devices()).toEqual([]);
    expect((await order('restart')).stderr).toContain('usage');
  });

  it('knows no site that names another concentrator, has failover off or is not beaten', () => {
    const off = SiteConfigSchema.parse({ ...FIRST, failover: { ...FIRST.failover, enabled: false } });
    const { heartbeat: _heartbeat, ...unbeaten } = FIRST.failover;
    const mute = SiteConfigSchema.parse({ ...FIRST, failover: unbeaten });
    expect(overlaySites([off, mute], ADDRESS, () => 's')).toEqual([]);
    expect(overlaySites([FIRST], '203.0.113.51', () => 's')).toEqual([]);
    expect(overlaySites([FIRST, SECOND], ADDRESS, () => 's').map(({ voice }) => voice)).toEqual([
      '100.64.0.8',
      '100.64.0.16',
    ]);
  });
});
