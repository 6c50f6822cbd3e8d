import { isFault } from '../model/fault.ts';
import { dataLimitPlan } from '../plans/data-limit.ts';
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
import { tunnelPlan } from '../plans/overlay-plan.ts';
import { type Conditions, PLAIN, queueChanges, queuePlan } from '../plans/queue-plan.ts';
import { FIRST_RULE, fallbackRoutes, LAST_RULE, linkSizes, rulePlan, tablePlan } from '../plans/route-plan.ts';
import { type ServicesPlan, servicesChange } from '../plans/services-plan.ts';
import type { UnreadElements } from '../plans/unread-signalling.ts';
import type { Led, Network, Steering } from '../ports/network.ts';
import { leadInward } from './kernel-inward.ts';
import { createKernelIpv6, ipv6Forwarding } from './kernel-ipv6.ts';
import type { KernelTools } from './kernel-tools.ts';
import { readUnreadElements } from './kernel-unread.ts';

/** Rules of the managed services, in the same table. */
export interface ServedRules {
  /** In the place of those before, in one transaction; before the table stands they wait for it. */
  serve(plan: ServicesPlan): Promise<void>;
  /** Is the table otherwise than it was installed? What nobody can tell is not. */
  altered(): Promise<boolean>;
}

/** The data plane of the box, in the kernel. Orders are carried out one after the other, in the order given. */
export function createKernelNetwork(
  ordered: DataPlane,
  tools: KernelTools,
  fault: (error: Error) => void = () => undefined,
): Network & ServedRules {
  const { nft, ip, tc } = tools;
  let plane = ordered;
  const ipv6 = createKernelIpv6(ordered, ip.ipv6);
  let last: Promise<void> = Promise.resolve();
  let installed = false;
  let relayed = false;
  let conditions: Conditions = PLAIN;
  let services: ServicesPlan | undefined;
  let steered: Steering | undefined;
  let printed: string | undefined;

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

  /** Only where somebody asks for what was changed. */
  const remember = async (): Promise<void> => {
    if (services !== undefined) printed = await nft.print().catch(() => undefined);
  };

  const asked = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };

  const replace = async (steering: Steering): Promise<void> => {
    // In one transaction with all the rest: an agent that comes back finds its relay on, as it left it.
    const kept = { relayed, unread: await unread(), liveness: await liveness(), rules: conditions.rules, services };
    await nft.install(nftPlan(plane, steering, kept));
    await remember();
  };

  /** A kernel without VXLAN or without copies must not be a box without voice: then it leaves by the links themselves. */
  const install = async (steering: Steering): Promise<void> => {
    plane = ordered;
    try {
      await installPlane(steering);
    } catch (error) {
      if (ordered.overlay === undefined || !isFault(error)) throw error;
      plane = { ...ordered, overlay: undefined };
      await installPlane(steering);
      fault(error);
    }
  };

  const installPlane = async (steering: Steering): Promise<void> => {
    steered = steering;
    await ip.tunnels(tunnelPlan(plane));
    await tools.allowForwarding(
      [
        plane.voiceInterface,
        plane.dataInterface,
        ...[...plane.links, ...(plane.overlay?.tunnels ?? [])].map((one) => one.interface),
      ],
      ipv6Forwarding(plane),
    );
    await ip.batch(linkSizes(plane));
    printed = undefined;
    await replace(steering);
    installed = true;
    for (const { table, routes } of tablePlan(plane)) await ip.routes(table, routes);
    await ip.rules(FIRST_RULE, LAST_RULE, rulePlan(plane));
    await ip.batch(fallbackRoutes(plane));
    await ipv6.install();
    const survey = await tc.survey();
    conditions = { ...conditions, ...survey, inward: await leadInward(plane, tools, survey.inward, fault) };
    for (const { device, lines } of queuePlan(plane, steering, conditions)) await tc.install(device, lines);
  };

  const requeue = async (): Promise<void> => {
    if (steered !== undefined && installed) await tc.change(queueChanges(plane, steered, conditions));
  };

  return {
    install: (steering, done) => inOrder(() => install(steering), done),
    steer: (steering, done) =>
      inOrder(async () => {
        await nft.ask(steerPlan(plane, steering));
        steered = steering;
        // Voice has moved already; the ceilings of data may follow a moment later.
        await requeue();
      }, done),
    limit: (wanted, done) =>
      inOrder(async () => {
        conditions = { ...conditions, rules: wanted };
        if (steered === undefined) return;
        await nft.ask(dataLimitPlan(plane, wanted));
        await remember();
        await requeue();
      }, done),
    adapt: (traffic, done) =>
      inOrder(async () => {
        conditions = { ...conditions, traffic };
        await requeue();
      }, done),
    relay: (through, done) =>
      inOrder(async () => {
        relayed = through;
        if (installed) await nft.ask(relayPlan(plane, through));
      }, done),
    serve: (plan) =>
      asked(async () => {
        services = plan;
        if (!installed || steered === undefined) return;
        // What was changed by hand may stand in any chain: the whole table goes, and what it had counted with it.
        if (printed !== undefined && (await nft.print()) !== printed) return replace(steered);
        await nft.change(servicesChange(plane, plan));
        await remember();
      }),
    altered: () => asked(async () => printed !== undefined && (await nft.print()) !== printed),
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
          await ipv6.mend();
        },
        () => undefined,
      ),
    ...(ipv6.learns && {
      learn: () =>
        inOrder(
          () => (installed ? ipv6.mend() : Promise.resolve()),
          () => undefined,
        ),
    }),
    close() {
      nft.close();
      tc.close();
    },
  };
}

function ledNow(plane: DataPlane, wanted: Steering, known: Liveness): Led {
  const link = linkNamed(plane, wanted.voice);
  return { ...ledBy(plane, wanted, known), beaten: link !== undefined && known.armed.has(VOICE | link.number) };
}
