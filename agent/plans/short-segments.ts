import type { DataPlane, PlaneLink } from './data-plane.ts';

/** A data packet on the wire is what voice always waits for: it shall not last longer (ms). */
const LONGEST_MS = 5;
/** RFC 1122 4.2.2.6: what every host takes; less would cost more than it brings. */
const LEAST = 536;
/** IPv4 and TCP headers. */
const HEADERS = 40;
const ETHERNET_MOST = 1_460;

/**
 * The largest TCP segment for one direction of a link (bytes), so short that its packet is through within five
 * milliseconds: 585 at 1 Mbit/s, 536 at less. Undefined from 2.4 Mbit/s on, where a full packet is short enough.
 */
export function segmentOf(kbps: number): number | undefined {
  const bytes = Math.floor((kbps * LONGEST_MS) / 8) - HEADERS;
  return bytes >= ETHERNET_MOST ? undefined : Math.max(LEAST, bytes);
}

/** What goes up is as long as the far end says that it takes: told by its first segment, which comes in. Both for input and forward. */
export const shortUpwards = ({ links }: DataPlane): string[] =>
  links.flatMap((link) => clamp('iifname', link, link.upKbps));

/** What comes down is as long as this side says. In the postrouting hook, where the box's own connections pass too. */
export const shortDownwards = ({ links }: DataPlane): string[] =>
  links.flatMap((link) => clamp('oifname', link, link.downKbps));

function clamp(side: 'iifname' | 'oifname', { interface: device }: PlaneLink, kbps: number): string[] {
  const segment = segmentOf(kbps);
  // The kernel never raises it (nft_exthdr).
  return segment === undefined
    ? []
    : [`    ${side} "${device}" tcp flags syn / syn,rst tcp option maxseg size set ${segment}`];
}
