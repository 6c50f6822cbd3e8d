import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCounts } from '../../../agent/edge/kernel-media.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { copyPlan } from '../../../agent/plans/media-plan.ts';
import { nftPlan } from '../../../agent/plans/nft-plan.ts';
import { rulePlan, tablePlan } from '../../../agent/plans/route-plan.ts';
import { createIp } from '../../../firmware-ts/net/ip.ts';
import { createNft, type Nft } from '../../../firmware-ts/net/nft.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const PLANE: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    {
      ...{ name: 'main', number: 1, interface: 'wan1', gateway: '198.51.100.1' },
      ...{ upKbps: 1_000, downKbps: 1_000, probePort: 8_620 },
    },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [[16_384, 16_482]],
  sipServers: [{ address: '203.0.113.10', port: 5_060, relayPort: 5_070 }],
  channels: 2,
  brokerPort: 1_883,
};

/** Somebody who tells what comes to a port, from where, and says it back where he is told to. */
const EAR = `
const [address, port, back] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (bytes, from) => {
  console.log(port + ' ' + from.address + ':' + from.port + ' ' + bytes.toString('hex'));
  if (back) socket.send(Buffer.concat([bytes, bytes]), from.port, from.address);
});
socket.bind(Number(port), address, () => console.log('ready'));
`;

/** A phone that says things from one port, one after the other, and waits a moment for what comes back. */
const PHONE = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (bytes) => console.log(bytes.toString('hex')));
socket.bind(16385, '192.168.10.10', () => {
  for (const said of process.argv.slice(1)) socket.send(Buffer.from(said, 'hex'), 16401, '203.0.113.10');
  setTimeout(() => process.exit(), 700);
});
`;

const RTCP = '81c90007112233440a0b0c0d000000000000000100000002000000030000000400000005';
const RTP = '80080001000000a011223344d5d5d5d5';

let box: Namespace;
let phone: Namespace;
let core: Namespace;
let nft: Nft;
const ears: { readonly heard: string[]; end(): Promise<void> }[] = [];

async function shell({ commands }: Namespace, script: string): Promise<void> {
  expect(await commands.run('sh', ['-e'], script)).toMatchObject({ status: 0 });
}

async function ear({ prefix }: Namespace, ...words: readonly string[]): Promise<readonly string[]> {
  const [enter = '', ...args] = prefix;
  const child = spawn(enter, [...args, process.execPath, '-e', EAR, ...words]);
  const heard: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => heard.push(...text.split('\n').filter((line) => line)));
  await once(child.stdout, 'data');
  ears.push({
    heard,
    async end() {
      child.kill();
      await once(child, 'exit');
    },
  });
  return heard;
}

const speak = async (...said: readonly string[]): Promise<readonly string[]> =>
  (await phone.commands.run(process.execPath, ['-e', PHONE, ...said])).stdout.split('\n').filter((line) => line);

beforeAll(async () => {
  [box, phone, core] = await Promise.all([createNamespace(), createNamespace(), createNamespace()]);
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
  nft = createNft(box.commands, systemClock());
  const ip = createIp(box.commands);
  for (const { table, routes } of tablePlan(PLANE)) await ip.routes(table, routes);
  await ip.rules(101, 199, rulePlan(PLANE));
  await nft.install(nftPlan(PLANE, { voice: 'main', data: 'main' }));
  await nft.ask(copyPlan(PLANE, { phone: 7_001, network: 7_002 }));
});

afterAll(async () => {
  for (const one of ears) await one.end();
  nft.close();
  for (const space of [box, phone, core]) space.close();
});

describe('SIP quality, Q-3: RTCP is copied on its way and RTP is counted, on a real kernel', () => {
  it('every packet passes as it came; copies bear the name of the phone, whoever spoke; RTP is not copied', async () => {
    const far = await ear(core, '203.0.113.10', '16401', 'back');
    const up = await ear(box, '127.0.0.1', '7001');
    const down = await ear(box, '127.0.0.1', '7002');
    const back = await speak(RTCP, RTP);
    expect(back.toSorted()).toEqual([RTCP + RTCP, RTP + RTP].toSorted());
    expect(far.slice(1).map((line) => line.split(' ')[2])).toEqual([RTCP, RTP]);
    expect(up.slice(1)).toEqual([`7001 192.168.10.10:16385 ${RTCP}`]);
    expect(down.slice(1)).toEqual([`7002 192.168.10.10:16385 ${RTCP}${RTCP}`]);
    const sent = readCounts(await nft.ask('list set inet relais rtp-sent'));
    const heard = readCounts(await nft.ask('list set inet relais rtp-heard'));
    expect(sent).toEqual(new Map([['192.168.10.10:16385', { packets: 1, octets: 28 + RTP.length / 2 }]]));
    expect(heard).toEqual(new Map([['192.168.10.10:16385', { packets: 1, octets: 28 + RTP.length }]]));
  });

  it('when the agent is dead the packets pass, and no ICMP tells the phone of the copies', async () => {
    for (const one of ears.splice(1)) await one.end();
    expect(await speak(RTCP)).toEqual([RTCP + RTCP]);
    const { stdout } = await phone.commands.run('cat', ['/proc/net/snmp']);
    const [names = [], values = []] = [...stdout.matchAll(/^Icmp: (.*)$/gm)].map(
      ([, words]) => words?.split(' ') ?? [],
    );
    expect(values[names.indexOf('InDestUnreachs')]).toBe('0');
  });
});
