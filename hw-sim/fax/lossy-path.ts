import { type Millis, millis } from '../../agent/model/units.ts';

/**
 * One direction of a network that loses, repeats, delays and reorders datagrams; the same each time for the same chance.
 * Loss is per datagram and not per time, which is the harder of the two: copies gain nothing from being apart.
 * Left out: queues that fill up, so more datagrams do not make more loss.
 */
export type PathRules = {
  /** Share of datagrams lost, 0 to 1, and how many in a row when some are, on average; 1 is loss by chance alone. */
  readonly loss: number;
  readonly burst: number;
  /** Share of datagrams that arrive twice. */
  readonly twice: number;
  /** Share of datagrams held up by a further `jitter`. */
  readonly late: number;
  readonly delay: Millis;
  /** Greatest addition to the delay, evenly spread. */
  readonly jitter: Millis;
};

export type LossyPath = {
  /** How long each arrival of one datagram takes: none when it is lost, two when it is repeated. */
  carry(): readonly Millis[];
};

export const CLEAN_PATH: PathRules = { loss: 0, burst: 1, twice: 0, late: 0, delay: millis(30), jitter: millis(5) };

/** `chance` gives uniform numbers in [0, 1). Bursts are Gilbert's: a bad state that each datagram leaves with 1 / burst. */
export function createLossyPath(rules: PathRules, chance: () => number): LossyPath {
  let bad = false;
  const isLost = (): boolean => {
    if (rules.burst <= 1) return chance() < rules.loss;
    const enter = rules.loss / (rules.burst * (1 - rules.loss));
    bad = bad ? chance() >= 1 / rules.burst : chance() < enter;
    return bad;
  };
  const time = (): Millis => {
    const held = chance() < rules.late ? rules.jitter : 0;
    return millis(rules.delay + chance() * rules.jitter + held);
  };
  return {
    carry: () => {
      if (isLost()) return [];
      return chance() < rules.twice ? [time(), time()] : [time()];
    },
  };
}
