import { millis } from '../../../agent/model/units.ts';
import type { AgentPorts } from '../../../agent/ports/agent-ports.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import { createLife } from '../../site/life.ts';
import { createSimCounters } from '../../site/sim-counters.ts';
import { createSimDevices } from '../../site/sim-devices.ts';
import { createSimLinks } from '../../site/sim-links.ts';
import { createSimNetwork } from '../../site/sim-network.ts';
import { createSimProbes } from '../../site/sim-probes.ts';
import { createSimRandom } from '../../site/sim-random.ts';
import { createSimVoice, type SimVoice } from '../../site/sim-voice.ts';
import { WITHOUT_FLOWS } from '../../site/without-flows.ts';

export const PHONES = ['front', 'back', 'shop'] as const;

type World = Pick<AgentPorts, 'counters' | 'network' | 'probes' | 'voice' | 'media' | 'devices'>;
type Server = { readonly name: string; readonly address: string; readonly port: number };

/** Phones, links and devices around a box whose store, broker and clock are real: everything that writes no file. */
export function createSmallWorld(
  clock: Clock,
  seed: string,
  servers: readonly Server[],
): { readonly world: World; readonly phones: SimVoice } {
  const random = createSimRandom(seed);
  const life = createLife(1, seed);
  const quick = { delay: millis(1), jitter: millis(0), loss: 0, reorder: 0 };
  const links = createSimLinks(clock, random.fork('links'), [
    { name: 'main', ...quick },
    { name: 'second', ...quick },
  ]);
  const network = createSimNetwork(clock, ['main', 'second']);
  const phones = createSimVoice({
    clock,
    random: random.fork('voice'),
    links,
    network,
    phones: PHONES.map((name, index) => ({
      ...{ name, number: `+3317289000${index + 1}`, address: `192.168.10.1${index}`, port: 5060 },
      ...{ server: servers[0]?.name ?? '', compact: name === 'back' },
    })),
    servers: servers.map((server) => ({ ...server, recordRoute: true })),
  });
  const world = {
    counters: createSimCounters(clock, links.names(), network).port(life),
    network: network.port(life),
    probes: createSimProbes(life, links),
    voice: phones.port(life),
    media: { heard: (done: (talkers: ReadonlySet<string>) => void) => done(phones.talkers()), ...WITHOUT_FLOWS },
    devices: createSimDevices(clock, random.fork('devices')).port(life),
  };
  return { world, phones };
}
