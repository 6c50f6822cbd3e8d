import type { DataPlane, PlaneLink } from './data-plane.ts';
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

const defaultBy = (link: PlaneLink): RouteEntry =>
  link.gateway === undefined
    ? { to: 'default', dev: link.interface }
    : { to: 'default', via: link.gateway, dev: link.interface };
