import { startPowerWatch, stepPowerWatch } from '../machines/power-watch.ts';
import { never } from '../model/never.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Power } from '../ports/devices.ts';
import type { Ledger } from './ledger.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'devices' | 'journal' | 'boot'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'mains'>;
  /** Support should hear of it before its time. */
  readonly tellSupport: () => void;
};

export type PowerView = Readonly<Record<'mains' | 'low' | 'warm' | 'silent', boolean>>;

export interface PowerDesk {
  /** Somebody else asked, and this is what the UPS said. */
  seen(power: Power | undefined): void;
  sight(): PowerView;
  stop(): void;
}

const FIRST = seconds(3);

/** Asks the UPS and tells what is sure of its answers: into the record, to support, and to the supervisor (G-6, G-7). */
export function createPowerDesk({ ports, turns, ledger, tellSupport }: Needs): PowerDesk {
  const timers = createTimers<'ask'>(ports.clock, turns);
  let watch = startPowerWatch(ledger.mains());

  const ask = (): void => ports.devices.power((power) => turns(() => hear(power)));

  function hear(power: Power | undefined): void {
    const [next, effects] = stepPowerWatch(watch, { on: 'read', power });
    watch = next;
    for (const effect of effects) {
      switch (effect.do) {
        case 'ask-again':
          timers.set('ask', effect.for, ask);
          break;
        case 'tell-mains': {
          const kind = effect.on ? 'mains-returned' : 'mains-lost';
          ledger.append({ kind, batteryPercent: effect.batteryPercent });
          tellSupport();
          break;
        }
        case 'tell':
          ledger.append({ kind: 'box-event', ...effect.event });
          ports.journal.fault('power and temperature', effect.event);
          tellSupport();
          break;
        case 'rest': {
          const event = { what: 'gone-to-rest', why: 'the battery is empty', value: effect.batteryPercent } as const;
          // The order to end follows the record onto the medium: who reads the ledger knows why it stops there.
          ledger.append({ kind: 'box-event', ...event }, () => ports.boot.rest?.());
          ports.journal.fault('the battery is empty: the books are closed, links and calls go on', event);
          break;
        }
        default:
          never(effect);
      }
    }
  }

  timers.set('ask', FIRST, ask);
  return {
    seen: hear,
    sight: () => ({ mains: watch.mains, low: watch.low, warm: watch.warm, silent: watch.silent }),
    stop: () => timers.stop(),
  };
}
