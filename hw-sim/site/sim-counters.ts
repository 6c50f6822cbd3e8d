import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Counters, LinkCounter } from '../../agent/ports/counters.ts';
import type { Life } from './life.ts';
import type { SimNetwork } from './sim-network.ts';

type Volume = { readonly up: number; readonly down: number };

/**
 * The interfaces of the links with their counters: they outlive the agent and not the power. Left out: what each call and
 * message of the simulated site weighs; a link that carries data carries an even flow, and whatever a test lets pass.
 */
export type SimCounters = {
  port(life: Life): Counters;
  /** So many bytes pass over the link now. */
  pass(link: string, volume: Volume): void;
  /** The interface goes (its modem was reset), or one in its place comes, which counts from zero. */
  unplug(link: string): void;
  plug(link: string): void;
  /** The counters of this boot are gone. */
  losePower(): void;
  /** What really passed, whoever counted. */
  truth(link: string): Volume;
};

type Interface = { index: number | undefined; up: number; down: number; passed: Volume };
type World = {
  readonly clock: Clock;
  readonly network: Pick<SimNetwork, 'history' | 'steering'>;
  readonly byLink: ReadonlyMap<string, Interface>;
  settledAt: Millis;
  indexes: number;
};

const READ_TAKES = millis(5);
/** An office at rest, bytes a second. */
const FLOW: Volume = { up: 900, down: 6_100 };

export function createSimCounters(clock: Clock, links: readonly string[], network: World['network']): SimCounters {
  const fresh = (index: number): Interface => ({ index, up: 0, down: 0, passed: { up: 0, down: 0 } });
  const byLink = new Map(links.map((link, place) => [link, fresh(place + 2)]));
  const world: World = { clock, network, byLink, settledAt: clock.mono(), indexes: links.length + 1 };
  const of = (link: string): Interface => {
    const found = byLink.get(link);
    if (found === undefined) throw new Error(`the simulated site has no link "${link}"`);
    settle(world);
    return found;
  };
  return {
    port: (life) => createPort(world, life),
    pass: (link, volume) => add(of(link), volume),
    unplug: (link) => {
      of(link).index = undefined;
    },
    plug: (link) => begin(world, of(link)),
    losePower: () => {
      settle(world);
      world.indexes = 1;
      for (const one of byLink.values()) begin(world, one);
    },
    truth: (link) => of(link).passed,
  };
}

function begin(world: World, one: Interface): void {
  world.indexes += 1;
  Object.assign(one, { index: world.indexes, up: 0, down: 0 });
}

function add(one: Interface, { up, down }: Volume): void {
  // Without an interface nothing passes.
  if (one.index === undefined) return;
  one.up += up;
  one.down += down;
  one.passed = { up: one.passed.up + up, down: one.passed.down + down };
}

/** The flow since the last time, on the links that carried data meanwhile; a box without power carries nothing. */
function settle(world: World): void {
  const { network, clock } = world;
  const history = network.history();
  const first = history.findLastIndex(({ at }) => at <= world.settledAt) + 1;
  const before = history[first - 1];
  let carrier = before?.relay === 'dark' ? undefined : (before?.steering ?? network.steering()).data;
  for (const { at, steering, relay } of history.slice(first)) {
    flow(world, carrier, at);
    carrier = relay === 'dark' ? undefined : steering.data;
  }
  flow(world, carrier, clock.mono());
}

function flow(world: World, carrier: string | undefined, until: Millis): void {
  const passed = until - world.settledAt;
  world.settledAt = until;
  const link = world.byLink.get(carrier ?? '');
  const bytes = (perSecond: number): number => Math.floor((passed * perSecond) / 1_000);
  if (link !== undefined) add(link, { up: bytes(FLOW.up), down: bytes(FLOW.down) });
}

function createPort(world: World, life: Life): Counters {
  return {
    read(done) {
      world.clock.after(READ_TAKES, () => {
        settle(world);
        const seen = [...world.byLink].flatMap(([link, { index, up, down }]): [string, LinkCounter][] =>
          index === undefined ? [] : [[link, { life: String(index), up, down }]],
        );
        life.hears(done)(new Map(seen));
      });
    },
  };
}
