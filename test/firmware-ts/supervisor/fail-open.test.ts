import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { nftPlan, relayPlan } from '../../../agent/plans/nft-plan.ts';
import { rulePlan, tablePlan } from '../../../agent/plans/route-plan.ts';
import { createIp } from '../../../firmware-ts/net/ip.ts';
import { createNft } from '../../../firmware-ts/net/nft.ts';
import { openStraightPath } from '../../../firmware-ts/supervisor/fail-open.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

const PLANE: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      name: 'main',
      number: 1,
      interface: 'wan1',
      gateway: '198.51.100.1',
      upKbps: 1_000,
      downKbps: 1_000,
      probePort: 8_620,
    },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5_060],
  sipServers: [{ address: '203.0.113.10', port: 5_060, relayPort: 5_070 }],
  channels: 2,
  brokerPort: 1_883,
};

let box: Namespace;
let phone: Namespace;
let core: Namespace;
let ends: readonly (() => void)[] = [];

beforeEach(async () => {
  box = await createNamespace();
  phone = await createNamespace();
  core = await createNamespace();
  ends = [box.close, phone.close, core.close];
  await shell(
    box,
    `ip link add voice0 type veth peer name eth0 netns ${phone.pid}
     ip link add wan1 type veth peer name acc1 netns ${core.pid}
     ip addr add 192.168.10.1/24 dev voice0; ip link set voice0 up
     ip addr add 198.51.100.2/30 dev wan1; ip link set wan1 up
     echo 1 > /proc/sys/net/ipv4/ip_forward`,
  );
  await shell(
    phone,
    'ip addr add 192.168.10.10/24 dev eth0; ip link set eth0 up; ip route add default via 192.168.10.1',
  );
  await shell(core, 'ip addr add 198.51.100.1/30 dev acc1; ip link set acc1 up; ip addr add 203.0.113.10/32 dev lo');
});

afterEach(() => {
  for (const end of ends) end();
});

async function shell({ commands }: Namespace, script: string): Promise<void> {
  expect(await commands.run('sh', ['-e'], script)).toMatchObject({ status: 0, stderr: '' });
}

const ANSWERER = `
const [address, port, name] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (_, from) => socket.send(name, from.port, from.address));
socket.bind(Number(port), address, () => console.log('ready'));
`;

/** A phone says one thing from its one SIP port, and repeats nothing. */
const PHONE = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (answer) => { console.log(String(answer)); process.exit(); });
socket.bind(5060, () => socket.send('OPTIONS', 5060, '203.0.113.10'));
setTimeout(() => process.exit(), 2000);
`;

/** Somebody at a UDP port who answers every datagram with a name. */
async function answerer({ prefix }: Namespace, address: string, port: number, name: string): Promise<void> {
  const [enter = '', ...args] = prefix;
  const child = spawn(enter, [...args, process.execPath, '-e', ANSWERER, address, String(port), name]);
  ends = [() => child.kill(), ...ends];
  await once(child.stdout, 'data');
}

/** The site as the agent leaves it: our whole table, rules and routes, SIP through the relay. */
async function installSite(): Promise<void> {
  const nft = createNft(box.commands, systemClock());
  const ip = createIp(box.commands);
  for (const { table, routes } of tablePlan(PLANE)) await ip.routes(table, routes);
  await ip.rules(101, 199, rulePlan(PLANE));
  await nft.install(nftPlan(PLANE, { voice: 'main', data: 'main' }));
  await nft.ask(relayPlan(PLANE, true));
  nft.close();
}

/** Somebody who says a name to whoever connects. */
async function accepter({ prefix }: Namespace, address: string, port: number, name: string): Promise<void> {
  const [enter = '', ...args] = prefix;
  const listening = `require('node:net').createServer((s) => s.end('${name}')).listen(${port}, '${address}', () => console.log('ready'))`;
  const child = spawn(enter, [...args, process.execPath, '-e', listening]);
  ends = [() => child.kill(), ...ends];
  await once(child.stdout, 'data');
}

const whoAccepts = async () =>
  (await phone.commands.run('timeout', ['5', 'socat', '-u', 'TCP4:203.0.113.10:5060', 'STDOUT'])).stdout.trim();

const whoAnswers = async () => (await phone.commands.run(process.execPath, ['-e', PHONE])).stdout.trim();

describe('failing open (V-1, Q-3)', () => {
  it('leads a phone that was relayed to the server of the operator, from the same port and at once', async () => {
    await installSite();
    await answerer(box, '192.168.10.1', 5_070, 'relay');
    await answerer(core, '203.0.113.10', 5_060, 'server');
    expect(await whoAnswers()).toBe('relay');
    await openStraightPath(box.commands);
    expect(await whoAnswers()).toBe('server');
  });

  it('leads SIP over TCP through the relay likewise, and straight afterwards', async () => {
    await installSite();
    await accepter(box, '192.168.10.1', 5_070, 'relay');
    await accepter(core, '203.0.113.10', 5_060, 'server');
    expect(await whoAccepts()).toBe('relay');
    await openStraightPath(box.commands);
    expect(await whoAccepts()).toBe('server');
  });

  it('twice is the same as once', async () => {
    await installSite();
    await openStraightPath(box.commands);
    await openStraightPath(box.commands);
    await answerer(core, '203.0.113.10', 5_060, 'server');
    expect(await whoAnswers()).toBe('server');
  });

  it('where nothing of ours is installed is a fault', async () => {
    await expect(openStraightPath(box.commands)).rejects.toMatchObject({
      code: 'network.refused',
      context: { error: 'No such file or directory' },
    });
  });
});
