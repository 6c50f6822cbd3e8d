import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

type Definition<State extends { readonly at: string }, Event, Effect> = {
  readonly name: string;
  readonly start: State;
  step(state: State, event: Event): readonly [State, readonly Effect[]];
  perform(effect: Effect): void;
  readonly clock: Clock;
  readonly journal: Journal;
};

/** Holds a machine's state: step, write the journal, perform. Call it from a turn only. */
export type Machine<State, Event> = { state(): State; hear(event: Event): void };

export function createMachine<State extends { readonly at: string }, Event, Effect>(
  definition: Definition<State, Event, Effect>,
): Machine<State, Event> {
  const { name, clock, journal } = definition;
  let state = definition.start;
  return {
    state: () => state,
    hear(event) {
      const [next, effects] = definition.step(state, event);
      const moved = next.at !== state.at;
      state = next;
      if (moved || effects.length > 0) journal.step({ at: clock.mono(), machine: name, event, state: next, effects });
      for (const effect of effects) definition.perform(effect);
    },
  };
}
