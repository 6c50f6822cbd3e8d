import type { DataRules, Steering } from '../ports/network.ts';
import { type DataPlane, linkNamed, type PlaneLink } from './data-plane.ts';

/** One G.711 call of 20 ms packets with headers of IP, UDP and RTP: 80 kbit/s, and a tenth for bursts. */
const CALL_KBPS = 95;
/** The same with what wraps each packet: 50 bytes of VXLAN (RFC 7348 5). */
const WRAPPED_CALL_KBPS = 117;
/** The box must be the slowest hop, or the queue builds up where nobody sorts it. */
const SHARE_UP = 0.97;
const SHARE_DOWN = 0.9;
/** No link carries data: what still trickles in is of no importance. */
const CLOSED_KBPS = 8;

/** What the box's own messages get when everybody else wants all: they never stop for good. */
const BACKGROUND_KBPS = 8;

/** Lines of `tc -batch` for each device, beginning with its root queue. */
export type QueuePlan = readonly { readonly device: string; readonly lines: readonly string[] }[];

/**
 * Voice before data before the box's own messages, with three HTB classes per link, and data shaped towards the data LAN so that downloads queue
 * here and not at the provider. Small bursts: one data packet at a time stands before a voice packet.
 * The class of a packet is the priority that the nft plan gives it (`meta priority`): no tc classifier is needed.
 */
export function queuePlan(plane: DataPlane, steering: Steering, rules: DataRules = {}): QueuePlan {
  const down = plane.dataInterface;
  return [
    ...plane.links.map((link) => ({ device: link.interface, lines: upwards(plane, link, rules) })),
    {
      device: down,
      lines: [
        `qdisc add dev ${down} root handle 1: htb default 20 r2q 1`,
        ...downwards(plane, steering, rules),
        `qdisc replace dev ${down} parent 1:20 handle 20: pfifo limit 30`,
      ],
    },
  ];
}

function upwards(plane: DataPlane, link: PlaneLink, rules: DataRules): string[] {
  const { interface: device } = link;
  const line = Math.floor(link.upKbps * SHARE_UP);
  const voice = voiceUp(plane, line);
  return [
    `qdisc add dev ${device} root handle 1: htb default 20 r2q 1`,
    `class replace dev ${device} parent 1: classid 1:1 htb rate ${line}kbit ceil ${line}kbit burst 1600b cburst 1600b quantum 1514`,
    `class replace dev ${device} parent 1:1 classid 1:10 htb rate ${voice}kbit ceil ${line}kbit burst 1600b cburst 1600b prio 0 quantum 1514`,
    dataUpwards(plane, link, rules),
    `class replace dev ${device} parent 1:1 classid 1:30 htb rate ${BACKGROUND_KBPS}kbit ceil ${line}kbit burst 200b cburst 200b prio 2 quantum 1514`,
    `qdisc replace dev ${device} parent 1:10 handle 10: pfifo limit 50`,
    `qdisc replace dev ${device} parent 1:20 handle 20: pfifo limit 20`,
    `qdisc replace dev ${device} parent 1:30 handle 30: pfifo limit 20`,
  ];
}

const voiceUp = (plane: DataPlane, line: number): number =>
  Math.min(plane.channels * callKbps(plane), Math.floor(line * 0.9));

const callKbps = ({ overlay }: DataPlane): number => (overlay === undefined ? CALL_KBPS : WRAPPED_CALL_KBPS);

/** The class of data that goes up: what voice leaves, and borrows the whole line; under a limit no more than that (S-7). */
export function dataUpwards(plane: DataPlane, link: PlaneLink, rules: DataRules): string {
  const { interface: device } = link;
  const line = Math.floor(link.upKbps * SHARE_UP);
  const free = Math.max(line - voiceUp(plane, line) - BACKGROUND_KBPS, 8);
  const { kbps = line } = rules[link.name] ?? {};
  const [rate, ceiling] = [Math.min(free, kbps), Math.min(line, kbps)];
  return `class replace dev ${device} parent 1:1 classid 1:20 htb rate ${rate}kbit ceil ${ceiling}kbit burst 200b cburst 200b prio 1 quantum 1514`;
}

/** Data that comes down gets what the link that carries it can bring, less the calls that the site may hold; or its limit (S-7). */
export function downwards(plane: DataPlane, steering: Steering, rules: DataRules = {}): readonly string[] {
  const link = linkNamed(plane, steering.data);
  const { kbps = Number.POSITIVE_INFINITY } = rules[steering.data] ?? {};
  const rate = link === undefined ? CLOSED_KBPS : Math.min(kbps, rateDown(plane, link, steering));
  return [
    `class replace dev ${plane.dataInterface} parent 1: classid 1:20 htb rate ${rate}kbit ceil ${rate}kbit burst 1600b cburst 1600b quantum 1514`,
  ];
}

function rateDown(plane: DataPlane, link: PlaneLink, steering: Steering): number {
  const shared = steering.voice === steering.data ? plane.channels * callKbps(plane) : 0;
  return Math.max(Math.floor(link.downKbps * SHARE_DOWN) - shared, Math.floor(link.downKbps * 0.3));
}
