import { z } from 'zod';
import { numberOf } from './ipv4-networks.ts';

/** Ways to wrap voice. Only the first was ever run: orders with another one are refused (provisioning/orders/overlay.ts). */
const TUNNEL_KINDS = ['vxlan', 'gre', 'wireguard'] as const;

/** Addresses of the site in the overlay: its own voice address, one for each link, and the concentrator's (overlay.ts). */
const block = z
  .cidrv4()
  .refine((cidr) => cidr.endsWith('/29'), 'eight addresses: write a network of /29')
  .refine((cidr) => numberOf(cidr.split('/')[0] ?? '') % 8 === 0, 'a /29 begins at a multiple of eight');

/**
 * Voice for the operator's networks goes through a tunnel on each link to a concentrator of the operator, and keeps its address
 * whichever link carries it (F-3). Needs `heartbeat`: liveness of the tunnels decides on both ends.
 */
export const OverlayRulesSchema = z.strictObject({
  kind: z.enum(TUNNEL_KINDS).default('vxlan'),
  /** Address and UDP port of the concentrator on the Internet. */
  concentrator: z.ipv4(),
  port: z.int().min(1).max(65_535).default(4_790),
  block,
  /** When each packet of voice takes both links: as soon as a beat is late, or always. */
  duplicate: z.enum(['never', 'suspected', 'always']).default('never'),
  /** Largest packet inside (bytes): that of the narrower link less 50. */
  mtu: z.int().min(576).max(1_450).default(1_400),
});
