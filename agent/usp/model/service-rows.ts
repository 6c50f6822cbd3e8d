import { maskOf } from '../../model/ipv4-networks.ts';
import type { ServiceSurroundings } from '../../model/judge-services.ts';
import type { DhcpPool, ManagedServices, PortRule } from '../../model/managed-services.ts';
import type { Values } from './object-type.ts';

export type ServiceRows = Readonly<Record<string, Values>>;

/** Interfaces of the model: the links in their order, then the data LAN, then the voice LAN. */
export const interfaceOfLink = ({ links }: ServiceSurroundings, name: string): string =>
  `Device.IP.Interface.${links.findIndex((link) => link.name === name) + 1}`;
export const dataInterface = ({ links }: Pick<ServiceSurroundings, 'links'>): string =>
  `Device.IP.Interface.${links.length + 1}`;
export const voiceInterface = ({ links }: Pick<ServiceSurroundings, 'links'>): string =>
  `Device.IP.Interface.${links.length + 2}`;

type Placed = readonly [path: string, values: Values];
const text = (value: number | undefined, absent = 0): string => `${value ?? absent}`;
const alias = (index: number): Values => ({ Enable: 'true', Alias: `cpe-${index + 1}` });

/** The services as objects of TR-181: how the standard configuration looks before a controller has changed anything. */
export function rowsOfServices(services: ManagedServices, around: ServiceSurroundings): ServiceRows {
  const interfaceOf = (link: string | undefined): Values => ({
    Interface: link === undefined ? '' : interfaceOfLink(around, link),
  });
  const { dns, dhcp } = services;
  return Object.fromEntries<Values>([
    ...services.redirections.map(
      (one, index): Placed => [
        `Device.NAT.PortMapping.${index + 1}.`,
        {
          ...{ ...alias(index), ...interfaceOf(one.link), AllInterfaces: `${one.link === undefined}` },
          ...{ RemoteHost: one.from ?? '', ExternalPort: text(one.ports.first) },
          ExternalPortEndRange: text(one.ports.first === one.ports.last ? 0 : one.ports.last),
          ...{ InternalPort: text(one.to.port), Protocol: one.protocol.toUpperCase() },
          ...{ InternalClient: one.to.address, Description: one.description ?? '' },
        },
      ],
    ),
    ...services.dmz.map(
      (one, index): Placed => [
        `Device.Firewall.DMZ.${index + 1}.`,
        {
          ...{ ...alias(index), ...interfaceOf(one.link), DestIP: one.address },
          ...{ SourcePrefix: one.from ?? '', Description: one.description ?? '' },
        },
      ],
    ),
    ...[services.outward, services.inward].flatMap((rules, way) =>
      rules.map((rule, index) => ruleRow(rule, index, way)),
    ),
    ...addressRows(services, around),
    ['Device.DHCPv4.Server.', { Enable: `${dhcp.data !== undefined || dhcp.voice !== undefined}` }],
    ...poolRows(dhcp.data, 1),
    ...poolRows(dhcp.voice, 2),
    ['Device.DNS.Relay.', { Enable: `${dns.relay}` }],
    ...dns.servers.map(
      (server, index): Placed => [`Device.DNS.Relay.Forwarding.${index + 1}.`, { ...alias(index), DNSServer: server }],
    ),
    ['Device.DNS.X_RELAIS_Filter.', { Mode: `${dns.filter.charAt(0).toUpperCase()}${dns.filter.slice(1)}` }],
    ...dns.domains.map(
      (name, index): Placed => [`Device.DNS.X_RELAIS_Filter.Domain.${index + 1}.`, { ...alias(index), Name: name }],
    ),
  ]);
}

const targetWord = { accept: 'Accept', drop: 'Drop', reject: 'Reject' } as const;

function ruleRow(rule: PortRule, index: number, way: number): Placed {
  const { target, protocol, from = '', to = '', ports, description = '' } = rule;
  return [
    `Device.Firewall.Chain.${way + 1}.Rule.${index + 1}.`,
    {
      ...{ ...alias(index), Order: text(index + 1), Target: targetWord[target], Description: description },
      ...{ DestIP: '', DestMask: to, SourceIP: '', SourceMask: from, Protocol: text(protocol, -1) },
      DestPort: text(ports?.first, -1),
      DestPortRangeMax: text(ports === undefined || ports.first === ports.last ? -1 : ports.last),
    },
  ];
}

function addressRows({ lan, publicAddresses }: ManagedServices, around: ServiceSurroundings): readonly Placed[] {
  const numbers = new Map<string, number>();
  const publics = publicAddresses.map(({ link, address, host }): Placed => {
    const table = interfaceOfLink(around, link);
    const number = (numbers.get(table) ?? 0) + 1;
    numbers.set(table, number);
    const values = { ...alias(number - 1), IPAddress: address, SubnetMask: maskOf(32), X_RELAIS_Host: host };
    return [`${table}.IPv4Address.${number}.`, values];
  });
  if (lan === undefined) return publics;
  const values = { ...alias(0), IPAddress: lan.address, SubnetMask: maskOf(lan.prefix), X_RELAIS_Host: '' };
  return [...publics, [`${dataInterface(around)}.IPv4Address.1.`, values]];
}

function poolRows(pool: DhcpPool | undefined, number: number): readonly Placed[] {
  const path = `Device.DHCPv4.Server.Pool.${number}.`;
  const values = {
    ...{ Enable: `${pool !== undefined}`, Alias: number === 1 ? 'cpe-data' : 'cpe-voice', Order: `${number}` },
    ...{ MinAddress: pool?.first ?? '', MaxAddress: pool?.last ?? '', LeaseTime: text(pool?.leaseSeconds, 86_400) },
    ...{ DNSServers: (pool?.dnsServers ?? []).join(','), DomainName: pool?.domain ?? '' },
  };
  const reserved = (pool?.reservations ?? []).map(
    ({ mac, address }, index): Placed => [
      `${path}StaticAddress.${index + 1}.`,
      { ...alias(index), Chaddr: mac, Yiaddr: address },
    ],
  );
  return [[path, values], ...reserved];
}
