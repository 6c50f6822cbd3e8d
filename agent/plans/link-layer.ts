import type { Link } from '../model/site-config.ts';

/** What a link adds to each packet of IP: bytes, and whether the sum travels in cells of 53 that carry 48. */
export type LinkLayer = { readonly overhead: number; readonly cells: boolean };

/** PPPoE and AAL5 (ITU-T I.363.5); PTM with its frame (IEEE 802.3 61); Ethernet with preamble and gap (IEEE 802.3); PDCP, RLC and MAC of LTE. */
const LAYERS: Readonly<Record<Link['kind'], LinkLayer>> = {
  adsl: { overhead: 40, cells: true },
  sdsl: { overhead: 22, cells: false },
  fibre: { overhead: 38, cells: false },
  'fibre-pro': { overhead: 38, cells: false },
  mobile: { overhead: 10, cells: false },
  substitute: { overhead: 10, cells: false },
};
const FULL_PACKET = 1_500;

export const layerOf = (kind: Link['kind']): LinkLayer => LAYERS[kind];

/** Bytes that a packet of IP takes of the link. What stretches all packets alike (64/65 of PTM) is in the rate. */
export function onWire(bytes: number, kind: Link['kind']): number {
  const { overhead, cells } = LAYERS[kind];
  return cells ? Math.ceil((bytes + overhead) / 48) * 53 : bytes + overhead;
}

/** The rate of the wire (kbit/s) on which full packets reach `kbps` at layer 3, as links are ordered. */
export const wireKbps = (kbps: number, kind: Link['kind']): number => (kbps * onWire(FULL_PACKET, kind)) / FULL_PACKET;
