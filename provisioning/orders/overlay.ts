import { overlap } from '../../agent/model/ipv4-networks.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

/** Orders that can't have an overlay are refused with the condition that fails: a call must not find out. `failover`: granted (F-1)? */
export function overlayProblems(order: Order, failover: boolean, others: readonly SiteConfig[]): readonly Problem[] {
  const { overlay, heartbeat } = order.failover;
  if (overlay === undefined) return [];
  const field = 'failover.overlay';
  const problems: Problem[] = [];
  if (!failover) {
    const remedy =
      'an overlay joins two links, and failover is off or refused (F-1); order "wanted", a second link and separated LANs, or leave it out';
    problems.push({ field, value: overlay.block, remedy });
  }
  if (heartbeat === undefined) {
    const remedy = 'beats decide which tunnel carries voice; order "heartbeat": {} beside it';
    problems.push({ field: 'failover.heartbeat', value: undefined, remedy });
  }
  if (overlay.kind !== 'vxlan') {
    const remedy = `tunnels of kind "${overlay.kind}" were never run and are not made by this version; write "vxlan"`;
    problems.push({ field: `${field}.kind`, value: overlay.kind, remedy });
  }
  return [...problems, ...costProblems(order), ...addressProblems(order, others)];
}

/** F-6: who pays by the byte does not send each packet of voice twice; a plan that forbids it has no link at all (sim-links.ts). */
function costProblems({ links, failover: { overlay } }: Order): readonly Problem[] {
  if (overlay?.duplicate !== 'always') return [];
  return links.flatMap((link, index) => {
    const metered = link.metered === undefined ? link.kind === 'mobile' : link.metered !== false;
    if (!metered) return [];
    const remedy = `"always" would send all voice by the metered link ${link.name} too: write "suspected", or "metered": false at links[${index}] where nobody pays by the byte`;
    return [{ field: 'failover.overlay.duplicate', value: 'always', remedy }];
  });
}

function addressProblems(order: Order, others: readonly SiteConfig[]): readonly Problem[] {
  const { overlay, reflector } = order.failover;
  if (overlay === undefined) return [];
  const field = 'failover.overlay.block';
  const clash = (what: string): Problem => ({
    field,
    value: overlay.block,
    remedy: `overlaps ${what}; choose eight addresses of their own`,
  });
  const inUse = [
    ...[order.lans.voice, order.lans.data].map((lan) => [lan, `the LAN ${lan}`] as const),
    ...order.voice.networks.map((network) => [network, `the voice network ${network}`] as const),
    [`${reflector.address}/32`, `the reflector ${reflector.address}`] as const,
    [`${overlay.concentrator}/32`, `the concentrator ${overlay.concentrator}`] as const,
  ];
  const taken = others.find(
    (other) => other.device.id !== order.device.id && other.failover.overlay?.block === overlay.block,
  );
  return [
    ...inUse.filter(([network]) => overlap(network, overlay.block)).map(([, what]) => clash(what)),
    ...(taken
      ? [
          {
            field,
            value: overlay.block,
            remedy: `already given to device ${taken.device.id}; each site has a block of its own`,
          },
        ]
      : []),
  ];
}
