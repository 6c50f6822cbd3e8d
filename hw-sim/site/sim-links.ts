import { type Millis, millis, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { SimRandom } from './sim-random.ts';

/**
 * One access link, both ways alike. Left out: rates and queues (the kernel site has those), so voice never waits behind
 * data here. Jitter is drawn for each datagram alone and may let one overtake another.
 */
export type LinkRules = {
  readonly name: string;
  /** One way. */
  readonly delay: Millis;
  /** Mean of what comes on top of the delay, with a long tail. */
  readonly jitter: Millis;
  /** Probability for each datagram, one way. */
  readonly loss: number;
  /** Probability that a datagram is held back 10 to 80 ms, so that later ones pass it. */
  readonly reorder: number;
};

export type SimLinks = {
  names(): readonly string[];
  isUp(link: string): boolean;
  /** What was under way is lost; nothing tells the sender. */
  cut(link: string): void;
  mend(link: string): void;
  degrade(link: string, rules: Partial<Omit<LinkRules, 'name'>>): void;
  /** Delivers after one way of the link, unless it is lost, or the link is or gets cut. */
  carry(link: string, deliver: () => void): void;
  /** Delivers after out and back in one go, with the time it took in microseconds. */
  echo(link: string, deliver: (rttMicros: number) => void): void;
  /** One way over the link as TCP sees it: lost segments come late. Undefined while the link is cut. */
  segment(link: string): Millis | undefined;
};

type Wire = { rules: LinkRules; up: boolean; cuts: number; readonly random: SimRandom };
type Wires = { readonly clock: Clock; readonly byName: ReadonlyMap<string, Wire> };

/** RFC 6298 2.4 asks for a second, Linux takes 200 ms at the least. */
const RETRANSMISSION = 200;

export function createSimLinks(clock: Clock, random: SimRandom, rules: readonly LinkRules[]): SimLinks {
  const byName = new Map(rules.map((rule) => [rule.name, createWire(rule, random)]));
  const wires: Wires = { clock, byName };
  return {
    names: () => [...byName.keys()],
    isUp: (link) => wireOf(wires, link).up,
    cut: (link) => setUp(wireOf(wires, link), false),
    mend: (link) => setUp(wireOf(wires, link), true),
    degrade: (link, changed) => {
      const wire = wireOf(wires, link);
      wire.rules = { ...wire.rules, ...changed };
    },
    carry: (link, deliver) => carry(clock, wireOf(wires, link), deliver),
    echo: (link, deliver) => echo(clock, wireOf(wires, link), deliver),
    segment: (link) => segment(wireOf(wires, link)),
  };
}

const createWire = (rules: LinkRules, random: SimRandom): Wire => ({
  rules,
  up: true,
  cuts: 0,
  random: random.fork(rules.name),
});

function wireOf(wires: Wires, link: string): Wire {
  const wire = wires.byName.get(link);
  if (wire === undefined) throw new Error(`the simulated site has no link "${link}"`);
  return wire;
}

function setUp(wire: Wire, up: boolean): void {
  if (wire.up && !up) wire.cuts += 1;
  wire.up = up;
}

/** u⁴ has mean 1/5: a mean of `jitter` with a worst case of five times that, in arithmetic that rounds alike everywhere. */
function oneWay(wire: Wire): number {
  const { delay, jitter, reorder } = wire.rules;
  const u = wire.random.fraction();
  const held = wire.random.chance(reorder) ? wire.random.between(millis(10), millis(80)) : 0;
  return delay + 5 * jitter * u * u * u * u + held;
}

function carry(clock: Clock, wire: Wire, deliver: () => void): void {
  if (!wire.up || wire.random.chance(wire.rules.loss)) return;
  const { cuts } = wire;
  clock.after(millis(oneWay(wire)), () => {
    if (wire.cuts === cuts) deliver();
  });
}

function echo(clock: Clock, wire: Wire, deliver: (rttMicros: number) => void): void {
  if (!wire.up || wire.random.chance(wire.rules.loss) || wire.random.chance(wire.rules.loss)) return;
  const { cuts } = wire;
  const took = oneWay(wire) + oneWay(wire);
  clock.after(millis(took), () => {
    if (wire.cuts === cuts) deliver(Math.ceil(took * 1_000));
  });
}

function segment(wire: Wire): Millis | undefined {
  if (!wire.up) return undefined;
  let late = 0;
  for (let wait = RETRANSMISSION; wait < seconds(10) && wire.random.chance(wire.rules.loss); wait *= 2) late += wait;
  return millis(oneWay(wire) + late);
}
