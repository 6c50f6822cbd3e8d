import { Fault } from '../../agent/model/fault.ts';
import type { Commands } from '../wires/commands.ts';
import { batchFault } from './complaint.ts';

/** Which table decides. `from` is an address of the box; `mark` is a packet mark, looked at through `mask`. */
type Rule = {
  readonly priority: number;
  readonly table: number;
  readonly from?: string;
  readonly mark?: number;
  readonly mask?: number;
};

/** `to` is `default` or a prefix as the kernel prints it; of a route that leads nowhere with its type and metric. */
type Route = { readonly to: string; readonly via?: string; readonly dev: string };

/** What is done in the same words for both families of addresses. */
interface Routing {
  batch(lines: readonly string[]): Promise<void>;
  /** The rules whose priority lies in the range become exactly these; all others are somebody else's. */
  rules(first: number, last: number, wanted: readonly Rule[]): Promise<void>;
  /** The routes of one table of ours become exactly these. */
  routes(table: number, wanted: readonly Route[]): Promise<void>;
}

/** Each order can be given twice; what is installed is compared with what is wanted, and only the difference is made. */
interface Ip extends Routing {
  readonly ipv6: Routing & {
    /** Routers that announce themselves (RFC 4861), by the device that hears them. */
    routers(): Promise<ReadonlyMap<string, string>>;
  };
  /** Our tunnels, known by their names, become exactly these; one that is as it should be is not touched. */
  tunnels(wanted: readonly TunnelDevice[]): Promise<void>;
  /** Our devices of kind ifb, known by their names, become exactly these, and are up. */
  inward(wanted: readonly string[]): Promise<void>;
  /** IPv4 addresses of a device, with their labels. */
  addresses(device: string): Promise<readonly Address[]>;
}

/** VXLAN to one far end, whose addresses inside are fixed: nobody learns or asks. */
type TunnelDevice = {
  readonly name: string;
  readonly vni: number;
  readonly remote: string;
  readonly port: number;
  readonly mtu: number;
  readonly mac: string;
  /** As `ip address replace` takes them. */
  readonly addresses: readonly string[];
  readonly neighbor: { readonly address: string; readonly mac: string };
};

type Address = { readonly address: string; readonly prefix: number; readonly label: string };

export function createIp(commands: Commands): Ip {
  const ipv4 = routingOf(commands, '-4');
  const { batch } = ipv4;
  return {
    ...ipv4,
    ipv6: { ...routingOf(commands, '-6'), routers: () => listRouters(commands) },
    addresses: (device) => listAddresses(commands, device),
    async tunnels(wanted) {
      const have = await listTunnels(commands);
      const right = new Set(wanted.filter((one) => have.get(one.name) === tunnelText(one)).map(({ name }) => name));
      await batch([
        ...[...have.keys()].filter((name) => !right.has(name)).map((name) => `link del ${name}`),
        ...wanted.flatMap((one) => [...(right.has(one.name) ? [] : [addTunnel(one)]), ...dressTunnel(one)]),
      ]);
    },
    async inward(wanted) {
      const have = await listInward(commands);
      await batch([
        ...have.filter((name) => !wanted.includes(name)).map((name) => `link del ${name}`),
        ...wanted.filter((name) => !have.includes(name)).map((name) => `link add ${name} type ifb`),
        ...wanted.map((name) => `link set ${name} up`),
      ]);
    },
  };
}

type Family = '-4' | '-6';

function routingOf(commands: Commands, family: Family): Routing {
  const batch = async (lines: readonly string[]): Promise<void> => {
    if (lines.length === 0) return;
    const outcome = await commands.run('ip', [family, '-batch', '-'], `${lines.join('\n')}\n`);
    if (outcome.status !== 0) throw batchFault('ip', lines, outcome);
  };

  return {
    batch,
    async rules(first, last, wanted) {
      const all = await listRules(commands, family);
      const installed = all.filter((rule) => first <= rule.priority && rule.priority <= last);
      const have = installed.map(ruleText);
      const want = wanted.map(ruleText);
      // Added before removed: at no moment does a packet find neither the old rule nor the new one.
      await batch([
        ...want.filter((rule) => !have.includes(rule)).map((rule) => `rule add ${rule}`),
        ...have.filter((rule) => !want.includes(rule)).map((rule) => `rule del ${rule}`),
      ]);
    },
    async routes(table, wanted) {
      const have = await listRoutes(commands, table, family);
      const want = wanted.map(routeText);
      const stale = have.filter((route) => !wanted.some(({ to }) => to === route.to));
      const present = have.map(routeText);
      await batch([
        ...want.filter((route) => !present.includes(route)).map((route) => `route replace ${route} table ${table}`),
        ...stale.map((route) => `route del ${routeText(route)} table ${table}`),
      ]);
    },
  };
}

function ruleText({ priority, table, from, mark, mask }: Rule): string {
  const selector = mark === undefined ? '' : ` fwmark ${hex(mark)}/${hex(mask ?? 0xffff_ffff)}`;
  return `priority ${priority} from ${from ?? 'all'}${selector} lookup ${table}`;
}

const routeText = ({ to, via, dev }: Route): string => `${to}${via === undefined ? '' : ` via ${via}`} dev ${dev}`;

const hex = (n: number): string => `0x${n.toString(16)}`;

/** Names of tunnels that are ours. */
const OURS = /^ov\d+$/;

/** What can't be changed while it is there; the source port is fixed, so that a box behind NAT has one mapping for each link. */
const tunnelText = ({ vni, remote, port, mac }: Pick<TunnelDevice, 'vni' | 'remote' | 'port' | 'mac'>): string =>
  `${vni} ${remote} ${port} ${mac}`;

const addTunnel = ({ name, mac, mtu, vni, remote, port }: TunnelDevice): string =>
  `link add ${name} address ${mac} mtu ${mtu} type vxlan id ${vni} remote ${remote} dstport ${port} srcport ${port} ${port + 1} nolearning noudpcsum tos inherit ttl 64`;

const dressTunnel = ({ name, mtu, addresses, neighbor }: TunnelDevice): readonly string[] => [
  `link set ${name} mtu ${mtu} up`,
  ...addresses.map((address) => `address replace ${address} dev ${name}`),
  `neighbor replace ${neighbor.address} lladdr ${neighbor.mac} dev ${name} nud permanent`,
];

type PrintedTunnel = {
  readonly ifname: string;
  readonly address: string;
  readonly linkinfo?: { readonly info_data?: { readonly id: number; readonly remote?: string; readonly port: number } };
};

async function listTunnels(commands: Commands): Promise<ReadonlyMap<string, string>> {
  const { status, stdout, stderr } = await commands.run('ip', ['-json', '-d', 'link', 'show', 'type', 'vxlan']);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: 'link show', error: stderr.trim() });
  const printed = JSON.parse(stdout.trim() === '' ? '[]' : stdout) as PrintedTunnel[];
  return new Map(
    printed
      .filter(({ ifname }) => OURS.test(ifname))
      .map(({ ifname, address, linkinfo }) => {
        const { id = 0, remote = '', port = 0 } = linkinfo?.info_data ?? {};
        return [ifname, tunnelText({ vni: id, remote, port, mac: address })];
      }),
  );
}

const INWARD = /^down\d+$/;

async function listInward(commands: Commands): Promise<readonly string[]> {
  const { status, stdout, stderr } = await commands.run('ip', ['-json', 'link', 'show', 'type', 'ifb']);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: 'link show', error: stderr.trim() });
  const printed = JSON.parse(stdout.trim() === '' ? '[]' : stdout) as Pick<PrintedTunnel, 'ifname'>[];
  return printed.map(({ ifname }) => ifname).filter((name) => INWARD.test(name));
}

/** Fields as `ip -json` prints them; numbers of marks are text in hex, tables are names where they have one. */
type PrintedRule = { priority: number; src: string; srclen?: number; fwmark?: string; fwmask?: string; table: string };
type PrintedRoute = { type?: string; dst: string; gateway?: string; dev?: string; metric?: number };

async function listRules(commands: Commands, family: Family): Promise<readonly Rule[]> {
  const { status, stdout, stderr } = await commands.run('ip', ['-json', family, 'rule', 'show']);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: 'rule show', error: stderr.trim() });
  return (JSON.parse(stdout) as PrintedRule[]).filter(({ table }) => /^\d+$/.test(table)).map(readRule);
}

function readRule({ priority, src, srclen, fwmark, fwmask, table }: PrintedRule): Rule {
  return {
    priority,
    table: Number(table),
    ...(src !== 'all' && { from: srclen === undefined ? src : `${src}/${srclen}` }),
    ...(fwmark !== undefined && { mark: Number(fwmark), mask: Number(fwmask ?? 0xffff_ffff) }),
  };
}

async function listRoutes(commands: Commands, table: number, family: Family): Promise<readonly Route[]> {
  const { status, stdout } = await commands.run('ip', ['-json', family, 'route', 'show', 'table', String(table)]);
  // A table without routes does not exist, and ip calls that an error.
  if (status !== 0 || stdout.trim() === '') return [];
  return (JSON.parse(stdout) as PrintedRoute[]).map(({ type, dst, gateway, dev, metric }) => ({
    to: type === undefined ? dst : `${type} ${dst} metric ${metric}`,
    dev: dev ?? '',
    ...(gateway !== undefined && { via: gateway }),
  }));
}

/** What a link's router said of itself stands in the main table. */
async function listRouters(commands: Commands): Promise<ReadonlyMap<string, string>> {
  const words = ['-json', '-6', 'route', 'show', 'default', 'proto', 'ra'];
  const { status, stdout, stderr } = await commands.run('ip', words);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: words.join(' '), error: stderr.trim() });
  const printed = JSON.parse(stdout.trim() === '' ? '[]' : stdout) as PrintedRoute[];
  // The first of a device is the one that the kernel prefers.
  return new Map(printed.toReversed().flatMap(({ dev, gateway }) => (dev && gateway ? [[dev, gateway]] : [])));
}

type PrintedDevice = { addr_info?: { family: string; local: string; prefixlen: number; label?: string }[] };

async function listAddresses(commands: Commands, device: string): Promise<readonly Address[]> {
  const words = ['-json', '-4', 'address', 'show', 'dev', device];
  const { status, stdout, stderr } = await commands.run('ip', words);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: words.join(' '), error: stderr.trim() });
  return (JSON.parse(stdout === '' ? '[]' : stdout) as PrintedDevice[])
    .flatMap(({ addr_info = [] }) => addr_info)
    .filter(({ family }) => family === 'inet')
    .map(({ local, prefixlen, label = '' }) => ({ address: local, prefix: prefixlen, label }));
}
