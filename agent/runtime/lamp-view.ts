import type { LampView } from '../machines/lamps.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { Sight } from '../usp/sight.ts';
import type { Ledger } from './ledger.ts';
import type { PowerDesk } from './power-desk.ts';
import type { Road } from './road.ts';
import type { SiteSteering } from './steering.ts';

type Parts = {
  readonly config: Pick<SiteConfig, 'links' | 'failover'>;
  readonly steering: Pick<SiteSteering, 'steering' | 'sight'>;
  readonly road: Pick<Road, 'up'>;
  readonly ledger: Pick<Ledger, 'hasRoom'>;
  readonly power: Pick<PowerDesk, 'sight'>;
};

/** What the lamps need of all that the agent sees: it is looked at every second, and costs next to nothing. */
export const lampView = ({ config, steering, road, ledger, power }: Parts): LampView => ({
  links: config.links.map(({ name }) => {
    const { answered, lost, lostInRow } = steering.sight(name);
    return { name, answers: answered + lost > 0 ? lostInRow < config.failover.lossesToLeave : undefined };
  }),
  voice: steering.steering().voice,
  main: config.links.find(({ role }) => role === 'main')?.name ?? '',
  joined: road.up(),
  recording: ledger.hasRoom(),
  ...power.sight(),
});

/** The page that the box shows on the data LAN: neither a number nor an address of anybody is on it (D-1). */
export const pageOf = ({ device, software, links, steering, broker }: Sight): readonly string[] => [
  `box ${device}, ${software}`,
  ...links.map(({ name, kind, answers }) => {
    const state = answers === undefined ? 'not measured' : answers ? 'up' : 'down';
    return `link ${name} (${kind}): ${state}${steering.voice === name ? ', carries voice' : ''}`;
  }),
  `support: ${broker.joined ? 'connected' : 'not connected'}`,
];
