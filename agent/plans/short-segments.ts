import type { DataPlane, PlaneLink } from './data-plane.ts';

/** A data packet on the wire is what voice always waits for: it shall not last longer (ms). */
const LONGEST_MS = 5;
/** RFC 1122 4.2.2.6: what every host takes; less would cost more than it brings. */
const LEAST = 536;
/** IP and TCP headers. */
const HEADERS = { ipv4: 40, ipv6: 60 } as const;
type Family = keyof typeof HEADERS;
const ETHERNET = 1_500;

/**
 * The largest TCP segment for one direction of a link (bytes), so short that its packet is through within five
 * milliseconds: 585 at 1 Mbit/s, 536 at less. Undefined from 2.4 Mbit/s on, where a full packet is short enough. By IPv6
 * it is 20 bytes less, for its header is so much longer; by a link of a smaller `mtu` what that leaves.
 */
export function segmentOf(kbps: number, mtu?: number, family: Family = 'ipv4'): number | undefined {
  const bytes = Math.floor((kbps * LONGEST_MS) / 8) - HEADERS[family];
  const short = bytes >= ETHERNET - HEADERS[family] ? undefined : Math.max(LEAST, bytes);
  return mtu === undefined ? short : Math.min(short ?? mtu, mtu - HEADERS[family]);
}

/** What goes up is as long as the far end says that it takes: told by its first segment, which comes in. Both for input and forward. */
export const shortUpwards = (plane: DataPlane): string[] =>
  plane.links.flatMap((link) => clamps(plane, `iifname "${link.interface}"`, link, link.upKbps));

/** What comes down is as long as this side says. In the postrouting hook, where the box's own connections pass too. */
export const shortDownwards = (plane: DataPlane): string[] =>
  plane.links.flatMap((link) => clamps(plane, `oifname "${link.interface}"`, link, link.downKbps));

/** Without IPv6 there is one rule for whatever comes. The kernel never raises a segment (nft_exthdr). */
function clamps({ ipv6 }: DataPlane, side: string, { mtu }: PlaneLink, kbps: number): string[] {
  const families: readonly (readonly [Family, string])[] = ipv6
    ? [
        ['ipv4', 'meta nfproto ipv4 '],
        ['ipv6', 'meta nfproto ipv6 '],
      ]
    : [['ipv4', '']];
  return families.flatMap(([family, which]) => {
    const segment = segmentOf(kbps, mtu, family);
    return segment === undefined
      ? []
      : [`    ${side} ${which}tcp flags syn / syn,rst tcp option maxseg size set ${segment}`];
  });
}
