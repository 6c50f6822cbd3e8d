import { firstHostOf, holdsAddress, isHostOf, networkOf, numberOf, overlap } from './ipv4-networks.ts';
import type { DhcpPool, ManagedServices } from './managed-services.ts';

/** What of a site the managed services must not touch, plainly. */
export type ServiceSurroundings = {
  readonly dataLan: string;
  readonly voiceLan: string;
  /** The order says nothing of LAN addressing: the box knows no address to which it could go back. */
  readonly fixedLan?: boolean;
  readonly links: readonly {
    readonly name: string;
    readonly carriesData: boolean;
    readonly gateway?: string | undefined;
  }[];
  /** The operator's voice networks, its broker, reflector and SIP servers, as far as they are known by address. */
  readonly operator: readonly string[];
  /** Ports of the box itself that must hear what comes in: relay, upstream side of the relay, probes; and RTP of phones. */
  readonly ownPorts: readonly { readonly protocol: 'tcp' | 'udp'; readonly first: number; readonly last: number }[];
};

/** `field` as in the configuration: `redirections.2.to.address`. */
export type ServiceProblem = { readonly field: string; readonly remedy: string };

type Say = (field: string, remedy: string) => void;

/**
 * Contradictions of a configuration with itself and with its site (M-1). What a site cannot know, such as the address that
 * a provider gives to a link, is not found here: for that there is the trial (agent/machines/commit-confirm.ts).
 */
export function judgeServices(services: ManagedServices, around: ServiceSurroundings): readonly ServiceProblem[] {
  const problems: ServiceProblem[] = [];
  const say: Say = (field, remedy) => problems.push({ field, remedy });
  const lan = dataLanOf(services, around);
  judgeLan(services, around, say);
  judgeRedirections(services, { around, lan }, say);
  services.dmz.forEach((one, index) => {
    judgeLink(`dmz.${index}.link`, one.link, around, say);
    judgeHost(`dmz.${index}.address`, one.address, { services, around, lan }, say);
  });
  judgePublic(services, { around, lan }, say);
  judgePool('dhcp.data', services.dhcp.data, { network: lan, box: services.lan?.address ?? firstHostOf(lan) }, say);
  const voice = { network: around.voiceLan, box: firstHostOf(around.voiceLan) };
  judgePool('dhcp.voice', services.dhcp.voice, voice, say);
  judgeRules(services, around, say);
  judgeNames(services, say);
  return problems;
}

/** The network of the data LAN as it is once these services are in force. */
export const dataLanOf = (
  { lan }: Pick<ManagedServices, 'lan'>,
  { dataLan }: Pick<ServiceSurroundings, 'dataLan'>,
): string => (lan === undefined ? dataLan : networkOf(lan.address, lan.prefix));

function judgeLan({ lan }: ManagedServices, around: ServiceSurroundings, say: Say): void {
  if (lan === undefined) return;
  if (around.fixedLan === true) say('lan', 'order `services.lan` for this site first; until then its address is fixed');
  const network = networkOf(lan.address, lan.prefix);
  if (!isHostOf(network, lan.address)) say('lan.address', `an address of a host in ${network}`);
  if (overlap(network, around.voiceLan)) say('lan.address', `outside the voice LAN ${around.voiceLan}`);
  const taken = around.operator.find((one) => overlap(network, one));
  if (taken !== undefined) say('lan.address', `a network that does not hold ${taken} of the operator`);
  const gateway = around.links.find((one) => one.gateway !== undefined && holdsAddress(network, one.gateway));
  if (gateway !== undefined)
    say('lan.address', `a network without the gateway ${gateway.gateway} of link ${gateway.name}`);
  if (isSpecial(lan.address)) say('lan.address', 'an ordinary address: no loopback, multicast or link-local one');
}

const isSpecial = (address: string): boolean =>
  ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].some((network) => holdsAddress(network, address));

type Site = { readonly services: ManagedServices; readonly around: ServiceSurroundings; readonly lan: string };

/** A host that traffic is led to: of the data LAN, and neither the box nor anybody of the voice LAN. */
function judgeHost(field: string, address: string, { services, around, lan }: Site, say: Say): void {
  if (holdsAddress(around.voiceLan, address))
    return say(field, 'a host of the data LAN; the voice LAN is always closed');
  if (!isHostOf(lan, address) || !holdsAddress(lan, address)) return say(field, `a host of the data LAN ${lan}`);
  if (address === (services.lan?.address ?? firstHostOf(lan))) say(field, 'another host than the box itself');
}

function judgeLink(field: string, link: string | undefined, { links }: ServiceSurroundings, say: Say): void {
  if (link === undefined) return;
  const found = links.find(({ name }) => name === link);
  if (found === undefined) return say(field, `one of the links ${links.map(({ name }) => name).join(', ')}`);
  if (!found.carriesData) say(field, `a link that carries data; ${link} is for voice alone`);
}

function judgeRedirections(services: ManagedServices, site: Omit<Site, 'services'>, say: Say): void {
  services.redirections.forEach((one, index) => {
    const field = `redirections.${index}`;
    const { first, last } = one.ports;
    judgeLink(`${field}.link`, one.link, site.around, say);
    judgeHost(`${field}.to.address`, one.to.address, { services, ...site }, say);
    if (first !== last && one.to.port !== first)
      say(`${field}.to.port`, `${first}: the ports of a range keep their numbers`);
    const own = site.around.ownPorts.find(
      (range) => range.protocol === one.protocol && first <= range.last && range.first <= last,
    );
    if (own !== undefined)
      say(
        `${field}.ports`,
        `other ports than ${own.first}-${own.last}/${own.protocol}, which the box needs for voice and probes`,
      );
    const double = services.redirections.findIndex(
      (other, at) =>
        at < index &&
        other.protocol === one.protocol &&
        (other.link === undefined || one.link === undefined || other.link === one.link) &&
        (other.from === undefined || one.from === undefined || overlap(other.from, one.from)) &&
        other.ports.first <= last &&
        first <= other.ports.last,
    );
    if (double !== -1) say(`${field}.ports`, `ports that redirection ${double + 1} does not have`);
  });
}

function judgePublic(services: ManagedServices, { around, lan }: Omit<Site, 'services'>, say: Say): void {
  services.publicAddresses.forEach(({ link, address, host }, index) => {
    const field = `publicAddresses.${index}`;
    judgeLink(`${field}.link`, link, around, say);
    judgeHost(`${field}.host`, host, { services, around, lan }, say);
    if ([lan, around.voiceLan].some((network) => holdsAddress(network, address)))
      say(`${field}.address`, 'an address outside the LANs');
    const taken = around.operator.find((network) => holdsAddress(network, address));
    if (taken !== undefined) say(`${field}.address`, `an address of the site's own; ${taken} is the operator's`);
    if (around.links.some(({ gateway }) => gateway === address)) say(`${field}.address`, 'not the gateway of a link');
    if (isSpecial(address)) say(`${field}.address`, 'an ordinary address');
    const before = services.publicAddresses.slice(0, index);
    if (before.some((other) => other.address === address)) say(`${field}.address`, 'each address once');
    if (before.some((other) => other.host === host && other.link === link))
      say(`${field}.host`, 'each host once a link');
  });
}

function judgePool(
  field: string,
  pool: DhcpPool | undefined,
  place: { readonly network: string; readonly box: string },
  say: Say,
): void {
  if (pool === undefined) return;
  const { network, box } = place;
  for (const end of ['first', 'last'] as const)
    if (!holdsAddress(network, pool[end]) || !isHostOf(network, pool[end]))
      say(`${field}.${end}`, `a host of ${network}`);
  if (numberOf(pool.first) <= numberOf(box) && numberOf(box) <= numberOf(pool.last))
    say(`${field}.first`, `a range without the box's own address ${box}`);
  pool.reservations.forEach(({ mac, address }, index) => {
    const at = `${field}.reservations.${index}`;
    if (!holdsAddress(network, address) || !isHostOf(network, address)) say(`${at}.address`, `a host of ${network}`);
    if (address === box) say(`${at}.address`, 'another address than that of the box');
    const before = pool.reservations.slice(0, index);
    if (before.some((other) => other.address === address)) say(`${at}.address`, 'each address for one device');
    if (before.some((other) => other.mac === mac)) say(`${at}.mac`, 'each device once');
  });
}

function judgeRules(
  { outward, inward, publicAddresses }: ManagedServices,
  around: ServiceSurroundings,
  say: Say,
): void {
  for (const [way, rules] of [
    ['outward', outward],
    ['inward', inward],
  ] as const) {
    rules.forEach((rule, index) => {
      if (rule.to !== undefined && overlap(rule.to, around.voiceLan) && !rule.to.endsWith('/0'))
        say(`${way}.${index}.to`, 'somewhere else than the voice LAN, which is always closed');
    });
  }
  if (inward.some(({ target }) => target === 'accept') && publicAddresses.length === 0)
    say('inward.0.target', 'a public address first: without one nothing comes in by these rules');
}

function judgeNames({ dns, dhcp }: ManagedServices, say: Say): void {
  if (!dns.relay && dns.filter !== 'off')
    say('dns.relay', 'true: names can be filtered only where the box answers for them');
  if (dns.relay && dns.servers.length === 0) say('dns.servers', 'at least one server that the box may ask');
  if (!dns.relay && dhcp.data !== undefined && dhcp.data.dnsServers.length === 0)
    say('dhcp.data.dnsServers', 'a server for names, or the relay of the box turned on');
}
