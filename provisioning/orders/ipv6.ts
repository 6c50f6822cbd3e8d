import { holdsIpv6, lengthOf, overlapIpv6, subnetOf } from '../../agent/model/ipv6-networks.ts';
import type { Ipv6Rules } from '../../agent/model/ipv6-rules.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

/** IPv6 that can't work is refused with what is wrong, and not found out by a host that has an address and no way. */
export function ipv6Problems(order: Order): readonly Problem[] {
  const { ipv6 } = order;
  if (ipv6 === undefined) return [];
  return [...lanProblems(ipv6), ...linkProblems(order, ipv6), ...serverProblems(order, ipv6)];
}

/** F-1, Q-2: the LANs are two networks, and none of the operator's. */
function lanProblems({ lans, voiceNetworks }: Ipv6Rules): readonly Problem[] {
  const problems: Problem[] = [];
  if (overlapIpv6(lans.voice, lans.data)) {
    const remedy = `is the network of the voice LAN too; give each LAN 64 bits of its own`;
    problems.push({ field: 'ipv6.lans.data', value: lans.data, remedy });
  }
  for (const [index, network] of voiceNetworks.entries()) {
    if (![lans.voice, lans.data].some((lan) => overlapIpv6(lan, network))) continue;
    const remedy =
      'overlaps a LAN of the site: all of its data would be voice (Q-2); name the operator’s networks alone';
    problems.push({ field: `ipv6.voiceNetworks[${index}]`, value: network, remedy });
  }
  return problems;
}

/** Two LANs need two networks of 64 bits in what a provider gives. */
const LONGEST_PREFIX = 63;
/** RFC 4193. */
const UNIQUE_LOCAL = 'fc00::/7';

function linkProblems(order: Order, { lans, links }: Ipv6Rules): readonly Problem[] {
  return links.flatMap(({ link, router, address, prefix }, index) => {
    const field = (name: string): string => `ipv6.links[${index}].${name}`;
    const problems: Problem[] = [];
    const named = order.links.map(({ name }) => name);
    if (!named.includes(link)) {
      problems.push({ field: field('link'), value: link, remedy: `name one of the links: ${named.join(', ')}` });
    }
    if (links.findIndex((other) => other.link === link) !== index) {
      problems.push({ field: field('link'), value: link, remedy: 'each link occurs once' });
    }
    if (
      router !== 'advertised' &&
      router !== 'point-to-point' &&
      address === undefined &&
      !holdsIpv6('fe80::/10', router)
    ) {
      const remedy =
        'the box needs an address to reach this router; give "address", or the router’s link-local address';
      problems.push({ field: field('router'), value: router, remedy });
    }
    return [...problems, ...prefixProblems(lans, prefix, field('prefix'))];
  });
}

function prefixProblems(lans: Ipv6Rules['lans'], prefix: string | undefined, field: string): readonly Problem[] {
  const all = [lans.voice, lans.data];
  if (prefix === undefined) {
    // Without a prefix the link carries LANs with the address of the box, whatever they are.
    return [];
  }
  if (lengthOf(prefix) > LONGEST_PREFIX) {
    const remedy = `two LANs need ${LONGEST_PREFIX} bits or fewer; leave it out, and they leave with the address of the box`;
    return [{ field, value: prefix, remedy }];
  }
  if (holdsIpv6(UNIQUE_LOCAL, prefix)) {
    return [
      { field, value: prefix, remedy: 'nobody routes unique local addresses (RFC 4193); write what the provider gave' },
    ];
  }
  const foreign = all.filter((lan) => !holdsIpv6(prefix, lan));
  const inUse = all.flatMap((lan, index) => (foreign.includes(lan) ? [subnetOf(prefix, index)] : []));
  const clash = inUse.find((network) => all.some((lan) => overlapIpv6(lan, network)));
  if (clash === undefined) return [];
  const remedy = `one LAN lies in it and the other would be translated to ${clash}, which is the first one’s; take both or none from it`;
  return [{ field, value: prefix, remedy }];
}

function serverProblems(order: Order, { sipServers, voiceNetworks }: Ipv6Rules): readonly Problem[] {
  const names = order.voice.sipServers.map(({ name }) => name);
  return sipServers.flatMap(({ name, address }, index) => {
    const problems: Problem[] = [];
    if ([...names, ...sipServers.slice(0, index).map((one) => one.name)].includes(name)) {
      const remedy = 'already the name of a SIP server of the site; each name occurs once';
      problems.push({ field: `ipv6.sipServers[${index}].name`, value: name, remedy });
    }
    if (!voiceNetworks.some((network) => holdsIpv6(network, address))) {
      const remedy = 'lies in none of ipv6.voiceNetworks, so it would not be treated as voice (Q-2); add its network';
      problems.push({ field: `ipv6.sipServers[${index}].address`, value: address, remedy });
    }
    return problems;
  });
}
