import { type ButtonEffect, type ResetButton, stepResetButton } from '../machines/reset-button.ts';
import { never } from '../model/never.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Ledger } from './ledger.ts';
import type { ServicesDesk } from './services-desk.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'button' | 'clock' | 'boot' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append'>;
  /** Absent where nothing is managed. */
  readonly services: Pick<ServicesDesk, 'restoreNow'> | undefined;
};

const BY = 'reset button';

/** Carries out what the reset button of the box asks for, and writes down that it did (M-2, M-6). */
export function listenToButton({ ports, turns, ledger, services }: Needs): { stop(): void } {
  let button: ResetButton = { at: 'up' };

  function perform(effect: ButtonEffect): void {
    switch (effect.do) {
      case 'restart-agent':
        ports.journal.fault('the reset button was pressed: the agent begins anew', {});
        return ledger.append({ kind: 'box-event', what: 'restart-ordered', of: 'agent', by: BY }, () =>
          ports.boot.restart?.(),
        );
      case 'restore-standard':
        ports.journal.fault('the reset button was held: the standard configuration of the services comes back', {});
        return services?.restoreNow(BY);
      default:
        never(effect);
    }
  }

  ports.button?.listen((pressed) =>
    turns(() => {
      const [next, effects] = stepResetButton(button, {
        on: pressed ? 'pressed' : 'released',
        now: ports.clock.mono(),
      });
      button = next;
      for (const effect of effects) perform(effect);
    }),
  );
  return { stop: () => ports.button?.close() };
}
