import { dueMove } from '../machines/mobile-line/host-change.ts';
import type { HostChange } from '../model/mobile-line.ts';
import type { SimOrder } from '../model/sim-swap.ts';
import { millis, minutes } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Ledger } from './ledger.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly clock: AgentPorts['clock'];
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'line'>;
  readonly plan: () => HostChange | undefined;
  readonly busy: () => boolean;
  readonly swap: (order: SimOrder) => void;
};

const LOOK_AGAIN = minutes(5);

/** Moves the line to the card of its new host operator, within the window and while nobody calls by it (S-9). */
export function createHostMove({ clock, turns, ledger, plan, busy, swap }: Needs) {
  const timers = createTimers<'move'>(clock, turns);
  let orderedAt: number | undefined;

  function look(): void {
    const wanted = plan();
    const now = Math.floor(clock.wall());
    const due = wanted && dueMove(wanted, { moves: ledger.line()?.moves, busy: busy(), orderedAt, now });
    if (due === undefined) return timers.clear('move');
    if ('swap' in due) {
      orderedAt = now;
      swap(due.swap);
    }
    const pause = 'swap' in due ? LOOK_AGAIN : due.lookAt - now;
    timers.set('move', millis(Math.min(LOOK_AGAIN, Math.max(1, pause))), look);
  }

  return { look, stop: () => timers.stop() };
}
