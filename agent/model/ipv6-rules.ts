import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'the name of a link');
const cidr = z.cidrv6();
const lan = z.cidrv6().regex(/\/64$/, 'a network of 64 bits (RFC 4862: hosts make their addresses of it)');

/** How one link speaks IPv6. */
const Ipv6LinkSchema = z.strictObject({
  /** Name of one of the site's links. */
  link: name,
  /**
   * Next hop: an address, `advertised` where the provider's router announces itself (RFC 4861), or `point-to-point` where
   * there is nobody else on the link.
   */
  router: z.union([z.ipv6(), z.enum(['advertised', 'point-to-point'])]),
  /** Address of the box there, which the agent sets; absent: the kernel makes it of what the router announces, or the system has it. */
  address: cidr.optional(),
  /** What the provider routes to the site over this link. Absent: LANs leave with the box's own address (masquerade). */
  prefix: cidr.optional(),
});

/** IPv6 for the customer's site (F-1 to F-5, Q-1, Q-2); without it nothing of IPv6 is forwarded. */
export const Ipv6RulesSchema = z.strictObject({
  /** Networks of the LANs, announced to their hosts: of the main link's prefix, or unique local ones (RFC 4193). */
  lans: z.strictObject({ voice: lan, data: lan }),
  links: z.array(Ipv6LinkSchema).min(1).max(4),
  /** The operator's voice networks. */
  voiceNetworks: z.array(cidr).max(64).default([]),
  /** SIP servers that phones may speak to by IPv6: through relay ports of their own, after those of `voice.sipServers`. */
  sipServers: z
    .array(z.strictObject({ name, address: z.ipv6(), port: z.int().min(1).max(65_535) }))
    .max(8)
    .default([]),
});
export type Ipv6Rules = z.infer<typeof Ipv6RulesSchema>;
