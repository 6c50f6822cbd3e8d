import type { Link } from './site-config.ts';
import { type Millis, seconds } from './units.ts';

/** How often a box that has nothing to say is heard on its connection to the broker. */
export type RoadPace = {
  /** MQTT 5, 3.1.2.10. */
  readonly keepAlive: Millis;
  /** Between two telemetry messages without news; news are told at once on every link. */
  readonly telemetry: Millis;
};

/** Where nobody pays by the byte: 1.4 MB a day for the keep-alive. */
const OPEN_PACE: RoadPace = { keepAlive: seconds(10), telemetry: seconds(300) };
/** An idle month stays under 2 MB with it (docs/road.md). A mobile network that forgets a flow sooner is heard of at the next ping. */
export const METERED_PACE: RoadPace = { keepAlive: seconds(600), telemetry: seconds(21_600) };

/** The pace on the link that carries the connection; U-7 and D-1: what the box says of itself is paid by the site. */
export function roadPace(links: readonly Pick<Link, 'name' | 'metered'>[], name: string): RoadPace {
  const { metered } = links.find((link) => link.name === name) ?? {};
  if (!metered) return OPEN_PACE;
  const { keepAliveSeconds, telemetrySeconds } = metered;
  return {
    keepAlive: keepAliveSeconds === undefined ? METERED_PACE.keepAlive : seconds(keepAliveSeconds),
    telemetry: telemetrySeconds === undefined ? METERED_PACE.telemetry : seconds(telemetrySeconds),
  };
}
