import { firstHostOf, maskOf, prefixOf } from '../../model/ipv4-networks.ts';
import { dataLanOf, type ServiceSurroundings } from '../../model/judge-services.ts';
import type { ServicesView, Sight } from '../sight.ts';
import { text } from './bind-site.ts';
import type { Values } from './object-type.ts';
import { isServed } from './service-objects.ts';
import { dataInterface, type ServiceRows, voiceInterface } from './service-rows.ts';

type Bound = Readonly<Record<string, Values>>;

/** What is read of the managed services beside their rows: how a change goes, what the box is on its LANs, routes, queues. */
export function bindServices(sight: Sight, around: ServiceSurroundings | undefined, rows: ServiceRows): Bound {
  const { services } = sight;
  if (services === undefined || around === undefined) return {};
  return {
    'Device.X_RELAIS_Services.': stateOf(services),
    ...lans(around, rows),
    ...counts(around, rows),
    ...statuses(rows),
    ...routes(sight),
    ...queues(sight),
  };
}

const stateOf = (services: ServicesView): Values => ({
  State: services.state,
  ChangeOnTrial: text(services.change),
  SecondsLeft: text(services.secondsLeft),
  LastChange: text(services.lastChange),
  LastResult: services.lastResult,
  ChangedByHand: services.changedByHand.join(','),
  Standard: text(services.standard),
});

const numbered = (rows: ServiceRows, table: string): number =>
  Object.keys(rows).filter((path) => path.startsWith(table) && /^\d+\.$/.test(path.slice(table.length))).length;

function lans(around: ServiceSurroundings, rows: ServiceRows): Bound {
  const base = { Enable: 'true', Status: 'Up', Type: 'Normal' };
  const voice = `${voiceInterface(around)}.`;
  const data = `${dataInterface(around)}.`;
  const network = dataLanOf(lanIn(rows, data), around);
  const pools = [
    { number: 1, interface: data, network },
    { number: 2, interface: voice, network: around.voiceLan },
  ];
  return {
    'Device.IP.': { InterfaceNumberOfEntries: text(around.links.length + 2) },
    [data]: { ...base, Alias: 'cpe-data-lan', Name: 'data-lan' },
    [voice]: { ...base, Alias: 'cpe-voice-lan', Name: 'voice-lan' },
    ...Object.fromEntries(
      pools.map((pool) => [
        `Device.DHCPv4.Server.Pool.${pool.number}.`,
        {
          Interface: pool.interface.slice(0, -1),
          SubnetMask: maskOf(Number(pool.network.split('/')[1])),
          IPRouters: rows[`${pool.interface}IPv4Address.1.`]?.IPAddress ?? firstHostOf(pool.network),
          StaticAddressNumberOfEntries: text(numbered(rows, `Device.DHCPv4.Server.Pool.${pool.number}.StaticAddress.`)),
        },
      ]),
    ),
  };
}

/** The address that the rows give to the box; an unfinished one is none. */
function lanIn(rows: ServiceRows, data: string): Parameters<typeof dataLanOf>[0] {
  const { IPAddress = '', SubnetMask = '' } = rows[`${data}IPv4Address.1.`] ?? {};
  const prefix = IPAddress === '' ? undefined : prefixOf(SubnetMask);
  return prefix === undefined ? {} : { lan: { address: IPAddress, prefix } };
}

const CHAINS = ['from-data-lan', 'to-public-addresses'] as const;

function counts(around: ServiceSurroundings, rows: ServiceRows): Bound {
  return {
    'Device.NAT.': {
      InterfaceSettingNumberOfEntries: text(around.links.length),
      PortMappingNumberOfEntries: text(numbered(rows, 'Device.NAT.PortMapping.')),
    },
    ...Object.fromEntries(
      around.links.map(({ name }, index) => [
        `Device.NAT.InterfaceSetting.${index + 1}.`,
        { Enable: 'true', Status: 'Enabled', Alias: `cpe-${name}`, Interface: `Device.IP.Interface.${index + 1}` },
      ]),
    ),
    'Device.Firewall.': {
      ...{ Enable: 'true', Config: 'Advanced', Type: 'Stateful', ChainNumberOfEntries: text(CHAINS.length) },
      DMZNumberOfEntries: text(numbered(rows, 'Device.Firewall.DMZ.')),
    },
    ...Object.fromEntries(
      CHAINS.map((name, index) => {
        const path = `Device.Firewall.Chain.${index + 1}.`;
        const rules = text(numbered(rows, `${path}Rule.`));
        return [
          path,
          { Enable: 'true', Alias: `cpe-${name}`, Name: name, Creator: 'Defaults', RuleNumberOfEntries: rules },
        ];
      }),
    ),
    'Device.DHCPv4.Server.': { PoolNumberOfEntries: '2' },
    'Device.DNS.Relay.': {
      Status: rows['Device.DNS.Relay.']?.Enable === 'true' ? 'Enabled' : 'Disabled',
      ForwardNumberOfEntries: text(numbered(rows, 'Device.DNS.Relay.Forwarding.')),
    },
    'Device.DNS.X_RELAIS_Filter.': {
      DomainNumberOfEntries: text(numbered(rows, 'Device.DNS.X_RELAIS_Filter.Domain.')),
    },
  };
}

const statuses = (rows: ServiceRows): Bound =>
  Object.fromEntries(
    Object.entries(rows)
      .filter(
        ([path]) => isServed(path) && path.endsWith('.') && !path.endsWith('Server.') && !path.endsWith('Filter.'),
      )
      .map(([path, { Enable }]) => [
        path,
        {
          Status: Enable === 'true' ? 'Enabled' : 'Disabled',
          ...(path.includes('.IPv4Address.') ? { AddressingType: 'Static' } : {}),
          ...(path.includes('.Forwarding.') ? { Type: 'Static' } : {}),
        },
      ]),
  );

/** As the plans of the data plane put them: a table for each link, and a default of the box's own over the main link first. */
function routes({ links }: Sight): Bound {
  const rows = links.map(({ name }, index): [string, Values] => [
    `Device.Routing.Router.1.IPv4Forwarding.${index + 1}.`,
    {
      ...{ Enable: 'true', Status: 'Enabled', Alias: `cpe-${name}`, StaticRoute: 'true' },
      ...{
        DestIPAddress: '',
        DestSubnetMask: '',
        ForwardingPolicy: '-1',
        GatewayIPAddress: links[index]?.gateway ?? '',
      },
      ...{ Interface: `Device.IP.Interface.${index + 1}`, Origin: 'Static', ForwardingMetric: text(1_001 + index) },
    },
  ]);
  return {
    'Device.Routing.': { RouterNumberOfEntries: '1' },
    'Device.Routing.Router.1.': {
      ...{ Enable: 'true', Status: 'Enabled', Alias: 'cpe-1', IPv4ForwardingNumberOfEntries: text(rows.length) },
    },
    ...Object.fromEntries(rows),
  };
}

/** voice first, then data, then the box's own records. */
const QUEUES = ['voice', 'data', 'background'] as const;

function queues({ links }: Sight): Bound {
  const queue = links.flatMap(({ name }, index) =>
    QUEUES.map((queueName, at): [string, Values] => [
      `Device.QoS.Queue.${index * QUEUES.length + at + 1}.`,
      {
        ...{ Enable: 'true', Status: 'Enabled', Alias: `cpe-${name}-${queueName}`, TrafficClasses: text(at + 1) },
        ...{ Interface: `Device.IP.Interface.${index + 1}`, AllInterfaces: 'false' },
        ...{ Precedence: text(at + 1), SchedulerAlgorithm: 'SP' },
      },
    ]),
  );
  const shapers = links.map(({ name, upKbps }, index): [string, Values] => [
    `Device.QoS.Shaper.${index + 1}.`,
    {
      ...{ Enable: 'true', Status: 'Enabled', Alias: `cpe-${name}`, Interface: `Device.IP.Interface.${index + 1}` },
      ShapingRate: text(upKbps * 1_000),
    },
  ]);
  return {
    'Device.QoS.': { QueueNumberOfEntries: text(queue.length), ShaperNumberOfEntries: text(shapers.length) },
    ...Object.fromEntries([...queue, ...shapers]),
  };
}
