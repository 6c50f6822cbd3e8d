import { Fault } from '../../agent/model/fault.ts';
import type { Commands } from '../wires/commands.ts';

/** What an interface has carried since it came into being: bytes of layer 3 and up. */
type InterfaceCounter = {
  readonly name: string;
  /** Of the interface: the kernel gives no number twice in one boot, and a new interface counts from zero. */
  readonly index: number;
  readonly sent: number;
  readonly received: number;
};

/** As `ip -json -stats link` prints it; the 64 bits of the kernel are exact up to 9 petabytes. */
type PrintedLink = {
  readonly ifname: string;
  readonly ifindex: number;
  readonly link_type?: string;
  readonly stats64?: { readonly rx: PrintedCount; readonly tx: PrintedCount };
};
type PrintedCount = { readonly bytes: number; readonly packets: number };

/** IEEE 802.3: addresses and type; what checks the frame never reaches the kernel. */
const ETHERNET_HEADER = 14;

/**
 * All interfaces in one look of the kernel (rtnl_link_stats64): a packet is in bytes and packets both, or in none. An
 * Ethernet interface counts its headers, which no network beyond it sees; they are taken off.
 * @throws Fault `network.refused`
 */
export async function readInterfaceCounters(commands: Commands): Promise<readonly InterfaceCounter[]> {
  const { status, stdout, stderr } = await commands.run('ip', ['-json', '-stats', 'link', 'show']);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: 'link show', error: stderr.trim() });
  return (JSON.parse(stdout) as PrintedLink[]).flatMap(({ ifname, ifindex, link_type, stats64 }) => {
    if (stats64 === undefined) return [];
    const header = link_type === 'ether' ? ETHERNET_HEADER : 0;
    const carried = ({ bytes, packets }: PrintedCount): number => bytes - header * packets;
    return [{ name: ifname, index: ifindex, sent: carried(stats64.tx), received: carried(stats64.rx) }];
  });
}
