import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { LinkRate, Traffic } from '../ports/network.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'journal' | 'network'>;
  readonly turns: Turns;
};

/** Tells the data plane what runs on the links, as soon as that changes, so that data leaves room for it. */
export interface TrafficWatch {
  /** Codecs of the calls that are live. */
  calls(codecs: Traffic['calls']): void;
  /** What a link of varying rate bears from now on. */
  rate(link: string, rate: LinkRate): void;
  stop(): void;
}

const AGAIN = seconds(1);

export function createTrafficWatch({ ports, turns }: Needs): TrafficWatch {
  const timers = createTimers<'again'>(ports.clock, turns);
  let traffic: Traffic = { calls: [], rates: {} };

  // Retry by level, not by edge: what is tried again is what runs by then.
  const tell = (): void => {
    ports.network.adapt?.(traffic, (error) => {
      if (error === undefined) return;
      ports.journal.fault('the ceiling of data could not be changed; tried again', { error: error.message });
      timers.set('again', AGAIN, tell);
    });
  };

  return {
    calls(codecs) {
      // The order of calls says nothing.
      const sorted = [...codecs].sort((one = '', other = '') => (one < other ? -1 : 1));
      if (sorted.length === traffic.calls.length && sorted.every((codec, at) => codec === traffic.calls[at])) return;
      traffic = { ...traffic, calls: sorted };
      tell();
    },
    rate(link, rate) {
      traffic = { ...traffic, rates: { ...traffic.rates, [link]: rate } };
      tell();
    },
    stop: () => timers.stop(),
  };
}
