import { createHmac } from 'node:crypto';
import { beatMac, cookieOf, hexOf } from '../../agent/model/heartbeat.ts';
import { overlayAddresses } from '../../agent/model/overlay.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { lateAfterMs } from '../../agent/plans/copies.ts';

/** A site as its concentrator knows it. */
export type OverlaySite = {
  readonly device: string;
  readonly port: number;
  readonly mtu: number;
  readonly voice: string;
  /** The concentrator's own address inside. */
  readonly far: string;
  readonly duplicate: 'never' | 'suspected' | 'always';
  readonly holdMs: number;
  /** Timeouts that beats may bear, and when the next beat is late (ms). */
  readonly paces: readonly { readonly timeoutMs: number; readonly lateMs: number }[];
  /** Who may speak with the site, and who beats it. */
  readonly networks: readonly string[];
  readonly reflector: { readonly address: string; readonly port: number };
  /** The main link first. */
  readonly tunnels: readonly [OverlayTunnel, OverlayTunnel];
};

export type OverlayTunnel = {
  readonly link: number;
  readonly device: string;
  readonly vni: number;
  readonly address: string;
  readonly mac: string;
  readonly boxMac: string;
  /** 16 hex digits. */
  readonly cookie: string;
};

/** The sites of one concentrator. `secretOf`: what the device shows the broker, the root of its cookies. */
export function overlaySites(
  configs: readonly SiteConfig[],
  concentrator: string,
  secretOf: (device: string) => string,
): readonly OverlaySite[] {
  return configs.flatMap((config) => {
    const { overlay, heartbeat, enabled } = config.failover;
    if (!enabled || heartbeat === undefined || overlay?.concentrator !== concentrator) return [];
    const site = siteOf(config, { overlay, heartbeat }, secretOf(config.device.id));
    return site === undefined ? [] : [site];
  });
}

type Rules = {
  readonly overlay: NonNullable<SiteConfig['failover']['overlay']>;
  readonly heartbeat: NonNullable<SiteConfig['failover']['heartbeat']>;
};

function siteOf(config: SiteConfig, { overlay, heartbeat }: Rules, secret: string): OverlaySite | undefined {
  const mac = beatMac(secret, (key, bytes) => createHmac('sha256', key).update(bytes).digest());
  const addresses = overlayAddresses(overlay.block);
  const [main, second] = (['main', 'second'] as const).flatMap((role): OverlayTunnel[] => {
    const link = 1 + config.links.findIndex((one) => one.role === role);
    if (link === 0) return [];
    const vni = addresses.vni(link);
    return [
      {
        ...{ link, vni, device: `oc${vni.toString(16).padStart(6, '0')}`, address: addresses.tunnel(link) },
        ...{ mac: addresses.mac('concentrator', link), boxMac: addresses.mac('box', link) },
        cookie: hexOf(cookieOf(link, mac)),
      },
    ];
  });
  if (main === undefined || second === undefined) return undefined;
  const { call, idle, standby, holdMs } = heartbeat;
  return {
    ...{ device: config.device.id, port: overlay.port, mtu: overlay.mtu, voice: addresses.voice, far: addresses.far },
    ...{ duplicate: overlay.duplicate, holdMs, networks: config.voice.networks, reflector: config.failover.reflector },
    paces: [call, idle, standby].map(({ everyMs, timeoutMs }) => ({ timeoutMs, lateMs: lateAfterMs(everyMs) })),
    tunnels: [main, second],
  };
}
