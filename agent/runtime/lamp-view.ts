import type { LampView } from '../machines/lamps.ts';
import type { Sight } from '../usp/sight.ts';

/** What the lamps need of all that the agent sees. */
export const lampView = ({ links, steering, broker, ledger }: Sight): Omit<LampView, 'mains' | 'low' | 'warm'> => ({
  links: links.map(({ name, answers }) => ({ name, answers })),
  voice: steering.voice,
  main: links.find(({ role }) => role === 'main')?.name ?? '',
  joined: broker.joined,
  recording: ledger.recording,
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
