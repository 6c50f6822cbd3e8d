import { dataLimitPlan } from '../plans/data-limit.ts';
import type { DataPlane } from '../plans/data-plane.ts';
import { nftPlan, relayPlan, steerPlan } from '../plans/nft-plan.ts';
import { dataUpwards, downwards, queuePlan } from '../plans/queue-plan.ts';
import { FIRST_RULE, fallbackRoutes, LAST_RULE, rulePlan, tablePlan } from '../plans/route-plan.ts';
import type { UnreadElements } from '../plans/unread-signalling.ts';
import type { DataRules, Network, Steering } from '../ports/network.ts';
import type { KernelTools } from './kernel-tools.ts';
import { readUnreadElements } from './kernel-unread.ts';

/** The data plane of the box, in the kernel. Orders are carried out one after the other, in the order given. */
export function createKernelNetwork(plane: DataPlane, tools: KernelTools): Network {
  const { nft, ip, tc } = tools;
  let last: Promise<void> = Promise.resolve();
  let installed = false;
  let relayed = false;
  let rules: DataRules = {};
  let carrier: Steering | undefined;

  const inOrder = (work: () => Promise<unknown>, done: (error: Error | undefined) => void): void => {
    const mine = last.then(work);
    last = mine.then(
      () => done(undefined),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  };

  /** What the table counted goes on in the one that takes its place; a box that starts has none yet. */
  const unread = (): Promise<UnreadElements | undefined> => readUnreadElements(nft).catch(() => undefined);

  const install = async (steering: Steering): Promise<void> => {
    await tools.allowForwarding([
      plane.voiceInterface,
      plane.dataInterface,
      ...plane.links.map((link) => link.interface),
    ]);
    // In one transaction with all the rest: an agent that comes back finds its relay on, as it left it.
    await nft.install(nftPlan(plane, steering, { relayed, unread: await unread(), rules }));
    installed = true;
    carrier = steering;
    for (const { table, routes } of tablePlan(plane)) await ip.routes(table, routes);
    await ip.rules(FIRST_RULE, LAST_RULE, rulePlan(plane));
    await ip.batch(fallbackRoutes(plane));
    for (const { device, lines } of queuePlan(plane, steering, rules)) await tc.install(device, lines);
  };

  return {
    install: (steering, done) => inOrder(() => install(steering), done),
    steer: (steering, done) =>
      inOrder(async () => {
        await nft.ask(steerPlan(plane, steering));
        // Voice has moved already; the ceiling of downloads may follow a moment later.
        carrier = steering;
        await tc.change(downwards(plane, steering, rules));
      }, done),
    limit: (wanted, done) =>
      inOrder(async () => {
        rules = wanted;
        if (carrier === undefined) return;
        await nft.ask(dataLimitPlan(plane, rules));
        await tc.change([
          ...plane.links.map((link) => dataUpwards(plane, link, rules)),
          ...downwards(plane, carrier, rules),
        ]);
      }, done),
    relay: (through, done) =>
      inOrder(async () => {
        relayed = through;
        if (installed) await nft.ask(relayPlan(plane, through));
      }, done),
    close: () => nft.close(),
  };
}
