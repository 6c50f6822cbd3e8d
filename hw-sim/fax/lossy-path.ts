import { type Millis, millis, seconds } from '../../agent/model/units.ts';

/**
 * One direction of a network that loses, repeats, delays and reorders datagrams; the same each time for the same chance.
 * Loss is per datagram, where copies gain nothing from being apart; outages are per time, and take all that is sent in them.
 * Left out: queues that fill up, so more datagrams do not make more loss.
 */
export type PathRules = {
  /** Share of datagrams lost, 0 to 1, and how many in a row when some are, on average; 1 is loss by chance alone. */
  readonly loss: number;
  readonly burst: number;
  /** Every so often nothing passes for so long. */
  readonly outage: { readonly every: Millis; readonly lasting: Millis };
  /** Share of datagrams that arrive twice. */
  readonly twice: number;
  /** Share of datagrams held up by a further `jitter`. */
  readonly late: number;
  readonly delay: Millis;
  /** Greatest addition to the delay, evenly spread. */
  readonly jitter: Millis;
};

export type LossyPath = {
  /** How long each arrival of a datagram sent at `now` takes: none when it is lost, two when it is repeated. */
  carry(now: Millis): readonly Millis[];
};

export const CLEAN_PATH: PathRules = {
  loss: 0,
  burst: 1,
  outage: { every: seconds(5), lasting: millis(0) },
  twice: 0,
  late: 0,
  delay: millis(30),
  jitter: millis(5),
};

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
    carry: (now) => {
      if (isLost() || now % rules.outage.every < rules.outage.lasting) return [];
      return chance() < rules.twice ? [time(), time()] : [time()];
    },
  };
}
