import { setTimeout as pause } from 'node:timers/promises';
import { wireKbps } from '../../../agent/plans/link-layer.ts';
import { run, runIn } from '../../kernel/namespaces.ts';

/** Namespaces of the bench: a voice LAN, a data LAN, the box, the line between two routers' feet, and the operator. */
const NAMESPACES = ['phones', 'office', 'gw', 'line', 'core'] as const;
const CABLES = [
  ['phones', 'eth0', '192.168.10.10/24', 'gw', 'voice0', '192.168.10.1/24'],
  ['office', 'eth0', '192.168.20.10/24', 'gw', 'data0', '192.168.20.1/24'],
  ['gw', 'wan1', '198.51.100.2/24', 'line', 'site0', '198.51.100.1/24'],
  ['line', 'far0', '192.0.2.1/24', 'core', 'eth0', '192.0.2.2/24'],
] as const;
export const OPERATOR = '203.0.113.10';
export const INTERNET = '192.0.2.2';
export const GATEWAY = '198.51.100.1';
/** What waits in front of a slow line at the provider's: usual buffers of access equipment. */
const BUFFER_BYTES = 64_000;
/** Preamble, gap and check of Ethernet, which a queue of the kernel does not see (38 less its header of 14). */
const UNSEEN = 24;
const ETHERNET = 38;
const FULL_PACKET = 1_514;
const OFFLOADS = ['tx', 'rx', 'tso', 'gso', 'gro'].flatMap((name) => [name, 'off']);

/** Once in a sandbox. */
export async function buildPlace(): Promise<void> {
  for (const namespace of NAMESPACES) {
    await run(['ip', 'netns', 'add', namespace]);
    await run(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
  }
  for (const [left, device, address, right, farDevice, farAddress] of CABLES) {
    await run(['ip', '-n', left, 'link', 'add', device, 'type', 'veth', 'peer', 'name', farDevice, 'netns', right]);
    for (const [namespace, name, own] of [
      [left, device, address],
      [right, farDevice, farAddress],
    ] as const) {
      // Between two veths 64 kB would pass a queue in one piece.
      await runIn(namespace, ['ethtool', '-K', name, ...OFFLOADS]).catch(() => undefined);
      await run(['ip', '-n', namespace, 'address', 'add', own, 'dev', name]);
      await run(['ip', '-n', namespace, 'link', 'set', name, 'up']);
    }
  }
  // As most of the Internet sends; BBR, which takes no loss for a sign, is the usual of some machines.
  for (const sender of ['office', 'core'])
    await runIn(sender, ['sysctl', '-qw', 'net.ipv4.tcp_congestion_control=cubic']).catch(() =>
      runIn(sender, ['sysctl', '-qw', 'net.ipv4.tcp_congestion_control=reno']),
    );
  for (const router of ['gw', 'line']) await runIn(router, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  await run(['ip', '-n', 'core', 'address', 'add', `${OPERATOR}/32`, 'dev', 'lo']);
  await run(['ip', '-n', 'core', 'route', 'add', 'default', 'via', '192.0.2.1']);
  await run(['ip', '-n', 'line', 'route', 'add', `${OPERATOR}/32`, 'via', INTERNET]);
  await run(['ip', '-n', 'phones', 'route', 'add', 'default', 'via', '192.168.10.1']);
  await run(['ip', '-n', 'office', 'route', 'add', 'default', 'via', '192.168.20.1']);
}

/**
 * The line at that rate (kbit/s at layer 3, both ways): one queue each way, first in first out, as providers have it. netem,
 * where the kernel has it, holds each packet for its time on the wire; it counts packets, as many as `BUFFER_BYTES` has of
 * full ones. A tbf lets each one go as soon as the wire is free. `change`: what waits there stays.
 */
export async function setLine(kbps: number, how: 'waits' | 'holds' | 'change' = 'waits'): Promise<void> {
  const rate = Math.floor(wireKbps(kbps, 'fibre'));
  for (const device of ['site0', 'far0']) {
    if (how !== 'change') await runIn('line', ['tc', 'qdisc', 'del', 'dev', device, 'root']).catch(() => undefined);
    if (how === 'holds') {
      const words = ['rate', `${rate}kbit`, `${UNSEEN}`, 'limit', `${Math.floor(BUFFER_BYTES / FULL_PACKET)}`];
      await runIn('line', ['tc', 'qdisc', 'add', 'dev', device, 'root', 'netem', ...words]);
      continue;
    }
    const words = ['rate', `${rate}kbit`, 'burst', '1600', 'limit', `${BUFFER_BYTES}`, 'overhead', `${UNSEEN}`];
    const verb = how === 'change' ? 'change' : 'add';
    await runIn('line', ['tc', 'qdisc', verb, 'dev', device, 'root', 'tbf', ...words]);
  }
}

/** How much of the line is used over so many seconds, 0 to 1, up and down. */
export async function lineUse(kbps: number, seconds: number): Promise<{ readonly up: number; readonly down: number }> {
  const before = await Promise.all([passed('far0'), passed('site0')]);
  const began = performance.now();
  await pause(seconds * 1_000);
  const after = await Promise.all([passed('far0'), passed('site0')]);
  const bits = ((performance.now() - began) * wireKbps(kbps, 'fibre')) as number;
  const [up = 0, down = 0] = after.map((one, at) => (8 * (one - (before[at] ?? 0))) / bits);
  return { up, down };
}

/** Bytes of the wire that left by a device of the line. */
async function passed(device: 'site0' | 'far0'): Promise<number> {
  const text = await runIn('line', ['tc', '-s', 'qdisc', 'show', 'dev', device]);
  const [, bytes = '0', packets = '0'] = /Sent (\d+) bytes (\d+) pkt/.exec(text) ?? [];
  return Number(bytes) + Number(packets) * (ETHERNET - 14);
}
