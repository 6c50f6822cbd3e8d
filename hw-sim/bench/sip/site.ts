import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry } from '../../../provisioning/registry/registry.ts';
import { shippedFile } from '../../demo/relais.ts';
import { run, runIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';

export const NAMESPACES = { phones: 'phones', box: 'gw', operator: 'core' } as const;
/** Each phone has an address of its own: what the kernel lets through is counted by address (V-3). */
export const MOST_PHONES = 200;
export const phoneAddress = (index: number): string => `192.168.10.${10 + index}`;

/** A LAN of phones, a box and its operator, joined by cables as fast as memory: what remains is what the box adds. */
export async function layCables(count: number): Promise<void> {
  const { phones, box, operator } = NAMESPACES;
  for (const name of [phones, box, operator]) {
    await run(['ip', 'netns', 'add', name]);
    await run(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
  }
  await plug(phones, 'eth0', `${phoneAddress(0)}/24`, box, 'voice0', '192.168.10.1/24');
  for (let index = 1; index < count; index += 1)
    await run(['ip', '-n', phones, 'address', 'add', `${phoneAddress(index)}/24`, 'dev', 'eth0']);
  await plug(operator, 'acc1', '198.51.100.1/30', box, 'wan1', '198.51.100.2/30');
  await run(['ip', '-n', box, 'link', 'add', 'data0', 'type', 'veth', 'peer', 'name', 'office0']);
  await run(['ip', '-n', box, 'link', 'set', 'data0', 'up']);
  await run(['ip', '-n', phones, 'route', 'add', 'default', 'via', '192.168.10.1']);
  for (const address of ['203.0.113.10/32', '203.0.113.20/32'])
    await run(['ip', '-n', operator, 'address', 'add', address, 'dev', 'lo']);
  // A Debian box comes up so (systemd, sysctl.d/50-default.conf).
  await runIn(box, ['sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=2']);
}

async function plug(...[left, leftDevice, leftAddress, right, rightDevice, rightAddress]: string[]): Promise<void> {
  if (!left || !leftDevice || !leftAddress || !right || !rightDevice || !rightAddress) throw new Error('two ends');
  const far = ['peer', 'name', rightDevice, 'netns', right];
  await run(['ip', '-n', left, 'link', 'add', leftDevice, 'type', 'veth', ...far]);
  for (const [space, device, address] of [
    [left, leftDevice, leftAddress],
    [right, rightDevice, rightAddress],
  ] as const) {
    await run(['ip', '-n', space, 'address', 'add', address, 'dev', device]);
    await run(['ip', '-n', space, 'link', 'set', device, 'up']);
  }
}

export type BenchSite = { readonly registry: string; readonly box: string; readonly centralState: string };

/** Credit for all of the bench at once; two hundred calls that last half a minute hold some of it each. */
const LEASE = { microEuro: 5_000_000_000, idleMicroEuro: 5_000_000_000, bundleSeconds: 1_800 };
const CAP_EURO = '20000';
const FAST_KBPS = 1_000_000;

/**
 * A site by the operator's own code. Only its limits are out of the way: the operator of the bench takes any number of
 * messages (V-3), has lent enough for all calls, and sells more channels than a small office has.
 */
export function provision(): BenchSite {
  const directory = SANDBOX_DIRECTORY;
  const registry = join(directory, 'registry');
  const regimes = join(directory, 'regimes');
  mkdirSync(regimes, { recursive: true });
  const regime = readJson('provisioning/regimes/mie.json');
  const signalling = {
    messagesPerSecond: { value: 1_000_000, article: 'bench: no limit' },
    transactionsPerSecond: { value: 30, article: 'bench: 30' },
  };
  const lease = { ...asObject(regime.lease), ...LEASE };
  // One line that dials this often would be taken for the robot that it is (V-7).
  const { automaticDialing: _, ...limits } = asObject(regime.limits);
  writeFileSync(join(regimes, 'mie.json'), JSON.stringify({ ...regime, signalling, lease, limits }));
  initRegistry(registry);
  const issue = issueOrder(registry, orderOf(readJson('provisioning/orders/example-site.json')), {
    regimes,
    tariffs: folderOf('provisioning/decks/example-2026.json'),
    numbering: folderOf('provisioning/numbering/numbering-2025-07-02.json'),
  });
  if (!issue.issued) throw new Error(`the order was refused: ${JSON.stringify(issue.problems)}`);
  const { device } = issue.config;
  const paths = registryPaths(registry);
  const box = join(directory, 'box.json');
  writeFileSync(
    box,
    JSON.stringify({
      stateDirectory: join(directory, 'box'),
      siteConfig: paths.signed(device.id),
      operatorKey: paths.operatorPublicKey,
      uplinkSecret: paths.uplinkSecret(device.id),
      interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1' } },
    }),
  );
  return { registry, box, centralState: join(directory, 'central') };
}

function orderOf(example: Json): object {
  const [main] = Array.isArray(example.links) ? example.links : [];
  return {
    ...example,
    account: { ...asObject(example.account), capEuro: CAP_EURO },
    links: [{ ...asObject(main), kind: 'fibre', upKbps: FAST_KBPS, downKbps: FAST_KBPS }],
    failover: { ...asObject(example.failover), wanted: false },
    voice: { ...asObject(example.voice), channels: 1_000 },
    reservationSeconds: 20,
  };
}

type Json = Readonly<Record<string, unknown>>;

const folderOf = (file: string): string => dirname(shippedFile(file));
const readJson = (file: string): Json => asObject(JSON.parse(readFileSync(shippedFile(file), 'utf8')));
const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
