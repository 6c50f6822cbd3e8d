import { CLASS, type DataPlane } from '../../../agent/plans/data-plane.ts';
import { inwardOf } from '../../../agent/plans/inward-plan.ts';
import { queuePlan } from '../../../agent/plans/queue-plan.ts';
import { segmentOf } from '../../../agent/plans/short-segments.ts';
import { runIn } from '../../kernel/namespaces.ts';
import { GATEWAY, OPERATOR } from './line.ts';

const MAIN = { voice: 'main', data: 'main' };

/**
 * The queues of the box where the kernel has no nftables of ours, as Debian's Linux in user mode: the same lines of `tc`, with
 * fq_codel, and filters of `tc` in the place of rules. No translation; segments are made short by the routes of both ends.
 */
export async function setBareQueues(plane: DataPlane, calls: number): Promise<void> {
  const traffic = { calls: Array.from({ length: calls }, () => 'PCMA'), rates: {} };
  const framed = new Set(plane.links.map((link) => link.interface));
  const conditions = { rules: {}, traffic, framed, fair: true, inward: true };
  const [link] = plane.links;
  if (link === undefined) return;
  const down = inwardOf(link);
  await runIn('gw', ['ip', '-batch', '-'], `link add ${down} type ifb\nlink set ${down} up\n`);
  const all = `filter add dev ${link.interface} parent ffff: protocol ip u32 match u32 0 0`;
  const voice = (device: string, which: string): string =>
    `filter add dev ${device} parent 1: protocol ip u32 match ip ${which} ${OPERATOR}/32 flowid 1:10`;
  const lines = [
    `qdisc add dev ${link.interface} ingress`,
    `${all} action mirred egress redirect dev ${down}`,
    ...queuePlan(plane, MAIN, conditions).flatMap((device) => device.lines),
    voice(link.interface, 'dst'),
    voice(down, 'src'),
    ...[link.interface, down].map(
      (device) =>
        `filter add dev ${device} parent 1: protocol ip u32 match ip protocol 6 0xff match u16 0 0xff80 at 2 flowid ${CLASS.acknowledging}`,
    ),
  ];
  await runIn('gw', ['tc', '-batch', '-'], `${lines.join('\n')}\n`);
}

/** What stands on the way up, with its counts. */
export const queuesUp = (): Promise<string> => runIn('gw', ['tc', '-s', 'qdisc', 'show', 'dev', 'wan1']);

/** No queue of ours, and none of others. */
export async function clearBareQueues(plane: DataPlane): Promise<void> {
  for (const link of plane.links) {
    for (const of of ['root', 'ingress']) await tc(`qdisc del dev ${link.interface} ${of}`).catch(() => undefined);
    await runIn('gw', ['ip', 'link', 'del', inwardOf(link)]).catch(() => undefined);
  }
  await tc(`qdisc del dev ${plane.dataInterface} root`).catch(() => undefined);
}

/** Once: routes that a box with translation does not need, and those that make segments short. */
export async function routeBare(kbps: number): Promise<void> {
  const segment = segmentOf(kbps);
  const short = segment === undefined ? [] : ['advmss', `${segment}`];
  const route = (namespace: string, to: string, via: string, more: readonly string[] = []) =>
    runIn(namespace, ['ip', 'route', 'replace', to, 'via', via, ...more]);
  await route('gw', 'default', GATEWAY);
  await route('line', '192.168.0.0/16', '198.51.100.2');
  await route('office', 'default', '192.168.20.1', short);
  await route('core', 'default', '192.0.2.1', short);
}

const tc = (line: string): Promise<string> => runIn('gw', ['tc', ...line.split(' ')]);
