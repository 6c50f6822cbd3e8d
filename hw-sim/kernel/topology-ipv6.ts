import { run, runIn } from './namespaces.ts';

/** IPv6 of the kernel site (addresses of RFC 3849): what the order says of it, and where a phone and the operator are. */
export const IPV6 = {
  phone: '2001:db8:1:10::10',
  operator: '2001:db8:ffff::10',
  order: {
    lans: { voice: '2001:db8:1:10::/64', data: '2001:db8:1:20::/64' },
    links: [
      { link: 'main', router: '2001:db8:a::1', address: '2001:db8:a::2/64', prefix: '2001:db8:1::/56' },
      { link: 'second', router: 'point-to-point', address: '2001:db8:b::2/64', prefix: '2001:db8:2::/56' },
    ],
    voiceNetworks: ['2001:db8:ffff::/48'],
  },
} as const;

const LINES = [
  { device: 'acc1', own: '2001:db8:a::1/64', prefix: '2001:db8:1::/56', all: '2001:db8:1::/56, 2001:db8:a::/64' },
  { device: 'acc2', own: '2001:db8:b::1/64', prefix: '2001:db8:2::/56', all: '2001:db8:2::/56, 2001:db8:b::/64' },
] as const;

/**
 * IPv6 at the operator and at a phone of a site that stands (topology.ts, which turns it off everywhere); each provider
 * routes its prefix to the site, and refuses and counts what has another. The box gets nothing: that is the agent's work.
 */
export async function dressIpv6(): Promise<void> {
  for (const namespace of ['core', 'phones'])
    await runIn(namespace, ['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=0', 'net.ipv6.conf.default.accept_dad=0']);
  await runIn('core', ['sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1']);
  const core = [
    `address replace ${IPV6.operator}/128 dev lo`,
    ...LINES.flatMap(({ device, own, prefix }) => [
      `address replace ${own} dev ${device}`,
      `route replace ${prefix} dev ${device}`,
    ]),
  ];
  await runIn('core', ['ip', '-6', '-batch', '-'], `${core.join('\n')}\n`);
  const rules = LINES.map(
    ({ device, all }) =>
      `add rule inet operator edge iifname "${device}" ip6 saddr != { ${all}, fe80::/10, :: } counter name spoofed_${device} drop`,
  );
  await runIn('core', ['nft', '-f', '-'], `${rules.join('\n')}\n`);
  await run(['ip', '-n', 'phones', '-6', 'address', 'replace', `${IPV6.phone}/64`, 'dev', 'eth0', 'nodad']);
  await run(['ip', '-n', 'phones', '-6', 'route', 'replace', 'default', 'via', '2001:db8:1:10::1']);
}
