import { z } from 'zod';
import { hasOnePlace, LampCoilsSchema, MODBUS_PLACE, ModbusPlaceSchema, ONE_PLACE } from './board.ts';
import { CivilDateSchema, DeckSchema } from './deck.ts';
import { SelectorSchema } from './destination.ts';
import { E164Schema } from './e164.ts';
import { HeartbeatRulesSchema } from './heartbeat-rules.ts';
import { Ipv6RulesSchema } from './ipv6-rules.ts';
import { ManagedServicesSchema } from './managed-services.ts';
import { ControllerSchema } from './management.ts';
import { LineOptionsSchema, LineOrderSchema } from './mobile-line.ts';
import { NumberingSchema } from './numbering.ts';
import { OverlayRulesSchema } from './overlay-rules.ts';
import { RegimeSchema } from './regime.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes, starting with a letter');
const ipv4 = z.ipv4();
const cidr = z.cidrv4();
const port = z.int().min(1).max(65535);

/** One access link of the site (F-1 … F-6). Rates are what the link really carries at layer 3, in kbit/s. */
export const LinkSchema = z.strictObject({
  name,
  role: z.enum(['main', 'second']),
  kind: z.enum(['adsl', 'sdsl', 'fibre', 'fibre-pro', 'mobile', 'substitute']),
  /** F-2: what a second link is for. */
  use: z.enum(['shared', 'voice-dedicated']),
  upKbps: z.int().min(64).max(10_000_000),
  downKbps: z.int().min(64).max(10_000_000),
  /** Next hop; absent on a point-to-point interface. */
  gateway: ipv4.optional(),
  /** Largest packet of the link in bytes, set on its interface; absent: what the system made it. RFC 8200 5: IPv6 needs 1,280. */
  mtu: z.int().min(1_280).max(9_000).optional(),
  /**
   * Bytes that the box's own messages to the central may take on this link in a day of UTC, both ways, headers included;
   * false or absent where nobody pays by the byte. Below 2 MB a day there would be no room for the records of a busy day.
   */
  metered: z
    .union([
      z.literal(false),
      z.strictObject({
        bytesPerDay: z.int().min(2_000_000).max(1_000_000_000_000),
        /** Pace of what an idle box says there, in seconds; absent: `METERED_PACE` (road-pace.ts). */
        keepAliveSeconds: z.int().min(10).max(1_800).optional(),
        telemetrySeconds: z.int().min(300).max(86_400).optional(),
      }),
    ])
    .optional(),
  /** U-1: the mobile line whose SIM is in the modem of this link: its plan pays for the data that the box counts there. */
  line: E164Schema.optional(),
  /** What the order says of that line beyond its number. */
  sim: z
    .strictObject({
      /** Its plan in the price list, where it is none of the site's own lines (F-6, S-4, S-7). */
      plan: z.string().min(1).optional(),
      /** S-3: options of the order form; as they are here until an order changes them. */
      options: LineOptionsSchema.optional(),
      /** S-3, S-5 to S-7, S-9, S-10: obeyed once each, in this order, as if they had come over MQTT. */
      orders: z.array(LineOrderSchema).max(50).default([]),
    })
    .optional(),
});
export type Link = z.infer<typeof LinkSchema>;

/** Fax IP of the site (X-1 … X-7). Passwords are never here: see `faxSecrets` of the box. */
export const SiteFaxSchema = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        /** One of the site's numbers. */
        number: E164Schema,
        /** A fax machine behind the modem of the box, or the box itself: faxes come as PDF by mail and go from the spool. */
        mode: z.enum(['machine', 'terminal']),
        /** Name of the SIP server where the line registers, and its user there (RFC 3261 22). */
        server: name,
        user: z.string().min(1).max(64),
        /** CSI, TSI and CIG (T.30 5.3.6.2.4 … 6): what the other end prints at the top of the page. */
        stationId: z.string().regex(/^[+0-9 ]{1,20}$/, 'up to 20 digits, spaces and +'),
        /** Machine only: T.38 in the first INVITE, for a network that wants it so; absent: the call begins as audio. */
        imageAtOnce: z.boolean().optional(),
        /** Terminal only: where faxes that arrive are sent. */
        mail: z.email().optional(),
      }),
    )
    .min(1)
    .max(8),
  /** How mail leaves the site; needed as soon as a line has `mail`. */
  smtp: z
    .strictObject({
      host: z.string().min(1),
      port,
      security: z.enum(['tls', 'starttls', 'none']),
      from: z.email(),
      user: z.string().min(1).optional(),
    })
    .optional(),
});

export const FailoverRulesSchema = z.strictObject({
  enabled: z.boolean(),
  /** STAMP session-reflector of the operator (RFC 8762), reached beyond the first hop of each link. */
  reflector: z.strictObject({ address: ipv4, port }),
  /** Pace of the probes in ms while a call is up, and otherwise. */
  activeIntervalMs: z.int().min(20).max(10_000),
  idleIntervalMs: z.int().min(100).max(60_000),
  /** Probe is lost after this many ms without its answer. */
  patienceMs: z.int().min(20).max(10_000),
  lossesToLeave: z.int().min(1).max(100),
  /** F-3: the main link must be healthy this long before traffic comes home; doubled by each flap up to `holdOffMaxMs`. */
  holdOffMs: z.int().min(0).max(86_400_000),
  holdOffMaxMs: z.int().min(0).max(86_400_000),
  heartbeat: HeartbeatRulesSchema.optional(),
  overlay: OverlayRulesSchema.optional(),
});

/** How the box knows the broker (D-3). */
const CentralTlsSchema = z.strictObject({
  /** PEM of the roots that are believed, and no others. */
  roots: z.string().min(1).max(20_000),
  /** The name that the broker's certificate must bear: a DNS name or an IPv4 address. */
  servername: z.string().min(1).max(253),
  /** The plain port of before, which the broker keeps open until every box has such a configuration; the box never uses it. */
  migratingFrom: port.optional(),
});

/** What the operator signs for one device: everything that the agent needs to know about its site (P-1). */
export const SiteConfigSchema = z.strictObject({
  schema: z.literal('relais/site/1'),
  /** Grows with every change; an older version than the one in force is refused. */
  version: z.int().min(1),
  tenant: name,
  client: z.strictObject({ id: name, name: z.string().min(1) }),
  /** C-1, C-2: what the account may owe a cycle when this was signed; what the central lends beyond is the newer word. */
  account: z.strictObject({ id: name, limitMicroEuro: z.int().min(0).max(100_000_000_000).optional() }),
  /** V-1: the declared commune decides which emergency centre serves the site. */
  site: z.strictObject({ id: name, label: z.string().min(1), inseeCommune: z.string().regex(/^(\d{5}|2[AB]\d{3})$/) }),
  device: z.strictObject({ id: name }),
  links: z.array(LinkSchema).min(1).max(4),
  /** F-1: failover needs the voice and data LANs kept apart. */
  lans: z.strictObject({ separation: z.enum(['vlan', 'cabling', 'none']), voice: cidr, data: cidr }),
  failover: FailoverRulesSchema,
  voice: z.strictObject({
    /** The operator's voice networks. */
    networks: z.array(cidr).min(1),
    /** SIP servers that the phones talk to; each gets a relay port of its own on the box. */
    sipServers: z
      .array(z.strictObject({ name, address: ipv4, port }))
      .min(1)
      .max(8),
    /** subscribed simultaneous calls, in and out together. */
    channels: z.int().min(1).max(1000),
    /** V-5: numbers that their owner expressly lets the client present. */
    authorizedNumbers: z.array(E164Schema).default([]),
    /** V-8: last day in Paris on which exchanges dial the contract's prefix of preselection; absent: the IP service is live. */
    preselectionUntil: CivilDateSchema.optional(),
  }),
  /** Numbers assigned to the client (V-5). */
  lines: z.array(z.strictObject({ number: E164Schema, label: z.string().min(1), plan: z.string().min(1) })).min(1),
  /** V-6: signed waivers that open destinations closed at activation, by day in Paris. */
  waivers: z
    .array(z.strictObject({ for: SelectorSchema, from: CivilDateSchema, until: CivilDateSchema.optional() }))
    .default([]),
  /** V-6: false until the client's supporting documents are in, where the contract waits for them. */
  documentsReceived: z.boolean().default(true),
  /** V-7, C-6: support has looked at a line and cleared it at that instant (Unix ms): nothing before it counts against it. */
  cleared: z.array(z.strictObject({ line: E164Schema, at: z.int().min(0) })).optional(),
  fax: SiteFaxSchema.optional(),
  /** Mobiles of the client's own fleet. */
  fleet: z.array(E164Schema).default([]),
  central: z.strictObject({
    host: z.string().min(1),
    port,
    username: z.string().min(1),
    /** Mutual TLS: the box shows a certificate of its own and no password. Absent: a password, in clear. */
    tls: CentralTlsSchema.optional(),
  }),
  /** Who may look at the device and change it over the broker, each name once (M-1, M-6). */
  controllers: z
    .array(ControllerSchema)
    .max(16)
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'each name once')
    .default([]),
  /** Seconds of credit set aside at a time for a running paid call: what a crash may cost, and how often the flash is written. */
  reservationSeconds: z.int().min(1).max(600),
  regime: RegimeSchema,
  /** Price list and numbering table travel with the configuration, signed like the rest of it (P-4). */
  tariff: DeckSchema,
  numbering: NumberingSchema,
  /** When this was signed (Unix ms): the box's clock is not earlier. */
  issuedAt: z.int().min(0).optional(),
  /** The standard configuration of the managed services (M-1, M-2); absent: nothing open, DHCP off. */
  services: ManagedServicesSchema.optional(),
  /** Absent: nothing of IPv6 is forwarded. */
  ipv6: Ipv6RulesSchema.optional(),
});
export type SiteConfig = z.infer<typeof SiteConfigSchema>;

/** The envelope on disk: the exact bytes that were signed, base64, and an Ed25519 signature over them. */
export const SignedConfigSchema = z.strictObject({
  keyId: z.string().min(1),
  payload: z.base64(),
  signature: z.base64(),
});

/** What is true of the box rather than of the order: written once when the box is installed. */
export const BoxConfigSchema = z.strictObject({
  stateDirectory: z.string().min(1),
  siteConfig: z.string().min(1),
  /** PEM file with the operator's public key. */
  operatorKey: z.string().min(1),
  /** File that holds the device's MQTT password, readable by the agent alone. Not needed where the broker wants a certificate. */
  uplinkSecret: z.string().min(1).optional(),
  /** File with the device's key and certificate, made by `relais enroll`; "uplink-identity.pem" in `stateDirectory` if absent. */
  uplinkIdentity: z.string().min(1).optional(),
  /** File with the SIP passwords of fax lines by number, and `smtp` for the mail server: a JSON object, readable by the agent alone. */
  faxSecrets: z.string().min(1).optional(),
  /** Names of the kernel's interfaces. `links` maps a link's name to its interface. */
  interfaces: z.strictObject({ voice: z.string(), data: z.string(), links: z.record(z.string(), z.string()) }),
  /** First UDP port of the SIP relay (one per SIP server) and of the probes (one per link), both on the box itself. */
  relayPort: port.default(5070),
  probePort: port.default(8620),
  devices: z
    .strictObject({
      modem: z.strictObject({ path: z.string(), baudRate: z.int().default(115_200) }).optional(),
      /** The Class 1 modem that the fax machine hangs on. */
      fax: z.strictObject({ path: z.string(), baudRate: z.int().default(115_200) }).optional(),
      ups: ModbusPlaceSchema.optional(),
      /** Lamps on a Modbus I/O module: the coil of each, for boards whose own lamps nobody sees (G-2). */
      lamps: z
        .strictObject({ ...MODBUS_PLACE, coils: LampCoilsSchema })
        .refine(hasOnePlace, { path: ['host'], message: ONE_PLACE })
        .optional(),
      /** Address of the box on the data LAN: the only place where SSDP is spoken. */
      inventory: z.strictObject({ address: ipv4 }).optional(),
      /** The box answers searches on that LAN, and shows itself at this port of it; its network, so that nobody else is answered. */
      announce: z
        .strictObject({ network: cidr, port: port.default(49_152), friendlyName: z.string().min(1).max(63) })
        .optional(),
    })
    .default({}),
  /** M-4: a board that the project has a description for, by its name, or the file of an operator's own description. */
  board: z.string().min(1).optional(),
  /** Where the two slots of the installation lie, and the PEM with the public key that releases are signed with (D-3). */
  updates: z
    .strictObject({
      directory: z.string().min(1),
      releaseKey: z.string().min(1),
      /** PEM of the roots that the server of bundles is under; the system's if absent. */
      roots: z.string().min(1).optional(),
    })
    .optional(),
  log: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type BoxConfig = z.infer<typeof BoxConfigSchema>;
