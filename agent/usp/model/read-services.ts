import { prefixOf } from '../../model/ipv4-networks.ts';
import { judgeServices, type ServiceSurroundings } from '../../model/judge-services.ts';
import { type ManagedServices, ManagedServicesSchema } from '../../model/managed-services.ts';
import { type Failure, fails } from '../failure.ts';
import { byPath } from './model.ts';
import type { Values } from './object-type.ts';
import { dataInterface, type ServiceRows, voiceInterface } from './service-rows.ts';

type Row = { readonly path: string; readonly values: Values };
type Draft = { readonly value: unknown; readonly path: string };

/**
 * What the rows want. Rows that are not enabled are kept and want nothing. A value that contradicts the rest fails with the
 * row that it stands in (7012) and the remedy in words; nothing is changed then.
 */
export function readServices(
  rows: ServiceRows,
  around: ServiceSurroundings,
): { readonly services: ManagedServices } | Failure {
  const drafts = draftsOf(rows, around);
  if ('errCode' in drafts) return drafts;
  const { dhcp, dns, lan, ...lists } = drafts;
  const draft = {
    ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.map(({ value }) => value)])),
    ...(lan && { lan: lan.value }),
    dhcp: { ...(dhcp.data && { data: dhcp.data.value }), ...(dhcp.voice && { voice: dhcp.voice.value }) },
    dns,
  };
  const whereIs = (field: readonly PropertyKey[]): string => placeOf(field, drafts);
  const parsed = ManagedServicesSchema.safeParse(draft);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path ?? [];
    return fails(7012, whereIs(field), `${field.map(String).join('.')}: ${issue?.message ?? 'wrong'}`);
  }
  const [problem] = judgeServices(parsed.data, around);
  if (problem === undefined) return { services: parsed.data };
  return fails(7012, whereIs(problem.field.split('.')), `${problem.field}: ${problem.remedy}`);
}

type Drafts = {
  readonly redirections: readonly Draft[];
  readonly dmz: readonly Draft[];
  readonly publicAddresses: readonly Draft[];
  readonly outward: readonly Draft[];
  readonly inward: readonly Draft[];
  readonly lan: Draft | undefined;
  readonly dhcp: { readonly data: Draft | undefined; readonly voice: Draft | undefined };
  readonly dns: unknown;
};

function placeOf(field: readonly PropertyKey[], drafts: Drafts): string {
  const [list, index] = field.map(String);
  if (list === 'lan') return drafts.lan?.path ?? 'Device.IP.';
  if (list === 'dhcp') return index === 'voice' ? 'Device.DHCPv4.Server.Pool.2.' : 'Device.DHCPv4.Server.Pool.1.';
  if (list === 'dns') return index === 'servers' ? 'Device.DNS.Relay.' : 'Device.DNS.X_RELAIS_Filter.';
  const lists: Readonly<Record<string, readonly Draft[]>> = {
    ...{ redirections: drafts.redirections, dmz: drafts.dmz, publicAddresses: drafts.publicAddresses },
    ...{ outward: drafts.outward, inward: drafts.inward },
  };
  return lists[list ?? '']?.[Number(index)]?.path ?? 'Device.';
}

function draftsOf(rows: ServiceRows, around: ServiceSurroundings): Drafts | Failure {
  const enabled = (prefix: string): readonly Row[] =>
    Object.entries(rows)
      .filter(
        ([path, { Enable }]) =>
          path.startsWith(prefix) && /^\d+\.$/.test(path.slice(prefix.length)) && Enable === 'true',
      )
      .map(([path, values]) => ({ path, values }))
      .toSorted((one, other) => byPath(one.path, other.path));
  const linkOf = linkReader(around);
  for (const { path, values } of [...enabled('Device.NAT.PortMapping.'), ...enabled('Device.Firewall.DMZ.')])
    if (linkOf(values) === 'unknown') return fails(7012, `${path}Interface`, 'an access link in Device.IP.Interface.');
  const addresses = addressDrafts(rows, around, enabled);
  if ('errCode' in addresses) return addresses;
  const serving = rows['Device.DHCPv4.Server.']?.Enable === 'true';
  const pool = (number: number): Draft | undefined => {
    const path = `Device.DHCPv4.Server.Pool.${number}.`;
    const values = rows[path];
    if (!serving || values?.Enable !== 'true') return undefined;
    return { path, value: poolValue(values, enabled(`${path}StaticAddress.`)) };
  };
  return {
    ...addresses,
    redirections: enabled('Device.NAT.PortMapping.').map(({ path, values }) => ({
      path,
      value: redirectionValue(values, linkOf(values)),
    })),
    dmz: enabled('Device.Firewall.DMZ.').map(({ path, values }) => ({ path, value: dmzValue(values, linkOf(values)) })),
    outward: enabled('Device.Firewall.Chain.1.Rule.').toSorted(byOrder).map(ruleDraft),
    inward: enabled('Device.Firewall.Chain.2.Rule.').toSorted(byOrder).map(ruleDraft),
    dhcp: { data: pool(1), voice: pool(2) },
    dns: {
      relay: rows['Device.DNS.Relay.']?.Enable === 'true',
      servers: enabled('Device.DNS.Relay.Forwarding.').map(({ values }) => values.DNSServer),
      filter: (rows['Device.DNS.X_RELAIS_Filter.']?.Mode ?? 'Off').toLowerCase(),
      domains: enabled('Device.DNS.X_RELAIS_Filter.Domain.').map(({ values }) => values.Name?.toLowerCase()),
    },
  };
}

/** Undefined: all links. */
const linkReader =
  ({ links }: ServiceSurroundings) =>
  ({ Interface = '', AllInterfaces }: Values): string | undefined => {
    if (AllInterfaces === 'true' || Interface === '') return undefined;
    const number = /^Device\.IP\.Interface\.(\d+)\.?$/.exec(Interface)?.[1];
    return links[Number(number) - 1]?.name ?? 'unknown';
  };

type Addresses = Pick<Drafts, 'lan' | 'publicAddresses'>;

function addressDrafts(
  rows: ServiceRows,
  around: ServiceSurroundings,
  enabled: (prefix: string) => readonly Row[],
): Addresses | Failure {
  const onVoice = Object.keys(rows).find((path) => path.startsWith(`${voiceInterface(around)}.IPv4Address.`));
  if (onVoice !== undefined) return fails(7012, onVoice, "the voice LAN is not a controller's to change");
  const own = enabled(`${dataInterface(around)}.IPv4Address.`);
  const [lan, second] = own;
  if (second !== undefined) return fails(7012, second.path, 'the box has one address on the data LAN');
  const publicAddresses = around.links.flatMap(({ name }, index) =>
    enabled(`Device.IP.Interface.${index + 1}.IPv4Address.`).map(({ path, values }) => ({
      path,
      value: { link: name, address: values.IPAddress, host: values.X_RELAIS_Host },
    })),
  );
  const value = lan && { address: lan.values.IPAddress, prefix: prefixOf(lan.values.SubnetMask ?? '') ?? 0 };
  return { publicAddresses, lan: lan && { path: lan.path, value } };
}

const byOrder = (one: Row, other: Row): number => Number(one.values.Order) - Number(other.values.Order);
const some = (name: string, value: string | undefined): Readonly<Record<string, string>> =>
  value === undefined || value === '' ? {} : { [name]: value };
const network = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || text.includes('/') ? text : `${text}/32`;

function redirectionValue(values: Values, link: string | undefined): unknown {
  const first = Number(values.ExternalPort);
  const last = Number(values.ExternalPortEndRange);
  return {
    ...some('link', link),
    ...some('from', network(values.RemoteHost)),
    ...some('description', values.Description),
    protocol: (values.Protocol ?? '').toLowerCase(),
    ports: { first, last: last === 0 ? first : last },
    to: { address: values.InternalClient, port: Number(values.InternalPort) },
  };
}

const dmzValue = (values: Values, link: string | undefined): unknown => ({
  ...some('link', link),
  ...some('from', network(values.SourcePrefix)),
  ...some('description', values.Description),
  address: values.DestIP,
});

function ruleDraft({ path, values }: Row): Draft {
  const protocol = Number(values.Protocol);
  const first = Number(values.DestPort);
  const last = Number(values.DestPortRangeMax);
  const value = {
    target: (values.Target ?? '').toLowerCase(),
    ...some('from', values.SourceMask === '' ? network(values.SourceIP) : values.SourceMask),
    ...some('to', values.DestMask === '' ? network(values.DestIP) : values.DestMask),
    ...some('description', values.Description),
    ...(protocol === -1 ? {} : { protocol }),
    ...(first === -1 ? {} : { ports: { first, last: last === -1 ? first : last } }),
  };
  return { path, value };
}

const poolValue = (values: Values, reserved: readonly Row[]): unknown => ({
  ...{ first: values.MinAddress, last: values.MaxAddress, leaseSeconds: Number(values.LeaseTime) },
  dnsServers: (values.DNSServers ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
  ...some('domain', values.DomainName),
  reservations: reserved.map(({ values: { Chaddr = '', Yiaddr } }) => ({ mac: Chaddr.toLowerCase(), address: Yiaddr })),
});
