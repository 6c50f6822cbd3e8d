import { z } from 'zod';
import { numberOf } from './ipv4-networks.ts';

const ipv4 = z.ipv4();
const cidr = z.cidrv4();
const port = z.int().min(1).max(65_535);
const link = z.string().min(1).max(31);
const words = z
  .string()
  .max(256)
  .regex(/^[^\n\r]*$/, 'one line');
const MOST = 64;

/** Ports from `first` to `last`, both among them. */
const PortsSchema = z
  .strictObject({ first: port, last: port })
  .refine(({ first, last }) => first <= last, { path: ['last'], error: 'not below the first port' });

/** As dnsmasq and DHCP write it: six pairs of lower-case digits. */
const MacSchema = z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'a hardware address such as 00:11:22:aa:bb:cc');

/** A name of DNS without the dot at its end (RFC 1035 2.3.1, with underscores and digits first as they are used). */
const DomainSchema = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/,
    'a domain such as example.com',
  );

/** A port of a link, led to a host of the data LAN. */
const RedirectionSchema = z.strictObject({
  /** Absent: on every link that carries data. */
  link: link.optional(),
  protocol: z.enum(['tcp', 'udp']),
  /** Only from there; absent: from anywhere. */
  from: cidr.optional(),
  ports: PortsSchema,
  /** Of a range, the port that the range begins at: each port keeps its number. */
  to: z.strictObject({ address: ipv4, port }),
  description: words.optional(),
});

/** The host that gets what comes in and has no other place. */
const DmzSchema = z.strictObject({
  link: link.optional(),
  address: ipv4,
  from: cidr.optional(),
  description: words.optional(),
});

/** A fixed public address of a link (M-9), given to one host of the data LAN, both ways. */
const PublicAddressSchema = z.strictObject({ link, address: ipv4, host: ipv4 });

/** A port open or closed: the first rule that fits decides. */
const PortRuleSchema = z
  .strictObject({
    target: z.enum(['accept', 'drop', 'reject']),
    /** Number of IANA, such as 6 for TCP and 17 for UDP; absent: any. */
    protocol: z.int().min(0).max(255).optional(),
    from: cidr.optional(),
    to: cidr.optional(),
    ports: PortsSchema.optional(),
    description: words.optional(),
  })
  .refine(({ protocol, ports }) => ports === undefined || protocol === 6 || protocol === 17, {
    path: ['protocol'],
    error: 'ports need protocol 6 (TCP) or 17 (UDP)',
  });

const PoolSchema = z
  .strictObject({
    first: ipv4,
    last: ipv4,
    leaseSeconds: z.int().min(120).max(31_536_000),
    /** What clients ask names of; empty: the box itself. */
    dnsServers: z.array(ipv4).max(4).default([]),
    domain: DomainSchema.optional(),
    reservations: z
      .array(z.strictObject({ mac: MacSchema, address: ipv4 }))
      .max(100)
      .default([]),
  })
  .refine(({ first, last }) => numberOf(first) <= numberOf(last), {
    path: ['last'],
    error: 'not below the first address',
  });

/**
 * What the box does for the data LAN besides carrying it (M-1, M-2, M-9). The default is the standard configuration of a
 * site whose order says nothing: nothing is open, and addresses and names are somebody else's work.
 */
export const ManagedServicesSchema = z.strictObject({
  /** Address of the box on the data LAN; absent: it is set by hand and never touched. */
  lan: z.strictObject({ address: ipv4, prefix: z.int().min(8).max(30) }).optional(),
  redirections: z.array(RedirectionSchema).max(MOST).default([]),
  dmz: z.array(DmzSchema).max(4).default([]),
  publicAddresses: z.array(PublicAddressSchema).max(16).default([]),
  /** From the data LAN outwards; what no rule names passes. */
  outward: z.array(PortRuleSchema).max(MOST).default([]),
  /** To hosts with a public address; what no rule names is dropped. `to` is the host in the LAN. */
  inward: z.array(PortRuleSchema).max(MOST).default([]),
  dhcp: z.strictObject({ data: PoolSchema.optional(), voice: PoolSchema.optional() }).default({}),
  dns: z
    .strictObject({
      /** The box answers questions for names on the data LAN. */
      relay: z.boolean(),
      servers: z.array(ipv4).max(4).default([]),
      /** `deny`: the domains, and what is under them, do not exist; `allow`: nothing else does. */
      filter: z.enum(['off', 'deny', 'allow']).default('off'),
      domains: z.array(DomainSchema).max(1_000).default([]),
    })
    .default({ relay: false, servers: [], filter: 'off', domains: [] }),
});
export type ManagedServices = z.infer<typeof ManagedServicesSchema>;
export type PortRule = z.infer<typeof PortRuleSchema>;
export type DhcpPool = z.infer<typeof PoolSchema>;

/** Nothing open, DHCP off. */
export const NOTHING_SERVED: ManagedServices = ManagedServicesSchema.parse({});
