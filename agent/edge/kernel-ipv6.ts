import type { DataPlane } from '../plans/data-plane.ts';
import {
  FIRST_RULE,
  ipv6Addresses,
  ipv6Fallback,
  ipv6Tables,
  LAST_RULE,
  type Routers,
  rulePlan,
} from '../plans/route-plan.ts';
import type { Ipv6Forwarding } from './allow-forwarding.ts';
import type { KernelTools } from './kernel-tools.ts';

/** Addresses, rules and tables of IPv6, beside those of IPv4; without an order for it nothing is touched. */
export function createKernelIpv6(plane: DataPlane, ip: KernelTools['ip']['ipv6']) {
  const { links } = plane.ipv6 ?? { links: [] };
  const learns = links.some(({ router }) => router === 'advertised');
  const routers = (): Promise<Routers> => (learns ? ip.routers() : Promise.resolve(new Map()));

  return {
    /** Some link's router announces itself, and may be another one tomorrow. */
    learns,
    async install(): Promise<void> {
      if (plane.ipv6 === undefined) return;
      await ip.batch(ipv6Addresses(plane));
      for (const { table, routes } of ipv6Tables(plane, await routers())) await ip.routes(table, routes);
      await ip.rules(FIRST_RULE, LAST_RULE, rulePlan({ ...plane, overlay: undefined }));
      await ip.batch(ipv6Fallback(plane));
    },
    /** A link that is still down refuses, and leads nowhere until it is back; the others must not wait for it. */
    async mend(): Promise<void> {
      if (plane.ipv6 === undefined) return;
      const known = await routers().catch(() => undefined);
      if (known === undefined) return;
      // An interface that was down has lost its addresses too, unless the system keeps them.
      for (const line of ipv6Addresses(plane)) await ip.batch([line]).catch(() => undefined);
      for (const { table, routes } of ipv6Tables(plane, known)) await ip.routes(table, routes).catch(() => undefined);
      for (const line of ipv6Fallback(plane)) await ip.batch([line]).catch(() => undefined);
    },
  };
}

/** What of the kernel's settings IPv6 needs, where it is ordered. */
export const ipv6Forwarding = ({ ipv6, voiceInterface, dataInterface }: DataPlane): Ipv6Forwarding | undefined =>
  ipv6 && {
    interfaces: [voiceInterface, dataInterface, ...ipv6.links.map((link) => link.interface)],
    advertised: ipv6.links.filter(({ router }) => router === 'advertised').map((link) => link.interface),
  };
