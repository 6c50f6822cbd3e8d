import { createKernelNetwork } from '../../../agent/edge/kernel-network.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { Link } from '../../../agent/model/site-config.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { wireKbps } from '../../../agent/plans/link-layer.ts';
import type { Network } from '../../../agent/ports/network.ts';
import { createIp } from '../../../firmware-ts/net/ip.ts';
import { createNft } from '../../../firmware-ts/net/nft.ts';
import { createTc } from '../../../firmware-ts/net/tc.ts';
import type { Commands } from '../../../firmware-ts/wires/commands.ts';
import { createCommands } from '../../../firmware-ts/wires/node/commands.ts';
import { inNamespace, runIn } from '../../kernel/namespaces.ts';
import { clearBareQueues, routeBare, setBareQueues } from './bare-box.ts';
import { GATEWAY } from './line.ts';

/** Ours, and what else a box could do in front of the same line. */
export const WAYS = ['ours', 'unshaped', 'plain', 'cake', 'fq_codel'] as const;
export type Way = (typeof WAYS)[number];

const PLAIN_SHARE = 0.95;
const CAKE_SHARE = 0.98;
const UNSEEN = 24;
const DEVICES = ['wan1', 'data0'] as const;

/** Puts the real data plane in the box, in front of a line of that rate; `end` closes its sessions. */
export async function setWay(way: Way, kbps: number, calls: number, channels: number): Promise<() => void> {
  const commands = commandsOf('gw');
  const nft = createNft(commands, systemClock());
  const tc = createTc(commands, systemClock());
  const tools = { nft, ip: createIp(commands), tc, allowForwarding: async () => undefined };
  const network = createKernelNetwork(planeOf(kbps, channels), tools);
  const steering = { voice: 'main', data: 'main' };
  await order((done) => network.install(steering, done));
  if (way === 'ours') {
    const traffic = { calls: Array.from({ length: calls }, () => 'PCMA'), rates: {} };
    await order((done) => network.adapt?.(traffic, done));
  } else for (const device of DEVICES) await otherQueue(way, device, kbps);
  return () => network.close();
}

/** The same by queues alone, where there are no rules (bare-box.ts). */
export async function setBareWay(way: Way, kbps: number, calls: number, channels: number): Promise<() => void> {
  const plane = planeOf(kbps, channels);
  await clearBareQueues(plane);
  await routeBare(kbps);
  if (way === 'ours') await setBareQueues(plane, calls);
  else for (const device of DEVICES) await otherQueue(way, device, kbps);
  return () => undefined;
}

/** Whether this kernel has the queue of that way. */
export async function isThere(way: Way): Promise<boolean> {
  if (way !== 'cake' && way !== 'fq_codel') return true;
  const there = await runIn('gw', ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', way]).then(
    () => true,
    () => false,
  );
  await runIn('gw', ['tc', 'qdisc', 'del', 'dev', 'lo', 'root']).catch(() => undefined);
  return there;
}

async function otherQueue(way: Exclude<Way, 'ours'>, device: string, kbps: number): Promise<void> {
  await runIn('gw', ['tc', 'qdisc', 'del', 'dev', device, 'root']).catch(() => undefined);
  const wire = wireKbps(kbps, 'fibre');
  const plain = `${Math.floor(wire * PLAIN_SHARE)}kbit`;
  const add = (...words: readonly string[]) => runIn('gw', ['tc', 'qdisc', 'add', 'dev', device, ...words]);
  switch (way) {
    case 'unshaped':
      return;
    case 'plain':
      await add('root', 'tbf', 'rate', plain, 'burst', '1600', 'limit', '64000', 'overhead', `${UNSEEN}`);
      return;
    case 'fq_codel':
      await add(
        'root',
        'handle',
        '1:',
        'tbf',
        'rate',
        plain,
        'burst',
        '1600',
        'limit',
        '64000',
        'overhead',
        `${UNSEEN}`,
      );
      await add('parent', '1:', 'fq_codel');
      return;
    case 'cake': {
      const rate = `${Math.floor(wire * CAKE_SHARE)}kbit`;
      await add('root', 'cake', 'bandwidth', rate, 'diffserv4', 'overhead', '38', 'noatm');
      return;
    }
  }
}

/** The plane in the namespace of this process, and the calls that run. */
export async function openBox(plane: DataPlane, calls: readonly string[]): Promise<Network> {
  const commands = createCommands(seconds(20));
  const nft = createNft(commands, systemClock());
  const tc = createTc(commands, systemClock());
  const network = createKernelNetwork(plane, {
    nft,
    ip: createIp(commands),
    tc,
    allowForwarding: async () => undefined,
  });
  await order((done) => network.install({ voice: 'main', data: 'main' }, done));
  await order((done) => network.adapt?.({ calls, rates: {} }, done));
  return network;
}

export const planeOf = (kbps: number, channels: number, kind: Link['kind'] = 'fibre'): DataPlane => ({
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      ...{ name: 'main', number: 1, interface: 'wan1', gateway: GATEWAY, kind },
      ...{ upKbps: kbps, downKbps: kbps, probePort: 8_620 },
    },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5_060, [16_384, 16_482]],
  sipServers: [{ address: '203.0.113.10', port: 5_060, relayPort: 5_070 }],
  channels,
  brokerPort: 1_883,
});

const order = (give: (done: (error: Error | undefined) => void) => void): Promise<void> =>
  new Promise((settle, refuse) => give((error) => (error ? refuse(error) : settle())));

function commandsOf(namespace: string): Commands {
  const outside = createCommands(seconds(20));
  const inside = (program: string, args: readonly string[]): readonly [string, readonly string[]] => {
    const [file, ...words] = inNamespace(namespace, [program, ...args]);
    return [file, words];
  };
  return {
    run: (program, args, stdin) => outside.run(...inside(program, args), stdin),
    session: (program, args) => outside.session(...inside(program, args)),
  };
}
