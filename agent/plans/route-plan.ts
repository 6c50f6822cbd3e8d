import { firstHostIpv6 } from '../model/ipv6-networks.ts';
import type { DataPlane, PlaneIpv6Link, PlaneLink } from './data-plane.ts';
import { voiceRoutes } from './overlay-plan.ts';

/** Rules of ours have priorities 101 … 199; tables 101 … 199 are ours, one per link. */
export const FIRST_RULE = 101;
export const LAST_RULE = 199;
const TABLES = 100;

export type RulePlan = {
  readonly priority: number;
  readonly table: number;
  readonly mark: number;
  readonly mask: number;
};
export type TablePlan = { readonly table: number; readonly routes: readonly RouteEntry[] };
export type RouteEntry = { readonly to: string; readonly via?: string; readonly dev: string };

/** Policy routing by mark: the low byte of a mark is the number of its link. */
export const rulePlan = (plane: DataPlane): readonly RulePlan[] =>
  [...plane.links, ...(plane.overlay?.tunnels ?? [])].map(({ number }) => ({
    priority: TABLES + number,
    table: TABLES + number,
    mark: number,
    mask: 0xff,
  }));

export const tablePlan = (plane: DataPlane): readonly TablePlan[] => [
  ...plane.links.map((link) => ({ table: TABLES + link.number, routes: [defaultBy(link)] })),
  ...(plane.overlay?.tunnels ?? []).map((tunnel) => ({
    table: TABLES + tunnel.number,
    routes: [{ to: 'default', via: plane.overlay?.far ?? '', dev: tunnel.interface }],
  })),
];

/** The kernel routes the box's own packets once before they are marked: some default must be there, main link first. */
export const fallbackRoutes = (plane: DataPlane): readonly string[] => [
  ...plane.links.map((link) => {
    const via = link.gateway === undefined ? '' : `via ${link.gateway} `;
    return `route replace default ${via}dev ${link.interface} metric ${1000 + link.number}`;
  }),
  ...voiceRoutes(plane),
];

/** Routers that announce themselves, by device. */
export type Routers = ReadonlyMap<string, string>;

/** Behind every other route; the kernel prints the loopback device beside it. */
const NOWHERE: RouteEntry = { to: 'unreachable default metric 4294967295', dev: 'lo' };

/**
 * Tables for IPv6, one per link as for IPv4. A link without IPv6, without carrier or without a router leads nowhere: what
 * was led there takes no other link by itself, and its host is told at once (RFC 8305: it goes on by IPv4).
 */
export const ipv6Tables = (plane: DataPlane, routers: Routers): readonly TablePlan[] =>
  plane.links.map(({ number }) => {
    const link = plane.ipv6?.links.find((one) => one.number === number);
    const way = link && ipv6DefaultBy(link, routers);
    return { table: TABLES + number, routes: [NOWHERE, ...(way ? [way] : [])] };
  });

function ipv6DefaultBy({ interface: dev, router }: PlaneIpv6Link, routers: Routers): RouteEntry | undefined {
  if (router === undefined) return { to: 'default', dev };
  const via = router === 'advertised' ? routers.get(dev) : router;
  return via === undefined ? undefined : { to: 'default', via, dev };
}

/** For the first look at packets of the box itself; an announced router is in the main table already. */
export const ipv6Fallback = (plane: DataPlane): readonly string[] =>
  (plane.ipv6?.links ?? []).flatMap(({ interface: dev, number, router }) => {
    if (router === 'advertised') return [];
    const via = router === undefined ? '' : `via ${router} `;
    return [`route replace default ${via}dev ${dev} metric ${1000 + number}`];
  });

/** Addresses of the box: the first one of each LAN, and those of links where they are ordered. */
export const ipv6Addresses = ({ ipv6, voiceInterface, dataInterface }: DataPlane): readonly string[] =>
  ipv6 === undefined
    ? []
    : [
        `address replace ${firstHostIpv6(ipv6.voiceLan)} dev ${voiceInterface}`,
        `address replace ${firstHostIpv6(ipv6.dataLan)} dev ${dataInterface}`,
        ...ipv6.links.flatMap(({ address, interface: dev }) =>
          address === undefined ? [] : [`address replace ${address} dev ${dev}`],
        ),
      ];

export const linkSizes = ({ links }: DataPlane): readonly string[] =>
  links.flatMap(({ interface: dev, mtu }) => (mtu === undefined ? [] : [`link set dev ${dev} mtu ${mtu}`]));

const defaultBy = (link: PlaneLink): RouteEntry =>
  link.gateway === undefined
    ? { to: 'default', dev: link.interface }
    : { to: 'default', via: link.gateway, dev: link.interface };
