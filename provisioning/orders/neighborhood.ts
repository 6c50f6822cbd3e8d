import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Order } from './order.ts';

/** The newest configuration of each device, found by what an order may share with it. */
export interface Neighborhood {
  /** Those of the same device, of the same account, and those that have one of its numbers or its overlay addresses: what the checks look at. */
  near(order: Order): readonly SiteConfig[];
  /** Takes the place of what the device had. */
  place(config: SiteConfig): void;
  all(): readonly SiteConfig[];
}

/** For thousands of orders each must not walk through every site that is there. */
export function createNeighborhood(configs: readonly SiteConfig[]): Neighborhood {
  const byDevice = new Map<string, SiteConfig>();
  const byAccount = new Map<string, Set<string>>();
  const byNumber = new Map<string, string>();
  const byBlock = new Map<string, string>();

  function place(config: SiteConfig): void {
    const { id } = config.device;
    for (const { number } of byDevice.get(id)?.lines ?? []) if (byNumber.get(number) === id) byNumber.delete(number);
    const before = byDevice.get(id)?.failover.overlay?.block;
    if (before !== undefined && byBlock.get(before) === id) byBlock.delete(before);
    const { overlay } = config.failover;
    if (overlay !== undefined) byBlock.set(overlay.block, id);
    byDevice.set(id, config);
    const together = byAccount.get(config.account.id) ?? new Set();
    byAccount.set(config.account.id, together.add(id));
    for (const { number } of config.lines) byNumber.set(number, id);
  }

  for (const config of configs) place(config);
  return {
    near(order) {
      const devices = new Set([
        order.device.id,
        ...(byAccount.get(order.account.id) ?? []),
        ...order.lines.flatMap(({ number }) => byNumber.get(number) ?? []),
        ...[byBlock.get(order.failover.overlay?.block ?? '') ?? []].flat(),
      ]);
      return [...devices].flatMap((device) => byDevice.get(device) ?? []);
    },
    place,
    all: () => [...byDevice.values()],
  };
}
