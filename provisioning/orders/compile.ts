import type { Deck } from '../../agent/model/deck.ts';
import type { Numbering } from '../../agent/model/numbering.ts';
import type { Regime } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { readEuro } from '../euro.ts';
import type { Order } from './order.ts';

type Ingredients = {
  readonly regime: Regime;
  readonly tariff: Deck;
  readonly numbering: Numbering;
  readonly version: number;
  /** F-1: granted by `checkOrder`. */
  readonly failover: boolean;
  /** When it is signed (Unix ms), and the operator's roots in PEM, which boxes on TLS are to believe. */
  readonly issuedAt?: number;
  readonly roots?: string;
};

/** 600 MB a month of a mobile plan; a shop of 2,000 records a day needs a tenth of that. */
const MOBILE_BYTES_PER_DAY = 20_000_000;

/** The configuration that the operator signs, from a checked order and the operator's data (P-1). */
export function compileOrder(order: Order, ingredients: Ingredients): SiteConfig {
  const { regime, tariff, numbering, version, failover, issuedAt, roots } = ingredients;
  const { wanted: _wanted, heartbeat, overlay, ...rules } = order.failover;
  return {
    schema: 'relais/site/1',
    version,
    tenant: order.tenant,
    client: order.client,
    account: accountOf(order),
    site: order.site,
    device: order.device,
    links: order.links.map(meteredWhereMobile),
    lans: order.lans,
    failover: { enabled: failover, ...rules, ...(heartbeat && { heartbeat }), ...(overlay && { overlay }) },
    voice: order.voice,
    lines: order.lines,
    ...(order.fax === undefined ? {} : { fax: order.fax }),
    fleet: order.fleet,
    waivers: order.waivers,
    documentsReceived: order.documentsReceived,
    ...(order.cleared === undefined ? {} : { cleared: order.cleared }),
    central: centralOf(order, roots),
    controllers: order.controllers,
    ...(order.services === undefined ? {} : { services: order.services }),
    ...(order.ipv6 === undefined ? {} : { ipv6: order.ipv6 }),
    reservationSeconds: order.reservationSeconds,
    regime,
    tariff,
    numbering,
    ...(issuedAt === undefined ? {} : { issuedAt }),
  };
}

/** @throws Error for a site on TLS without the roots that it is to believe: a bug of the caller. */
function centralOf({ central: { tls, ...central }, device }: Order, roots: string | undefined): SiteConfig['central'] {
  const own = { ...central, username: device.id };
  if (tls === undefined) return own;
  if (roots === undefined) throw new Error('a site on TLS needs the roots of its operator');
  return { ...own, tls: { ...tls, roots, servername: tls.servername ?? central.host } };
}

/** C-1, C-2: the box warns and bars by it too; without an amount of the order's own, by that of the regime. */
function accountOf({ account: { id, capEuro } }: Order): SiteConfig['account'] {
  const limitMicroEuro = capEuro === undefined ? undefined : readEuro(capEuro);
  return limitMicroEuro === undefined ? { id } : { id, limitMicroEuro };
}

/** Mobile data is paid by the byte unless the order says otherwise. */
const meteredWhereMobile = (link: Order['links'][number]): SiteConfig['links'][number] =>
  link.metered === undefined && link.kind === 'mobile'
    ? { ...link, metered: { bytesPerDay: MOBILE_BYTES_PER_DAY } }
    : link;
