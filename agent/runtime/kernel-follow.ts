import { millis, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Led, Steering } from '../ports/network.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'network'>;
  readonly turns: Turns;
  /** What was ordered last. */
  readonly wanted: () => Steering;
  readonly hear: (led: Led) => void;
  /** Some link does not answer its probes. */
  readonly silent: () => boolean;
};

/** The kernel needs nobody to move voice: this is how soon the record and the agent's own sockets follow. */
const FOLLOW = millis(250);
/** How soon a link whose carrier is back has its route again. */
const MEND = seconds(2);

/** Looks after what the kernel does by itself: tells where it leads voice, and puts back the routes of links that return. */
export function createKernelFollow({ ports, turns, wanted, hear, silent }: Needs) {
  const { network } = ports;
  const timers = createTimers<'follow' | 'mend'>(ports.clock, turns);
  let stopped = false;
  const follow = (): void => {
    timers.set('follow', FOLLOW, follow);
    const asked = wanted();
    network.led?.(asked, (led) =>
      turns(() => {
        // What was asked before traffic was steered elsewhere says nothing of now.
        if (led !== undefined && asked === wanted() && !stopped) hear(led);
      }),
    );
  };
  const mend = (): void => {
    timers.set('mend', MEND, mend);
    if (silent()) network.mend?.();
    else network.learn?.();
  };
  return {
    start(beaten: boolean): void {
      if (beaten && network.led !== undefined) follow();
      if (network.mend !== undefined || network.learn !== undefined) timers.set('mend', MEND, mend);
    },
    stop(): void {
      stopped = true;
      timers.stop();
    },
  };
}
