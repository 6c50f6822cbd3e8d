import { Fault } from '../../agent/model/fault.ts';
import type { Commands } from '../wires/commands.ts';

/** What the data plane may want of a kernel, and a shell command that succeeds where it is there. */
const PROBES = {
  'qdisc htb': 'tc qdisc add dev lo root htb',
  'qdisc tbf': 'tc qdisc add dev lo root tbf rate 1mbit burst 2kb limit 10kb',
  'qdisc pfifo': 'tc qdisc add dev lo root pfifo limit 10',
  'qdisc prio': 'tc qdisc add dev lo root prio',
  'qdisc fq_codel': 'tc qdisc add dev lo root fq_codel',
  'qdisc cake': 'tc qdisc add dev lo root cake',
  'qdisc netem': 'tc qdisc add dev lo root netem delay 1ms',
  'qdisc ingress': 'tc qdisc add dev lo ingress',
  'filter fw': 'tc qdisc add dev lo root handle 1: htb && tc filter add dev lo parent 1: handle 1 fw classid 1:1',
  'filter u32':
    'tc qdisc add dev lo root handle 1: htb && tc filter add dev lo parent 1: u32 match u32 0 0 classid 1:1',
  'action mirred':
    'tc qdisc add dev lo root handle 1: htb && tc filter add dev lo parent 1: u32 match u32 0 0 action mirred egress redirect dev lo',
  'link ifb': 'ip link add probe0 type ifb',
  'link veth': 'ip link add probe0 type veth peer name probe1',
  'link dummy': 'ip link add probe0 type dummy',
  'link tun': 'ip tuntap add dev probe0 mode tun',
  'nft map': nft('map m { type mark : mark; }'),
  'nft timeout set': nft('set s { type mark; flags dynamic,timeout; }'),
  'nft ct zone': nft('chain c { type filter hook prerouting priority raw; ct zone set 1; }'),
  'nft priority': nft('chain c { type filter hook postrouting priority mangle; meta priority set "1:10"; }'),
  'nft masquerade': nft('chain c { type nat hook postrouting priority srcnat; masquerade; }'),
  'nft redirect': nft('chain c { type nat hook prerouting priority dstnat; udp dport 5060 redirect to :5070; }'),
  'nft tproxy': nft('chain c { type filter hook prerouting priority mangle; meta l4proto udp tproxy ip to :5070; }'),
  'nft queue': nft('chain c { type filter hook forward priority filter; queue num 1; }'),
  'nft flowtable': nft('flowtable f { hook ingress priority 0; devices = { lo }; }'),
  'nft inward': `ip link add probe0 type ifb && ip link set probe0 up && nft 'table netdev probe {
  chain in { type filter hook ingress device lo priority 0; th sport . th dport { 1 . 1 } meta priority set "1:10"; fwd to "probe0"; }
  chain out { type filter hook egress device lo priority 0; }
}'`,
  'nft quota': nft('chain c { type filter hook forward priority filter; quota over 1 mbytes drop; }'),
} as const;

type Feature = keyof typeof PROBES;

/**
 * Which of the features the kernel has: each is really used once, in a network namespace that is thrown away afterwards.
 * @throws Fault 'network.unavailable' when no namespace may be made.
 */
export async function kernelFeatures(
  commands: Commands,
  names: readonly Feature[] = Object.keys(PROBES) as Feature[],
): Promise<ReadonlySet<Feature>> {
  const script = names.map(probe).join('\n');
  const { status, stdout, stderr } = await commands.run('unshare', ['--net', 'sh', '-s'], script);
  if (status !== 0) throw new Fault('network.unavailable', { program: 'unshare', error: stderr.trim() });
  const there = stdout.split('\n');
  return new Set(names.filter((name) => there.includes(name)));
}

/** One probe, and everything of it gone again before the next. */
const probe = (name: Feature): string => `
if { ${PROBES[name]}; } >/dev/null 2>&1; then echo '${name}'; fi
{ tc qdisc del dev lo root; tc qdisc del dev lo ingress; ip link del probe0; nft flush ruleset; } >/dev/null 2>&1 || :`;

function nft(statement: string): string {
  return `nft 'table inet probe { ${statement}; }'`;
}
