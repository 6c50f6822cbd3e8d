import { z } from 'zod';
import { FailoverRulesSchema, LinkSchema, SiteConfigSchema } from '../../agent/model/site-config.ts';
import { readEuro } from '../euro.ts';

const site = SiteConfigSchema.shape;
const rules = FailoverRulesSchema.shape;

/** An amount as an operator writes it, exact to the micro-euro; a string, so that no floating point comes near money. */
const euro = z.string().refine((text) => readEuro(text) !== undefined, 'an amount in euros such as "150" or "150.50"');

const brokerName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'a DNS name or an IPv4 address');

/** What an operator orders for one site: a SiteConfig with the operator's data by name and the numbers that have a sensible value left out (P-1). */
export const OrderSchema = z.strictObject({
  schema: z.literal('relais/order/1'),
  tenant: site.tenant,
  client: site.client,
  /** C-1: `capEuro` overrides the cap of the regime for this billing account. */
  account: z.strictObject({ id: site.account.shape.id, capEuro: euro.optional() }),
  site: site.site,
  device: site.device,
  regime: z.string().min(1),
  tariff: z.string().min(1),
  /** The numbering table, such as "numbering-2025-07-02". */
  numbering: z.string().min(1),
  links: z
    .array(z.strictObject({ ...LinkSchema.shape, use: LinkSchema.shape.use.default('shared') }))
    .min(1)
    .max(4),
  lans: site.lans,
  failover: z.strictObject({
    /** The "Fiabilité +" option; refused where F-1 does not hold. */
    wanted: z.boolean(),
    reflector: rules.reflector,
    activeIntervalMs: rules.activeIntervalMs.default(100),
    idleIntervalMs: rules.idleIntervalMs.default(1_000),
    patienceMs: rules.patienceMs.default(300),
    lossesToLeave: rules.lossesToLeave.default(3),
    holdOffMs: rules.holdOffMs.default(60_000),
    holdOffMaxMs: rules.holdOffMaxMs.default(900_000),
    heartbeat: rules.heartbeat,
    overlay: rules.overlay,
  }),
  voice: site.voice,
  lines: site.lines,
  fax: site.fax,
  fleet: site.fleet,
  waivers: site.waivers,
  documentsReceived: site.documentsReceived,
  cleared: site.cleared,
  central: z.strictObject({
    host: site.central.shape.host,
    port: site.central.shape.port,
    /** Mutual TLS on that port. `servername`: what the broker's certificate bears, where that is not `host`. */
    tls: z
      .strictObject({ servername: brokerName.optional(), migratingFrom: site.central.shape.port.optional() })
      .optional(),
  }),
  controllers: site.controllers,
  services: site.services,
  ipv6: site.ipv6,
  /** Two writes to the flash a minute for each paid call. */
  reservationSeconds: site.reservationSeconds.default(30),
});
export type Order = z.infer<typeof OrderSchema>;
