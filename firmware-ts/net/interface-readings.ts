import type { InterfaceReading } from '../../agent/model/box-readings.ts';
import { Fault } from '../../agent/model/fault.ts';
import type { Commands } from '../wires/commands.ts';

/** What an interface of the kernel is to the site. */
export type SiteInterface = Pick<InterfaceReading, 'name' | 'carries'>;

/** As `ip -json -stats link` prints it. */
type PrintedLink = {
  readonly ifname: string;
  readonly link_type?: string;
  readonly address?: string;
  readonly mtu: number;
  readonly operstate?: string;
  readonly flags?: readonly string[];
  readonly stats64?: { readonly rx: PrintedCounts; readonly tx: PrintedCounts };
};
type PrintedCounts = {
  readonly bytes: number;
  readonly packets: number;
  readonly errors?: number;
  readonly dropped?: number;
  readonly multicast?: number;
  readonly collisions?: number;
};

/**
 * The interfaces of the site in one look of the kernel (rtnl_link_stats64), with what their drivers negotiated.
 * @throws Fault `network.refused`
 */
export async function readInterfaces(
  commands: Commands,
  wanted: readonly SiteInterface[],
): Promise<readonly InterfaceReading[]> {
  const { status, stdout, stderr } = await commands.run('ip', ['-json', '-stats', 'link', 'show']);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: 'link show', error: stderr.trim() });
  const printed = JSON.parse(stdout) as PrintedLink[];
  const negotiated = await readNegotiated(commands, wanted);
  return wanted.flatMap((one) => {
    const link = printed.find(({ ifname }) => ifname === one.name);
    return link?.stats64 === undefined ? [] : [readingOf(one, link, link.stats64, negotiated)];
  });
}

type Negotiated = ReadonlyMap<string, string>;

function readingOf(
  { name, carries }: SiteInterface,
  { link_type, address, mtu, operstate, flags }: PrintedLink,
  { rx, tx }: NonNullable<PrintedLink['stats64']>,
  negotiated: Negotiated,
): InterfaceReading {
  const speed = Number(negotiated.get(`${name}/speed`) ?? -1);
  const duplex = negotiated.get(`${name}/duplex`);
  const traffic = ({ bytes, packets, errors = 0, dropped = 0 }: PrintedCounts) => ({ bytes, packets, errors, dropped });
  return {
    ...{ name, carries, mtu, state: stateOf(operstate, flags ?? []) },
    ...(link_type === 'ether' && address !== undefined ? { mac: address } : {}),
    ...(speed > 0 ? { mbps: speed } : {}),
    ...(duplex === 'half' || duplex === 'full' ? { duplex } : {}),
    sent: traffic(tx),
    received: { ...traffic(rx), multicast: rx.multicast ?? 0 },
    collisions: tx.collisions ?? 0,
  };
}

/** RFC 2863, as the kernel tells it; a tunnel has no state of its own, and its carrier says what it is. */
function stateOf(operstate = 'UNKNOWN', flags: readonly string[]): InterfaceReading['state'] {
  if (!flags.includes('UP')) return 'down';
  switch (operstate) {
    case 'UP':
      return 'up';
    case 'DOWN':
      return 'down';
    case 'LOWERLAYERDOWN':
      return 'lower-down';
    case 'DORMANT':
      return 'dormant';
    default:
      return flags.includes('LOWER_UP') ? 'up' : 'unknown';
  }
}

/** A driver that does not say refuses the reading of its file, and the others are read all the same. */
async function readNegotiated(commands: Commands, wanted: readonly SiteInterface[]): Promise<Negotiated> {
  const files = wanted.flatMap(({ name }) => ['speed', 'duplex'].map((what) => `/sys/class/net/${name}/${what}`));
  const { stdout } = await commands.run('grep', ['-s', '-H', '', ...files]);
  const lines = stdout.split('\n').flatMap((line) => {
    const [, name, what, value] = /^\/sys\/class\/net\/([^/]+)\/(speed|duplex):(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[`${name}/${what}`, value ?? ''] as const];
  });
  return new Map(lines);
}
