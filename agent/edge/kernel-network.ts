import { type DataPlane, linkNamed, VOICE } from '../plans/data-plane.ts';
import {
  LIST_LIVENESS,
  type Liveness,
  type LivenessElements,
  ledBy,
  livenessOf,
  readLivenessElements,
} from '../plans/living-links.ts';
import { nftPlan, relayPlan, steerPlan } from '../plans/nft-plan.ts';
import { downwards, queuePlan } from '../plans/queue-plan.ts';
import { FIRST_RULE, fallbackRoutes, LAST_RULE, rulePlan, tablePlan } from '../plans/route-plan.ts';
import type { UnreadElements } from '../plans/unread-signalling.ts';
import type { Led, Network, Steering } from '../ports/network.ts';
import type { KernelTools } from './kernel-tools.ts';
import { readUnreadElements } from './kernel-unread.ts';

/** The data plane of the box, in the kernel. Orders are carried out one after the other, in the order given. */
export function createKernelNetwork(plane: DataPlane, tools: KernelTools): Network {
  const { nft, ip, tc } = tools;
  let last: Promise<void> = Promise.resolve();
  let installed = false;
  let relayed = false;

  const inOrder = (work: () => Promise<unknown>, done: (error: Error | undefined) => void): void => {
    const mine = last.then(work);
    last = mine.then(
      () => done(undefined),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  };

  /** What the table counted goes on in the one that takes its place; a box that starts has none yet. */
  const unread = (): Promise<UnreadElements | undefined> => readUnreadElements(nft).catch(() => undefined);

  const liveness = async (): Promise<LivenessElements | undefined> => {
    if (plane.heartbeat === undefined) return undefined;
    return Promise.all(LIST_LIVENESS.map((line) => nft.ask(line))).then(readLivenessElements, () => undefined);
  };

  const install = async (steering: Steering): Promise<void> => {
    await tools.allowForwarding([
      plane.voiceInterface,
      plane.dataInterface,
      ...plane.links.map((link) => link.interface),
    ]);
    // In one transaction with all the rest: an agent that comes back finds its relay on, as it left it.
    const kept = { unread: await unread(), liveness: await liveness() };
    await nft.install(nftPlan(plane, steering, relayed, kept));
    installed = true;
    for (const { table, routes } of tablePlan(plane)) await ip.routes(table, routes);
    await ip.rules(FIRST_RULE, LAST_RULE, rulePlan(plane));
    await ip.batch(fallbackRoutes(plane));
    for (const { device, lines } of queuePlan(plane, steering)) await tc.install(device, lines);
  };

  return {
    install: (steering, done) => inOrder(() => install(steering), done),
    steer: (steering, done) =>
      inOrder(async () => {
        await nft.ask(steerPlan(plane, steering));
        // Voice has moved already; the ceiling of downloads may follow a moment later.
        await tc.change(downwards(plane, steering));
      }, done),
    relay: (through, done) =>
      inOrder(async () => {
        relayed = through;
        if (installed) await nft.ask(relayPlan(plane, through));
      }, done),
    // Behind what was ordered before: a set that is about to be emptied says nothing.
    led: (wanted, done) =>
      inOrder(
        async () => {
          const elements = await liveness();
          done(elements && ledNow(plane, wanted, livenessOf(elements)));
        },
        () => undefined,
      ),
    mend: () =>
      inOrder(
        async () => {
          if (!installed) return;
          for (const [index, { table, routes }] of tablePlan(plane).entries()) {
            // A link that is still down refuses; the others must not wait for it.
            await ip.routes(table, routes).catch(() => undefined);
            await ip.batch(fallbackRoutes(plane).slice(index, index + 1)).catch(() => undefined);
          }
        },
        () => undefined,
      ),
    close: () => nft.close(),
  };
}

function ledNow(plane: DataPlane, wanted: Steering, known: Liveness): Led {
  const link = linkNamed(plane, wanted.voice);
  return { ...ledBy(plane, wanted, known), beaten: link !== undefined && known.armed.has(VOICE | link.number) };
}
