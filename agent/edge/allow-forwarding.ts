import { readFile, writeFile } from 'node:fs/promises';
import { Fault } from '../model/fault.ts';

/** Where IPv6 is ordered: its interfaces, and those whose provider's router announces itself. */
export type Ipv6Forwarding = { readonly interfaces: readonly string[]; readonly advertised: readonly string[] };

/**
 * Turns on forwarding, and loose source checks: with two links a reply may come in by another link than the best route.
 * IPv6 only where it is ordered; there the kernel hears announcements of routers on the links that have such a router, and
 * on no LAN.
 * @throws Fault `network.refused` when the kernel's settings can't be written.
 */
export async function allowForwarding(interfaces: readonly string[], ipv6?: Ipv6Forwarding): Promise<void> {
  await put('/proc/sys/net/ipv4/ip_forward', '1');
  await put('/proc/sys/net/ipv4/conf/all/rp_filter', '0');
  for (const name of interfaces) await put(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, '0');
  if (ipv6 === undefined) return;
  for (const name of ['all', ...ipv6.interfaces]) await put(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, '0');
  // A box that forwards hears no announcements unless it is told to twice (ip-sysctl.rst, accept_ra).
  const begins = new Set<string>();
  for (const name of ipv6.interfaces) {
    const hears = ipv6.advertised.includes(name);
    if (await put(`/proc/sys/net/ipv6/conf/${name}/accept_ra`, hears ? '2' : '0')) begins.add(name);
  }
  await put('/proc/sys/net/ipv6/conf/all/forwarding', '1');
  // A link that begins asks who is there (RFC 4861 6.3.7); otherwise the box would wait up to half an hour to be told.
  for (const name of ipv6.advertised.filter((one) => begins.has(one)))
    for (const value of ['1', '0']) await put(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, value);
}

/** Was it otherwise? */
async function put(file: string, value: string): Promise<boolean> {
  try {
    if ((await readFile(file, 'utf8')).trim() === value) return false;
    await writeFile(file, value);
    return true;
  } catch (cause) {
    throw new Fault('network.refused', { file, value }, { cause });
  }
}
