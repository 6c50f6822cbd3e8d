import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { relais } from '../../demo/relais.ts';
import { run, runIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';

/** The operator's concentrator and far end, in a namespace of its own behind the operator's core. */
export const HUB = {
  address: '203.0.113.50',
  cable: ['203.0.113.49/30', '203.0.113.50/30'],
  block: '100.64.0.8/29',
} as const;
const PORT = 4_790;

/** Beside the order of the site: voice through the concentrator. */
export const overlayOrder = (duplicate: 'never' | 'suspected' | 'always', block: string = HUB.block) => ({
  reflector: { address: HUB.address, port: 862 },
  overlay: { concentrator: HUB.address, block, duplicate },
});

/**
 * A cable from the core to the machine that will be the concentrator. What wraps voice is translated on the way, as by a
 * provider's NAT: both links of the box seem to have one address, and ports of chance.
 */
export async function plugHub(): Promise<void> {
  if (existsSync('/run/netns/hub')) return;
  await run(['ip', 'netns', 'add', 'hub']);
  await run(['ip', '-n', 'hub', 'link', 'set', 'lo', 'up']);
  await runIn('hub', ['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1']);
  await run(['ip', '-n', 'core', 'link', 'add', 'hub0', 'type', 'veth', 'peer', 'name', 'core0', 'netns', 'hub']);
  const [core, hub] = HUB.cable;
  for (const [namespace, device, address] of [
    ['core', 'hub0', core],
    ['hub', 'core0', hub],
  ] as const) {
    const offloads = ['tx', 'rx', 'tso', 'gso', 'gro'].flatMap((name) => [name, 'off']);
    await runIn(namespace, ['ethtool', '-K', device, ...offloads]);
    await run(['ip', '-n', namespace, 'address', 'add', address, 'dev', device]);
    await run(['ip', '-n', namespace, 'link', 'set', device, 'up']);
  }
  await run(['ip', '-n', 'hub', 'route', 'add', 'default', 'via', '203.0.113.49']);
  await run(['ip', '-n', 'core', 'route', 'add', HUB.block, 'via', HUB.address]);
  const translation = `table ip provider {\nchain out { type nat hook postrouting priority srcnat; policy accept;\noifname "hub0" udp dport ${PORT} masquerade random\n}\n}\n`;
  await runIn('core', ['nft', '-f', '-'], translation);
}

const FOLDER = join(SANDBOX_DIRECTORY, 'hub');
const runScript = (word: 'start' | 'stop') => runIn('hub', ['sh', join(FOLDER, 'concentrator.sh'), word]);

/** Writes the concentrator's files from the registry and starts them, as an operator does. */
export async function startHub(registry: string): Promise<void> {
  const words = relais('provision', 'concentrator', HUB.address, '--out', FOLDER, '--directory', registry);
  await run(words);
  await runScript('start');
}

/** Another machine takes the concentrator's address over: with the same files, and knowing nothing of any box. */
export async function replaceHub(): Promise<void> {
  await runScript('stop');
  await runScript('start');
}

/** Voice that is wrapped, as the operator's edge sees it: the port inside, behind the headers of VXLAN, Ethernet and IPv4. */
export const wrappedVoice = (port: string): string => `udp dport ${PORT} @th,416,16 ${port}`;
