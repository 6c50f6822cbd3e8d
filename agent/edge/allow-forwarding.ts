import { readFile, writeFile } from 'node:fs/promises';
import { Fault } from '../model/fault.ts';

/**
 * Turns on forwarding, and loose source checks: with two links a reply may come in by another link than the best route.
 * @throws Fault `network.refused` when the kernel's settings can't be written.
 */
export async function allowForwarding(interfaces: readonly string[]): Promise<void> {
  await put('/proc/sys/net/ipv4/ip_forward', '1');
  await put('/proc/sys/net/ipv4/conf/all/rp_filter', '0');
  for (const name of interfaces) await put(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, '0');
}

async function put(file: string, value: string): Promise<void> {
  try {
    if ((await readFile(file, 'utf8')).trim() !== value) await writeFile(file, value);
  } catch (cause) {
    throw new Fault('network.refused', { file, value }, { cause });
  }
}
