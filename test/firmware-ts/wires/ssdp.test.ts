import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../bundle.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

/** Searches on the LAN; in the middle of it, says which UDP sockets the machine has. */
const SEARCH = `
import { execFileSync } from 'node:child_process';
import { ssdpOn } from './ssdp.js';
const search = ssdpOn('192.168.20.1').search('upnp:rootdevice', 400);
setTimeout(() => process.stdout.write(execFileSync('ss', ['-Huan'])), 100);
await search;
`;

let built: Bundle;
let namespace: Namespace;

beforeAll(async () => {
  built = await bundle('firmware-ts/wires/node/ssdp.ts');
  await writeFile(join(dirname(built.path), 'search.js'), SEARCH);
});

afterAll(() => built.clear());

beforeEach(async () => {
  namespace = await createNamespace();
  // No IPv6, so that a packet that is counted is a packet of ours. The default route is the WAN, as on every box.
  const script = `
    for d in default all; do echo 1 > /proc/sys/net/ipv6/conf/$d/disable_ipv6; done
    for n in lan wan; do ip link add ${'$'}{n}0 type veth peer name ${'$'}{n}1; ip link set ${'$'}{n}0 up; ip link set ${'$'}{n}1 up; done
    ip addr add 192.168.20.1/24 dev lan0
    ip addr add 198.51.100.2/30 dev wan0
    ip route add default via 198.51.100.1
    ip neigh add 198.51.100.1 lladdr 02:00:00:00:00:01 dev wan0
  `;
  const { status, stderr } = await namespace.commands.run('sh', ['-e'], script);
  expect([status, stderr]).toEqual([0, '']);
});

afterEach(() => namespace.close());

async function sent(device: string): Promise<number> {
  const { stdout } = await namespace.commands.run('ip', ['-json', '-statistics', 'link', 'show', 'dev', device]);
  return (JSON.parse(stdout) as { stats64: { tx: { packets: number } } }[])[0]?.stats64.tx.packets ?? Number.NaN;
}

describe('a search for the devices of the LAN', () => {
  it('sends nothing to the WAN and opens no port there (D-3)', async () => {
    const before = { lan: await sent('lan0'), wan: await sent('wan0') };
    const { status, stdout, stderr } = await namespace.commands.run(process.execPath, [
      join(dirname(built.path), 'search.js'),
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect((await sent('wan0')) - before.wan).toBe(0);
    expect((await sent('lan0')) - before.lan).toBeGreaterThanOrEqual(2);
    const sockets = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[3]?.replace(/:\d+$/, ''));
    expect(sockets).toEqual(['192.168.20.1']);
  });
});
