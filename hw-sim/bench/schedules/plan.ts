import { hours, type Millis, millis, minutes, seconds } from '../../../agent/model/units.ts';
import { createSimRandom, type SimRandom } from '../../site/sim-random.ts';
import type { Dialled } from './far-end.ts';

/** One thing that happens to somebody. `site` counts from 0. */
export type Incident =
  | { readonly does: 'call'; readonly site: number; readonly dialled: Dialled; readonly talk: Millis }
  | { readonly does: 'kill'; readonly site: number; readonly back: Millis }
  | { readonly does: 'power-cut'; readonly site: number; readonly back: Millis }
  | { readonly does: 'offline'; readonly site: number; readonly back: Millis }
  | { readonly does: 'step-clock'; readonly by: Millis }
  | { readonly does: 'central-restart'; readonly back: Millis }
  | { readonly does: 'cap'; readonly microEuro: number }
  | { readonly does: 'month' }
  /** The flash as it was `age` records ago is put back, after a power cut. */
  | { readonly does: 'old-image'; readonly site: number; readonly age: number; readonly back: Millis }
  /** A copy of the box is run beside it for a while. */
  | { readonly does: 'clone'; readonly site: number; readonly for: Millis }
  /** Support gives up what the last epoch that was lost still holds. */
  | { readonly does: 'write-off'; readonly site: number };

export type Plan = {
  readonly seed: string;
  readonly sites: number;
  readonly capMicroEuro: number;
  readonly bundleSeconds: number;
  readonly storm: Millis;
  readonly broker: {
    readonly loss: number;
    readonly duplicate: number;
    readonly late: number;
    readonly lateBy: Millis;
  };
  readonly incidents: readonly (Incident & { readonly at: Millis })[];
};

/** 0.60 € a minute outside of every bundle; and 0.06 € a minute once the bundle is spent. */
const ABROAD: Dialled = { number: '0021620123456', ticksPerSecond: 600_000, inBundle: false };
const MOBILE: Dialled = { number: '0612345678', ticksPerSecond: 60_000, inBundle: true };

/** The same seed makes the same plan. */
export function planOf(seed: string): Plan {
  const random = createSimRandom(`plan/${seed}`);
  const sites = random.chance(0.8) ? 2 : 3;
  const storm = random.between(minutes(1), minutes(5));
  const rough = random.chance(0.8);
  const count = 4 + Math.floor(random.fraction() * 8);
  const drawn = Array.from({ length: count }, () => ({
    ...draw(random, sites),
    at: random.between(seconds(5), storm),
  }));
  return {
    seed,
    sites,
    capMicroEuro: 100_000 + Math.floor(random.fraction() * 900_000),
    bundleSeconds: random.pick([10, 30, 70]),
    storm,
    broker: rough
      ? {
          loss: random.fraction() * 0.3,
          duplicate: random.fraction() * 0.3,
          late: random.fraction() * 0.4,
          lateBy: seconds(25),
        }
      : { loss: 0, duplicate: 0, late: 0, lateBy: millis(0) },
    incidents: drawn.toSorted((one, other) => one.at - other.at),
  };
}

type Kind = Incident['does'];

/** How often each thing happens, in a thousand. */
const OFTEN: readonly (readonly [Kind, number])[] = [
  ['call', 620],
  ['offline', 90],
  ['kill', 70],
  ['power-cut', 60],
  ['central-restart', 50],
  ['cap', 40],
  ['step-clock', 20],
  ['month', 15],
  ['old-image', 15],
  ['clone', 10],
  ['write-off', 10],
];

function draw(random: SimRandom, sites: number): Incident {
  const site = Math.floor(random.fraction() * sites);
  switch (kindOf(random)) {
    case 'call':
      return {
        does: 'call',
        site,
        dialled: random.chance(0.7) ? ABROAD : MOBILE,
        talk: random.between(seconds(2), seconds(30)),
      };
    case 'kill':
      return { does: 'kill', site, back: random.between(millis(200), seconds(3)) };
    case 'power-cut':
      return { does: 'power-cut', site, back: random.between(seconds(1), minutes(1)) };
    case 'offline':
      return { does: 'offline', site, back: random.between(seconds(5), minutes(4)) };
    case 'step-clock':
      return { does: 'step-clock', by: millis(random.between(hours(0), hours(48)) - hours(24)) };
    case 'central-restart':
      return { does: 'central-restart', back: random.between(millis(10), minutes(1)) };
    case 'cap':
      return { does: 'cap', microEuro: Math.floor(random.fraction() * 1_000_000) };
    case 'month':
      return { does: 'month' };
    case 'old-image':
      return {
        does: 'old-image',
        site,
        age: 1 + Math.floor(random.fraction() * 15),
        back: random.between(seconds(1), seconds(30)),
      };
    case 'clone':
      return { does: 'clone', site, for: random.between(seconds(20), minutes(3)) };
    case 'write-off':
      return { does: 'write-off', site };
  }
}

function kindOf(random: SimRandom): Kind {
  let left = random.fraction() * 1_000;
  for (const [kind, often] of OFTEN) {
    left -= often;
    if (left < 0) return kind;
  }
  return 'call';
}
