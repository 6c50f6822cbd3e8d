import { type FaxModemNews, MODULATIONS, type ModemNews } from '../../../agent/model/fax-modem.ts';
import { never } from '../../../agent/model/never.ts';
import { type Millis, millis } from '../../../agent/model/units.ts';
import type { Cancel, Clock } from '../../../agent/ports/clock.ts';
import type { FaxLine } from '../../../agent/ports/fax-modem.ts';
import type { SerialLine } from '../../wires/serial-line.ts';
import { stepModem } from './class1-machine.ts';
import { freshModem, type ModemEffect, type ModemEvent } from './class1-state.ts';
import { chooseFaxDialect, type FaxQuirks } from './dialects.ts';
import { shielded } from './framer.ts';
import { stepPump, untilTick } from './page-pump.ts';
import { type PagePump, type PumpEvent, startPump } from './pump-state.ts';

export type FaxModemSettings = {
  /** How much of a page is in hand before its first octet goes, 600 to 1,200 ms: what a far end's silence may last. */
  readonly lead: Millis;
  /** What the operator knows about this modem. */
  readonly quirks?: Partial<FaxQuirks>;
  /** Bits per second between box and modem, where that is a wire; unknown: no modulation is too fast for it. */
  readonly baudRate?: number;
};

export interface FaxModem extends FaxLine {
  close(): Promise<void>;
}

/**
 * What the wire must be faster than the signal: start and stop bit, every DLE twice, and something to gain a lead with. At 19,200 baud a
 * page of 14,400 bit/s runs dry in its first second (measured with libspandsp's modem).
 */
const WIRE_TO_SIGNAL = 1.6;
/** The most that a modem is kept ahead of itself; its buffer may say less. */
const AHEAD = millis(450);

/** A Class 1 modem on a line. Frames and pages are octets in the order of Class 1, least significant bit first. */
export function createFaxModem(line: SerialLine, clock: Clock, settings: FaxModemSettings): FaxModem {
  const quirks = settings.quirks ?? {};
  const works: Works = {
    line,
    clock,
    settings,
    state: freshModem(chooseFaxDialect('', quirks), quirks),
    todo: [],
    performing: false,
    listener: () => undefined,
  };
  line.listen({
    heard: (octets) => post(works, { on: 'heard', octets }),
    lost() {
      pumpStop(works);
      works.cancel?.();
      works.listener({ on: 'lost' });
    },
  });
  return {
    order: (order) => post(works, { on: 'ordered', order }),
    listen(listener) {
      works.listener = listener;
    },
    async close() {
      pumpStop(works);
      works.cancel?.();
      await line.close();
    },
  };
}

type Works = {
  readonly line: SerialLine;
  readonly clock: Clock;
  readonly settings: FaxModemSettings;
  state: ReturnType<typeof freshModem>;
  readonly todo: ModemEvent[];
  performing: boolean;
  listener: (news: FaxModemNews) => void;
  pump?: PagePump | undefined;
  cancel?: Cancel | undefined;
  cancelTick?: Cancel | undefined;
};

/** One event at a time: what is posted while an effect is performed waits its turn. */
function post(works: Works, event: ModemEvent): void {
  works.todo.push(event);
  if (works.performing) return;
  works.performing = true;
  try {
    for (let first = works.todo.shift(); first !== undefined; first = works.todo.shift()) {
      const [state, effects] = stepModem(works.state, first);
      works.state = state;
      for (const effect of effects) perform(works, effect);
    }
  } finally {
    works.performing = false;
  }
}

function perform(works: Works, effect: ModemEffect): void {
  const now = works.clock.mono();
  switch (effect.do) {
    case 'send':
      works.line.write(effect.octets);
      return;
    case 'wait':
      works.cancel?.();
      works.cancel = effect.for === undefined ? undefined : works.clock.after(effect.for, () => waited(works));
      return;
    case 'report':
      works.listener(withinReach(effect.news, works.settings.baudRate));
      return;
    case 'pump-ready': {
      const { rate } = MODULATIONS[effect.modulation];
      // Half of the buffer, so that an XOFF is the exception.
      const ahead = Math.floor(Math.min((AHEAD * rate) / 8_000, effect.buffer / 2));
      works.pump = startPump({ filler: effect.filler, rate, lead: effect.lead ?? works.settings.lead, ahead });
      return;
    }
    case 'pump-begin':
      pumped(works, { on: 'begun', now: millis(now + effect.delay) });
      tick(works);
      return;
    case 'pump-feed':
      return pumped(works, { on: 'fed', now, octets: effect.octets });
    case 'pump-hold':
      return pumped(works, { on: 'held', now, held: effect.held });
    case 'pump-end':
      return pumped(works, { on: 'ended' });
    case 'pump-stop':
      return pumpStop(works);
    default:
      never(effect);
  }
}

/** A modulation that the wire is too slow for is none. */
function withinReach(news: ModemNews, baudRate = Number.POSITIVE_INFINITY): ModemNews {
  if (news.on !== 'ready') return news;
  const modulations = news.modulations.filter((one) => MODULATIONS[one].rate * WIRE_TO_SIGNAL <= baudRate);
  return { ...news, modulations };
}

function waited(works: Works): void {
  works.cancel = undefined;
  post(works, { on: 'waited' });
}

function pumped(works: Works, event: PumpEvent): void {
  if (works.pump === undefined) return;
  const [pump, { octets, over }] = stepPump(works.pump, event);
  works.pump = pump;
  if (octets.length > 0) works.line.write(shielded(octets));
  if (!over) return;
  pumpStop(works);
  post(works, { on: 'page-written' });
}

function tick(works: Works): void {
  works.cancelTick = undefined;
  const now = works.clock.mono();
  pumped(works, { on: 'tick', now });
  if (works.pump !== undefined) works.cancelTick = works.clock.after(untilTick(works.pump, now), () => tick(works));
}

function pumpStop(works: Works): void {
  works.cancelTick?.();
  works.cancelTick = undefined;
  if (works.pump === undefined) return;
  const { tally } = works.pump;
  works.pump = undefined;
  works.listener({ on: 'pumped', tally });
}
