import type { ObjectType, ParameterType } from './object-type.ts';

const string: ParameterType = { type: 'string' };
const count: ParameterType = { type: 'unsignedInt' };
const whole: ParameterType = { type: 'int' };
const truth: ParameterType = { type: 'boolean' };
const alias: ParameterType = { type: 'string', write: 'once', longest: 64 };
const enable: ParameterType = { ...truth, write: 'always', initial: 'false' };
const text = (initial = '', longest = 256): ParameterType => ({ type: 'string', write: 'always', initial, longest });
const port = (initial = '0'): ParameterType => ({ type: 'unsignedInt', write: 'always', initial });
const optionalPort: ParameterType = { type: 'int', write: 'always', initial: '-1' };
const status = string;
const LIST = 2_000;

/** NAT, firewall, DHCP, DNS and addresses of TR-181 2.19.1, as far as they are bound; names, types and keys as published. */
export const SERVICE_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.X_RELAIS_Services.',
    parameters: {
      State: string,
      ChangeOnTrial: count,
      SecondsLeft: { ...count, restless: true },
      LastChange: count,
      LastResult: string,
      ChangedByHand: string,
      Standard: truth,
    },
    commands: {
      'Confirm()': { input: ['Change'], required: ['Change'] },
      'Restore()': { input: ['To'] },
    },
  },
  {
    path: 'Device.IP.Interface.{i}.IPv4Address.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    enabledKeys: [['IPAddress', 'SubnetMask']],
    parameters: {
      Enable: enable,
      Status: status,
      Alias: alias,
      IPAddress: text('', 15),
      SubnetMask: text('', 15),
      AddressingType: string,
      X_RELAIS_Host: text('', 15),
    },
  },
  {
    path: 'Device.NAT.',
    parameters: { InterfaceSettingNumberOfEntries: count, PortMappingNumberOfEntries: count },
  },
  {
    path: 'Device.NAT.InterfaceSetting.{i}.',
    keys: [['Alias'], ['Interface']],
    parameters: { Enable: truth, Status: status, Alias: string, Interface: string },
  },
  {
    path: 'Device.NAT.PortMapping.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    enabledKeys: [['RemoteHost', 'ExternalPort', 'Protocol']],
    parameters: {
      Enable: enable,
      Status: status,
      Alias: alias,
      Interface: text(),
      AllInterfaces: { ...truth, write: 'always', initial: 'false' },
      RemoteHost: text('', 18),
      ExternalPort: port(),
      ExternalPortEndRange: port(),
      InternalPort: port(),
      Protocol: { ...text('TCP'), values: ['TCP', 'UDP'] },
      InternalClient: text('', 64),
      Description: text(),
    },
  },
  {
    path: 'Device.Firewall.',
    parameters: { Enable: truth, Config: string, Type: string, ChainNumberOfEntries: count, DMZNumberOfEntries: count },
  },
  {
    path: 'Device.Firewall.Chain.{i}.',
    keys: [['Alias'], ['Name']],
    parameters: { Enable: truth, Alias: string, Name: string, Creator: string, RuleNumberOfEntries: count },
  },
  {
    path: 'Device.Firewall.Chain.{i}.Rule.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    parameters: {
      Enable: enable,
      Status: status,
      Order: { type: 'unsignedInt', write: 'always', initial: '1' },
      Alias: alias,
      Description: text(),
      Target: { ...text('Drop'), values: ['Drop', 'Accept', 'Reject'] },
      DestIP: text('', 15),
      DestMask: text('', 18),
      SourceIP: text('', 15),
      SourceMask: text('', 18),
      Protocol: { type: 'int', write: 'always', initial: '-1' },
      DestPort: optionalPort,
      DestPortRangeMax: optionalPort,
    },
  },
  {
    path: 'Device.Firewall.DMZ.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    enabledKeys: [['DestIP', 'SourcePrefix']],
    parameters: {
      Enable: enable,
      Status: status,
      Alias: alias,
      Description: text(),
      Interface: text(),
      DestIP: text('', 15),
      SourcePrefix: text('', 18),
    },
  },
  { path: 'Device.DHCPv4.', parameters: { ClientNumberOfEntries: { ...count, initial: '0' } } },
  { path: 'Device.DHCPv4.Server.', parameters: { Enable: { ...truth, write: 'always' }, PoolNumberOfEntries: count } },
  {
    path: 'Device.DHCPv4.Server.Pool.{i}.',
    keys: [['Alias'], ['Order']],
    parameters: {
      Enable: enable,
      Status: status,
      Alias: string,
      Order: count,
      Interface: string,
      MinAddress: text('', 15),
      MaxAddress: text('', 15),
      SubnetMask: string,
      DNSServers: text('', 64),
      DomainName: text('', 64),
      IPRouters: string,
      LeaseTime: { ...whole, write: 'always', initial: '86400' },
      StaticAddressNumberOfEntries: count,
    },
  },
  {
    path: 'Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    enabledKeys: [['Chaddr']],
    parameters: { Enable: enable, Alias: alias, Chaddr: text('', 17), Yiaddr: text('', 15) },
  },
  { path: 'Device.DNS.', parameters: { ZoneNumberOfEntries: { ...count, initial: '0' } } },
  {
    path: 'Device.DNS.Relay.',
    parameters: { Enable: { ...truth, write: 'always' }, Status: status, ForwardNumberOfEntries: count },
  },
  {
    path: 'Device.DNS.Relay.Forwarding.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    enabledKeys: [['DNSServer']],
    parameters: { Enable: enable, Status: status, Alias: alias, DNSServer: text('', 45), Type: string },
  },
  {
    path: 'Device.DNS.X_RELAIS_Filter.',
    parameters: {
      Mode: { ...string, write: 'always', values: ['Off', 'Deny', 'Allow'] },
      DomainNumberOfEntries: count,
    },
  },
  {
    path: 'Device.DNS.X_RELAIS_Filter.Domain.{i}.',
    rows: 'add-delete',
    keys: [['Alias']],
    enabledKeys: [['Name']],
    parameters: { Enable: enable, Alias: alias, Name: text('', 253) },
  },
  { path: 'Device.Routing.', parameters: { RouterNumberOfEntries: count } },
  {
    path: 'Device.Routing.Router.{i}.',
    keys: [['Alias']],
    parameters: { Enable: truth, Status: status, Alias: string, IPv4ForwardingNumberOfEntries: count },
  },
  {
    path: 'Device.Routing.Router.{i}.IPv4Forwarding.{i}.',
    keys: [['Alias']],
    parameters: {
      Enable: truth,
      Status: status,
      Alias: string,
      StaticRoute: truth,
      DestIPAddress: string,
      DestSubnetMask: string,
      ForwardingPolicy: whole,
      GatewayIPAddress: string,
      Interface: string,
      Origin: string,
      ForwardingMetric: whole,
    },
  },
  { path: 'Device.QoS.', parameters: { QueueNumberOfEntries: count, ShaperNumberOfEntries: count } },
  {
    path: 'Device.QoS.Queue.{i}.',
    keys: [['Alias']],
    parameters: {
      Enable: truth,
      Status: status,
      Alias: string,
      TrafficClasses: { ...string, longest: LIST },
      Interface: string,
      AllInterfaces: truth,
      Precedence: count,
      SchedulerAlgorithm: string,
    },
  },
  {
    path: 'Device.QoS.Shaper.{i}.',
    keys: [['Alias'], ['Interface']],
    parameters: { Enable: truth, Status: status, Alias: string, Interface: string, ShapingRate: { type: 'long' } },
  },
];

/** Objects whose rows are the managed services: kept by whoever carries them out, not in the book of controllers. */
const SERVED = [
  /^Device\.NAT\.PortMapping\.\d+\.$/,
  /^Device\.Firewall\.(DMZ\.\d+|Chain\.\d+\.Rule\.\d+)\.$/,
  /^Device\.IP\.Interface\.\d+\.IPv4Address\.\d+\.$/,
  /^Device\.DHCPv4\.Server\.(Pool\.\d+\.(StaticAddress\.\d+\.)?)?$/,
  /^Device\.DNS\.Relay\.(Forwarding\.\d+\.)?$/,
  /^Device\.DNS\.X_RELAIS_Filter\.(Domain\.\d+\.)?$/,
] as const;

export const isServed = (path: string): boolean => SERVED.some((pattern) => pattern.test(path));
