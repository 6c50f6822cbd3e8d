import { afterEach, describe, expect, it } from 'vitest';
import { createIp } from '../../../firmware-ts/net/ip.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

let namespace: Namespace | undefined;

afterEach(() => namespace?.close());

async function kernel() {
  const inside = await createNamespace();
  namespace = inside;
  const ip = createIp(inside.commands);
  await ip.batch([
    'link add wan1 type veth peer name far1',
    'link set wan1 up',
    'link set far1 up',
    'addr add 198.51.100.2/30 dev wan1',
  ]);
  const print = async (...args: readonly string[]) => (await inside.commands.run('ip', args)).stdout.trim();
  return { ip, print, inside };
}

const voice = { priority: 100, table: 101, mark: 1, mask: 0xff };
const probes = { priority: 101, table: 101, from: '198.51.100.2' };

describe('the rules of the box', () => {
  it('become what is wanted, and twice is the same as once', async () => {
    const { ip, print } = await kernel();
    await ip.rules(100, 199, [voice, probes]);
    const once = await print('rule', 'show');
    await ip.rules(100, 199, [voice, probes]);
    expect(once).toContain('100:\tfrom all fwmark 0x1/0xff lookup 101');
    expect(once).toContain('101:\tfrom 198.51.100.2 lookup 101');
    expect(await print('rule', 'show')).toBe(once);
  });

  it('that are wanted no more are gone, and those of others stay', async () => {
    const { ip, print } = await kernel();
    await ip.batch(['rule add priority 50 from 10.9.9.9 lookup 77', 'rule add priority 150 from all lookup main']);
    await ip.rules(100, 199, [voice, probes]);
    await ip.rules(100, 199, [{ ...voice, table: 102 }]);
    const rules = (await print('rule', 'show')).split('\n');
    expect(rules.map((rule) => rule.replace(/\s+/g, ' '))).toEqual([
      '0: from all lookup local',
      '50: from 10.9.9.9 lookup 77',
      '100: from all fwmark 0x1/0xff lookup 102',
      '150: from all lookup main',
      '32766: from all lookup main',
      '32767: from all lookup default',
    ]);
  });
});

describe('the routes of one of our tables', () => {
  const home = { to: 'default', via: '198.51.100.1', dev: 'wan1' };

  it('become what is wanted, from nothing and from anything', async () => {
    const { ip, print } = await kernel();
    await ip.routes(101, [home, { to: '203.0.113.0/28', dev: 'wan1' }]);
    await ip.routes(101, [home, { to: '203.0.113.0/28', dev: 'wan1' }]);
    expect(await print('route', 'show', 'table', '101')).toMatch(
      /^default via 198.51.100.1 dev wan1 \n203.0.113.0\/28 dev wan1/,
    );
    await ip.routes(101, [{ to: 'default', dev: 'far1' }]);
    expect(await print('route', 'show', 'table', '101')).toMatch(/^default dev far1 scope link$/);
    await ip.routes(101, []);
    expect(await print('route', 'show', 'table', '101')).toBe('');
  });

  it('that cannot be are a fault with the line', async () => {
    const { ip } = await kernel();
    await expect(ip.routes(101, [home, { to: 'default', dev: 'wan9' }])).rejects.toMatchObject({
      code: 'network.refused',
      context: { program: 'ip', line: 'route replace default dev wan9 table 101', error: 'Cannot find device "wan9"' },
    });
  });
});

describe('our tunnels', () => {
  const tunnel = {
    ...{ name: 'ov1', vni: 0x400009, remote: '203.0.113.50', port: 4_790, mtu: 1_400, mac: '02:01:64:40:00:09' },
    addresses: ['100.64.0.8/32', '100.64.0.9 peer 100.64.0.15/32'],
    neighbor: { address: '100.64.0.15', mac: '02:00:64:40:00:09' },
  };
  const indexOf = (printed: string): string => /^\d+/.exec(printed)?.[0] ?? 'none';

  it('F-3: become what is wanted; one that is right is not made again, so that an agent that starts cuts no call', async () => {
    const { ip, print } = await kernel();
    await ip.tunnels([tunnel]);
    const made = await print('-o', 'link', 'show', 'ov1');
    expect(made).toContain('mtu 1400');
    expect(await print('-o', 'address', 'show', 'ov1')).toContain('100.64.0.9 peer 100.64.0.15/32');
    expect(await print('neighbor', 'show', 'dev', 'ov1')).toContain('100.64.0.15 lladdr 02:00:64:40:00:09 PERMANENT');
    await ip.tunnels([{ ...tunnel, mtu: 1_300 }]);
    const narrower = await print('-o', 'link', 'show', 'ov1');
    expect(narrower).toContain('mtu 1300');
    expect(indexOf(narrower)).toBe(indexOf(made));
    await ip.tunnels([{ ...tunnel, remote: '203.0.113.51' }]);
    expect(indexOf(await print('-o', 'link', 'show', 'ov1'))).not.toBe(indexOf(made));
  });

  it('that are wanted no more are gone, and those of others stay', async () => {
    const { ip, print } = await kernel();
    await ip.batch(['link add theirs type vxlan id 7 remote 203.0.113.9 dstport 4789']);
    await ip.tunnels([tunnel]);
    await ip.tunnels([]);
    expect(await print('-o', 'link', 'show', 'type', 'vxlan')).toMatch(/^\d+: theirs:[^\n]*$/);
  });
});
