import { isFault } from '../../agent/model/fault.ts';
import { never } from '../../agent/model/never.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Child, KillSignal, Launch } from '../wires/child.ts';
import type { Guard } from './guard.ts';
import { type Supervisor, type SupervisorEffect, type SupervisorEvent, superviseStep } from './supervisor-machine.ts';

export type Supervision = {
  /** The status to leave with, once the agent was stopped. */
  readonly finished: Promise<number>;
  readonly stop: (signal: KillSignal) => void;
};

type World = {
  readonly launch: Launch;
  /** The small program of safe mode. */
  readonly shelter: Launch;
  /** Of the hardware; absent where the box has none. */
  readonly watchdog?: Guard | undefined;
  readonly clock: Clock;
  readonly failOpen: () => Promise<void>;
  /** For the log of the box. */
  readonly say: (words: string) => void;
};

/** Keeps the agent alive, and SIP passing while it is dead. */
export function supervise({ launch, shelter, watchdog, clock, failOpen, say }: World): Supervision {
  let state: Supervisor = { at: 'starting' };
  let child: Child | undefined;
  let finish: (status: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const cancels = new Map<string, () => void>();

  const post = (event: SupervisorEvent): void => {
    if (event.on === 'beat') watchdog?.good('works');
    const [next, effects] = superviseStep(state, event);
    state = next;
    for (const effect of effects) perform(effect);
  };

  const openStraightPath = async (): Promise<void> => {
    try {
      await failOpen();
      post({ on: 'path-opened' });
    } catch (error) {
      if (!isFault(error)) throw error;
      post({ on: 'path-refused' });
    }
  };

  const perform = (effect: SupervisorEffect): void => {
    switch (effect.do) {
      case 'launch':
      case 'shelter':
        watchdog?.good('starts');
        child = (effect.do === 'launch' ? launch : shelter)({
          exited: (status) => post({ on: 'exited', now: clock.mono(), status }),
          beat: () => post({ on: 'beat' }),
          rests: () => post({ on: 'rest-asked' }),
        });
        return;
      case 'open-straight-path':
        openStraightPath();
        return;
      case 'wait': {
        const { name } = effect;
        cancels.get(name)?.();
        cancels.set(
          name,
          clock.after(effect.for, () => post({ on: 'wait-over', name, now: clock.mono() })),
        );
        return;
      }
      case 'tell-away':
        child?.tellAway();
        return;
      case 'say':
        say(effect.words);
        return;
      case 'kill':
        child?.kill(effect.signal);
        return;
      case 'finish':
        for (const cancel of cancels.values()) cancel();
        watchdog?.leave();
        finish(effect.status);
        return;
      default:
        never(effect);
    }
  };

  post({ on: 'begun', now: clock.mono() });
  return { finished, stop: (signal) => post({ on: 'stop-asked', signal }) };
}
