import { setTimeout as pause } from 'node:timers/promises';
import { run, runIn } from '../../kernel/namespaces.ts';
import { grantAddresses, spoofedPackets } from '../../kernel/topology.ts';
import { quantiles } from './heard.ts';
import type { FailoverStage } from './stage.ts';

/** The main line's addresses, in turn; its far end is the same. */
const ADDRESSES = ['198.51.100.3/29', '198.51.100.2/29'] as const;
const WATCH_MS = 2_500;

/** What was sent before the old address went has arrived. */
const ON_THE_WAY_MS = 200;

/**
 * The main line gets another address while somebody talks, as a client of DHCP puts it there: the new one, then the old one
 * away. What leaves the box behind all of its rules with an address that its link has not is counted, and what the operator
 * refuses once it takes the new one alone. The lines of the bench carry no Ethernet, so nobody asks for the address.
 */
export async function renewals(stage: FailoverStage, count: number) {
  const found = [];
  await countForeign();
  // As Debian comes up (systemd, sysctl.d/50-default.conf): the new address of a network stays when the first one goes.
  await runIn('gw', ['sysctl', '-qw', 'net.ipv4.conf.all.promote_secondaries=1']);
  let old = '198.51.100.2/30';
  for (let times = 0; times < count; times += 1) {
    await stage.untilOn('main', 60_000);
    await pause(500);
    const next = ADDRESSES[times % 2] ?? ADDRESSES[0];
    await stage.mark();
    const before = await foreignPackets();
    await run(['ip', '-n', 'core', 'route', 'replace', withoutPrefix(next), 'dev', 'acc1']);
    await grantAddresses('acc1', [old, next].map(withoutPrefix));
    const words = `address add ${next} dev wan1\naddress del ${old} dev wan1\n`;
    await runIn('gw', ['ip', '-batch', '-'], words);
    await pause(ON_THE_WAY_MS);
    await grantAddresses('acc1', [withoutPrefix(next)]);
    old = next;
    await pause(WATCH_MS);
    await stage.untilOn('main', 60_000);
    await pause(300);
    const { up, down } = await stage.take();
    const after = await foreignPackets();
    const [left = 0, refused = 0] = after.map((packets, index) => packets - (before[index] ?? 0));
    found.push({ gapMs: Math.max(up.gapMs, down.gapMs), lost: up.lost + down.lost, left, refused });
  }
  return {
    renewals: count,
    gapMs: quantiles(found.map(({ gapMs }) => gapMs)),
    lost: quantiles(found.map(({ lost }) => lost)),
    /** Packets that left the box with an address that its link has not, and those that the operator refused. */
    left: found.reduce((sum, one) => sum + one.left, 0),
    refused: found.reduce((sum, one) => sum + one.refused, 0),
  };
}

const withoutPrefix = (address: string): string => address.replace(/\/.*/, '');

async function countForeign(): Promise<void> {
  const rule = 'oifname { "wan1", "wan2" } fib saddr . oif type != local counter name foreign';
  const table = `table ip leaks {\ncounter foreign { }\nchain last { type filter hook postrouting priority 400; policy accept;\n${rule}\n}\n}\n`;
  await runIn('gw', ['nft', '-f', '-'], table);
}

async function foreignPackets(): Promise<readonly [left: number, refused: number]> {
  const listed = await runIn('gw', ['nft', 'list', 'counter', 'ip', 'leaks', 'foreign']);
  const refused = Object.values(await spoofedPackets()).reduce((sum, packets) => sum + packets, 0);
  return [Number(/packets (\d+)/.exec(listed)?.[1] ?? 0), refused];
}
