import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DataPlane } from '../../agent/plans/data-plane.ts';
import { nftPlan } from '../../agent/plans/nft-plan.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';

const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    { name: 'main', number: 1, interface: 'wan1', gateway: undefined, upKbps: 2_000, downKbps: 4_000, probePort: 8620 },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5060],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
};

let box: Namespace;
/** Who knocks: the far end of the link, and a PC of the data LAN. */
let core: Namespace;
let office: Namespace;
const opened: (() => void)[] = [];

async function run(place: Namespace, ...words: [string, ...string[]]): Promise<void> {
  const [program, ...args] = words;
  const { status, stderr } = await place.commands.run(program, args);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
}

async function cable(device: string, address: string, far: Namespace, farAddresses: readonly string[]): Promise<void> {
  await run(box, 'ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(far.pid));
  await run(box, 'ip', 'address', 'add', address, 'dev', device);
  await run(box, 'ip', 'link', 'set', device, 'up');
  for (const own of farAddresses) await run(far, 'ip', 'address', 'add', own, 'dev', 'eth0');
  await run(far, 'ip', 'link', 'set', 'eth0', 'up');
}

/** A socket of the box on this UDP port; what it hears. */
function ear(port: number): () => string {
  const [enter = '', ...args] = box.prefix;
  const child = spawn(enter, [...args, 'socat', '-u', `UDP4-RECV:${port}`, 'STDOUT']);
  let heard = '';
  child.stdout.on('data', (chunk) => {
    heard += chunk;
  });
  opened.push(() => child.kill('SIGKILL'));
  return () => heard;
}

/** One datagram to a port of the box, from an address and port of the knocker's choice. */
const knock = (from: Namespace, source: string, target: string, word: string): Promise<void> =>
  run(from, 'sh', '-c', `printf '${word} ' | socat -u - UDP4-SENDTO:${target},bind=${source}`);

beforeAll(async () => {
  [box, core, office] = await Promise.all([createNamespace(), createNamespace(), createNamespace()]);
  await cable('wan1', '198.51.100.2/24', core, ['198.51.100.1/24', '203.0.113.10/24', '203.0.113.30/24']);
  await cable('data0', '192.168.20.1/24', office, ['192.168.20.10/24']);
  await run(box, 'ip', 'link', 'add', 'voice0', 'type', 'veth', 'peer', 'name', 'phones');
  await run(box, 'ip', 'route', 'add', '203.0.113.0/24', 'dev', 'wan1');
  await run(office, 'ip', 'route', 'add', 'default', 'via', '192.168.20.1');
  const ruleset = nftPlan(plane, { voice: 'main', data: 'main' }, { relayed: true });
  const { status, stderr } = await box.commands.run('nft', ['-f', '-'], ruleset);
  if (status !== 0) throw new Error(stderr);
});
afterEach(() => {
  for (const close of opened.splice(0)) close();
});
afterAll(() => {
  for (const place of [box, core, office]) place.close();
});

describe('D-3: what the box hears from outside', () => {
  const patience = { timeout: 15_000 };

  it("is SIP of the operator's servers to the upstream ports of the relay, and nothing else", async () => {
    const upstream = ear(20_500);
    const relay = ear(5_070);
    const probe = ear(8_620);
    // Repeated, since an ear needs a moment to open; the last word proves that the others had their chance.
    const everybody = async (): Promise<string> => {
      await knock(core, '203.0.113.30:5060', '198.51.100.2:20500', 'stranger');
      await knock(core, '203.0.113.10:5061', '198.51.100.2:20500', 'other-port');
      await knock(core, '203.0.113.10:5060', '198.51.100.2:5070', 'spoofed-phone');
      await knock(core, '203.0.113.30:862', '198.51.100.2:8620', 'unasked');
      await knock(office, '192.168.20.10:5060', '192.168.20.1:5070', 'knocking-pc');
      await knock(core, '203.0.113.10:5060', '198.51.100.2:20500', 'operator');
      return upstream();
    };
    await expect.poll(everybody, patience).toContain('operator');
    await everybody();
    expect(upstream()).toMatch(/^(operator )+$/);
    expect([relay(), probe()]).toEqual(['', '']);
  });

  it('is a softphone of the data LAN like any phone: its SIP goes to the relay', async () => {
    const relay = ear(5_070);
    const invite = async (): Promise<string> => {
      await knock(office, '192.168.20.10:5062', '203.0.113.10:5060', 'invite');
      return relay();
    };
    await expect.poll(invite, patience).toContain('invite');
  });
});
