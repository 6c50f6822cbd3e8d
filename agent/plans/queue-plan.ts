import type { DataRules, Steering, Traffic } from '../ports/network.ts';
import { callWireKbps, WRAPPING } from './call-rate.ts';
import { CLASS, type DataPlane, kindOf, linkNamed, type PlaneLink } from './data-plane.ts';
import { inwardOf } from './inward-plan.ts';
import { leaf } from './leaf.ts';
import { layerOf, wireKbps } from './link-layer.ts';

/** The box must be the slowest hop, or the queue builds up where nobody sorts it. What comes down is sorted after the fact. */
const SHARE = { up: 0.98, down: 0.95 };
/** Of what comes down, data is held back more while calls run: its bursts reach the provider's queue before it is. */
const DATA_DOWN = { calls: 0.9, none: 0.95 };
/** Where the kernel can't sort what comes in, only what goes to the data LAN is held back. */
const TO_LAN = { calls: 0.85, none: 0.95 };
/** What data and the box's own messages always get, kbit/s, and data of a site on no link: what still trickles is of no importance. */
const LEAST_KBPS = 8;
/** Calls beyond what is subscribed that find room before data: emergency calls are never refused (V-1, Q-4). */
const BEYOND = 2;
/** Signalling, RTCP and probes beside the voice of a call. */
const BESIDE = 1.05;
/** Above all of the line but what data always gets, the guarantee of voice would be more than there is. */
const INNER = '1:2';
/** Bytes in one go, and the time (ms) that they may last on a fast line, where a timer for each packet is too much to ask. */
const ONE_PACKET = { bytes: 200, ms: 0.25 };
const ALL_CALLS = { bytes: 1_600, ms: 0.5 };
/** What acknowledges takes this share of a limit (S-7). */
const ACKNOWLEDGING = 0.1;
const ETHERNET_HEADER = 14;

/** Lines of `tc -batch` for each device, beginning with its root queue. */
export type QueuePlan = readonly { readonly device: string; readonly lines: readonly string[] }[];

/** What there is to go by, beside the order: limits, calls, links of varying rate, and what the machine is like. */
export type Conditions = {
  readonly rules: DataRules;
  readonly traffic: Traffic;
  /** Devices whose packets bear an Ethernet header in the eyes of a queue. */
  readonly framed: ReadonlySet<string>;
  /** The kernel has fq_codel. */
  readonly fair: boolean;
  /** What comes in by a link waits at a device of its own (inward-plan.ts). */
  readonly inward: boolean;
};

type Way = 'up' | 'down';

export const QUIET: Traffic = { calls: [], rates: {} };
export const PLAIN: Conditions = { rules: {}, traffic: QUIET, framed: new Set(), fair: false, inward: false };

/**
 * Voice before data before the box's own messages: three HTB classes per link and direction. Where the kernel can't
 * sort what comes in, data is shaped towards the data LAN, so that downloads queue here and not at the provider. The class of a packet is the priority that the nft plan gives it
 * (`meta priority`): no tc classifier is needed. Each class counts what a packet takes of the link, headers and cells.
 *
 *   1:1 the line ─┬─ 1:10 voice: guaranteed its calls, may take the whole line
 *                 └─ 1:2  the rest, up to what the running calls leave ─┬─ 1:25 what acknowledges data, before it
 *                                                                      ├─ 1:20 data, up to its limit (S-7)
 *                                                                      └─ 1:30 the box's own messages
 *
 * Within its guarantee voice is served before everything, whatever the others may still borrow (HTB serves what is
 * guaranteed first): so that of data is next to nothing, and a data packet is never two in a row.
 */
export function queuePlan(plane: DataPlane, steering: Steering, conditions: Conditions = PLAIN): QueuePlan {
  const queues = (link: PlaneLink, way: Way) => ({
    device: deviceOf(link, way),
    lines: classes(plane, link, way, conditions),
  });
  return [
    ...plane.links.map((link) => queues(link, 'up')),
    ...inward(plane, conditions).map((link) => queues(link, 'down')),
    // Nothing has to wait for a LAN twice.
    { device: plane.dataInterface, lines: conditions.inward ? [] : towardsLan(plane, steering, conditions) },
  ];
}

/** What changes while calls come and go, links vary and limits are reached; the class of voice is never touched. */
export const queueChanges = (plane: DataPlane, steering: Steering, conditions: Conditions): readonly string[] => [
  ...plane.links.flatMap((link) => changing(plane, link, 'up', conditions)),
  ...inward(plane, conditions).flatMap((link) => changing(plane, link, 'down', conditions)),
  ...(conditions.inward ? [] : downwards(plane, steering, conditions)),
];

const inward = ({ links }: DataPlane, conditions: Conditions): readonly PlaneLink[] => (conditions.inward ? links : []);

const changing = (plane: DataPlane, link: PlaneLink, way: Way, conditions: Conditions): readonly string[] => [
  rest(plane, link, way, conditions),
  ...dataOf(link, way, conditions),
];

const deviceOf = (link: PlaneLink, way: Way): string => (way === 'up' ? link.interface : inwardOf(link));

function classes(plane: DataPlane, link: PlaneLink, way: Way, conditions: Conditions): string[] {
  const device = deviceOf(link, way);
  const line = lineOf(link, way);
  const voice = Math.min(guaranteed(plane, link), line - 2 * LEAST_KBPS);
  const size = `${burst(ALL_CALLS, line)} ${sizing(link, conditions)}`;
  return [
    `qdisc add dev ${device} root handle 1: htb default 20 r2q 1`,
    `class replace dev ${device} parent 1: classid 1:1 htb rate ${line}kbit ceil ${line}kbit ${size}`,
    `class replace dev ${device} parent 1:1 classid ${CLASS.voice} htb rate ${voice}kbit ceil ${line}kbit prio 0 ${size}`,
    ...changing(plane, link, way, conditions),
    `class replace dev ${device} parent ${INNER} classid ${CLASS.background} htb rate ${LEAST_KBPS}kbit ceil ${line}kbit prio 2 ${short(link, way, conditions)}`,
    `qdisc replace dev ${device} parent ${CLASS.voice} handle 10: pfifo limit 50`,
    `qdisc replace dev ${device} parent ${CLASS.data} handle 20: ${leaf(line, conditions.fair)}`,
    `qdisc replace dev ${device} parent ${CLASS.acknowledging} handle 25: pfifo limit 100`,
    `qdisc replace dev ${device} parent ${CLASS.background} handle 30: pfifo limit 20`,
  ];
}

const lineOf = (link: PlaneLink, way: Way): number =>
  Math.floor(wireKbps(link[`${way}Kbps`], kindOf(link)) * SHARE[way]);

/** What the provisioned calls take at their dearest, and those that may come beyond. */
const guaranteed = (plane: DataPlane, link: PlaneLink): number =>
  Math.ceil((plane.channels + BEYOND) * callWireKbps(undefined, kindOf(link), wrappingOf(plane)) * BESIDE);

/**
 * Everything but voice: what the link bears now, less what the running calls take of it. That room is kept on each link,
 * whichever carries them: the kernel may move them in the next instant (F-3), and nobody could make room so soon.
 */
function rest(plane: DataPlane, link: PlaneLink, way: Way, conditions: Conditions): string {
  const share = way === 'up' ? SHARE.up : DATA_DOWN[talking(conditions)];
  const ceiling = left(bears(link, way, conditions) * share - callsOn(plane, link, conditions));
  return `class replace dev ${deviceOf(link, way)} parent 1:1 classid ${INNER} htb rate ${LEAST_KBPS}kbit ceil ${ceiling}kbit prio 1 ${short(link, way, conditions)}`;
}

/** S-7: a limit is at layer 3, and is data's alone; what acknowledges has a part of it. */
function dataOf(link: PlaneLink, way: Way, conditions: Conditions): readonly string[] {
  const [line, limit] = [lineOf(link, way), limitOf(link, conditions)];
  const part = Number.isFinite(limit) ? left(limit * ACKNOWLEDGING) : 0;
  const replace = (handle: string, ceiling: number, prio: number): string =>
    `class replace dev ${deviceOf(link, way)} parent ${INNER} classid ${handle} htb rate ${LEAST_KBPS}kbit ceil ${left(ceiling)}kbit prio ${prio} ${short(link, way, conditions)}`;
  return [
    replace(CLASS.acknowledging, part === 0 ? line : Math.min(line, part), 0),
    replace(CLASS.data, Math.min(line, limit - part), 1),
  ];
}

/** Voice of softphones on the data LAN is not behind its downloads. */
function towardsLan(plane: DataPlane, steering: Steering, conditions: Conditions): string[] {
  const { dataInterface: device } = plane;
  return [
    `qdisc add dev ${device} root handle 1: htb default 20 r2q 1`,
    `class replace dev ${device} parent 1: classid ${CLASS.voice} htb rate 10gbit ceil 10gbit burst 1mb cburst 1mb prio 0 quantum 1514`,
    ...downwards(plane, steering, conditions),
    `qdisc replace dev ${device} parent ${CLASS.data} handle 20: ${leaf(linkNamed(plane, steering.data)?.downKbps ?? LEAST_KBPS, conditions.fair)}`,
  ];
}

/** Data that comes down gets what the link that carries it can bring, less the calls that run on it; or its limit (S-7). */
function downwards(plane: DataPlane, steering: Steering, conditions: Conditions): readonly string[] {
  const { dataInterface: device } = plane;
  const link = linkNamed(plane, steering.data);
  const base = `class replace dev ${device} parent 1: classid ${CLASS.data} htb`;
  if (link === undefined) return [`${base} rate ${LEAST_KBPS}kbit ceil ${LEAST_KBPS}kbit quantum 1514`];
  const brings = bears(link, 'down', conditions) * TO_LAN[talking(conditions)];
  const rate = Math.min(left(brings - callsOn(plane, link, conditions)), limitOf(link, conditions));
  return [`${base} rate ${rate}kbit ceil ${rate}kbit ${burst(ALL_CALLS, rate)} ${sizing(link, conditions, device)}`];
}

const talking = ({ traffic }: Conditions): 'calls' | 'none' => (traffic.calls.length > 0 ? 'calls' : 'none');

const left = (kbps: number): number => Math.max(LEAST_KBPS, Math.floor(kbps));

const callsOn = (plane: DataPlane, link: PlaneLink, { traffic }: Conditions): number =>
  traffic.calls.reduce((sum, codec) => sum + callWireKbps(codec, kindOf(link), wrappingOf(plane)), 0) * BESIDE;

/** kbit/s of the wire: what was measured of late on a link that varies, never more than was ordered. */
function bears(link: PlaneLink, way: Way, { traffic }: Conditions): number {
  const ordered = link[`${way}Kbps`];
  const measured = traffic.rates[link.name]?.[`${way}Kbps`] ?? ordered;
  return wireKbps(Math.min(ordered, measured), kindOf(link));
}

function limitOf(link: PlaneLink, { rules }: Conditions): number {
  const kbps = rules[link.name]?.kbps;
  return kbps === undefined ? Number.POSITIVE_INFINITY : Math.floor(wireKbps(kbps, kindOf(link)));
}

const short = (link: PlaneLink, way: Way, conditions: Conditions): string =>
  `${burst(ONE_PACKET, lineOf(link, way))} ${sizing(link, conditions)}`;

function burst({ bytes, ms }: typeof ONE_PACKET, kbps: number): string {
  const size = Math.max(bytes, Math.floor((kbps * ms) / 8));
  return `burst ${size}b cburst ${size}b`;
}

/** What the class adds to the length that it sees, to know what the packet takes of the link. */
function sizing(link: PlaneLink, { framed }: Conditions, device = link.interface): string {
  const { overhead, cells } = layerOf(kindOf(link));
  // Nothing may be taken off (tc-htb): a modem that pretends to be Ethernet makes each packet four bytes too long.
  const unseen = Math.max(0, overhead - (framed.has(device) ? ETHERNET_HEADER : 0));
  return `quantum 1514 overhead ${unseen} linklayer ${cells ? 'atm' : 'ethernet'}`;
}

const wrappingOf = ({ overlay }: DataPlane): number => (overlay === undefined ? 0 : WRAPPING);
