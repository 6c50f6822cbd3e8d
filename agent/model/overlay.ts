import { addressOf, numberOf } from './ipv4-networks.ts';

/** What both ends make of the eight addresses of a site (`block`, a /29); links are counted from 1, to 4. */
export type OverlayAddresses = {
  /** Where voice of the site comes from, whichever link carries it. */
  readonly voice: string;
  /** The box at the end of that link's tunnel: probes and beats. */
  readonly tunnel: (link: number) => string;
  /** The concentrator, for the box. */
  readonly far: string;
  /** VXLAN network identifier (RFC 7348 5), 24 bits: the last three octets of the tunnel's address. */
  readonly vni: (link: number) => number;
  /** Ethernet addresses of both ends (IEEE 802: locally administered), fixed, so that nobody has to ask for them. */
  readonly mac: (side: 'box' | 'concentrator', link: number) => string;
};

export function overlayAddresses(block: string): OverlayAddresses {
  const base = numberOf(block.split('/')[0] ?? '');
  return {
    voice: addressOf(base),
    tunnel: (link) => addressOf(base + link),
    far: addressOf(base + 7),
    vni: (link) => (base + link) % 2 ** 24,
    mac: (side, link) => [`02:${side === 'box' ? '01' : '00'}`, ...octets(base + link)].join(':'),
  };
}

const octets = (number: number): string[] =>
  addressOf(number)
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'));

/** UDP port and bits (from the UDP header) at which a VXLAN packet over IPv4 bears what is looked at without opening it. */
export const VXLAN_BITS = { vni: 96, vniWithReserved: 32, inside: 400 } as const;
