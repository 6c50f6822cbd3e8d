import type { FaxLineEvent } from '../machines/fax-line-state.ts';
import type { FaxModemNews, HandsetTone, ModemOrder, Modulation } from '../model/fax-modem.ts';
import { seconds } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaxLine } from '../ports/fax-modem.ts';
import type { Journal } from '../ports/journal.ts';
import { createHandsetSound } from './handset-tone.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

/** The modem between faxes, and its news to whoever they are for. */
export type FaxModemWatch = {
  start(): void;
  order(order: ModemOrder): void;
  sound(tone: HandsetTone | 'none'): void;
  watchHandset(): void;
  leaveHandset(): void;
  /** What the modem said that it can do. */
  modulations(): readonly Modulation[];
  stop(): void;
};

type Listeners = {
  readonly handset: (event: FaxLineEvent) => void;
  readonly bridge: (news: FaxModemNews) => void;
};

/** A modem that was deaf may be switched on by and by. */
const TRY_AGAIN = seconds(30);
/** Whether one that was unplugged is there again costs no more than a look. */
const LOOK_AGAIN = seconds(5);

export function createFaxModemWatch(
  { clock, journal, turns }: { readonly clock: Clock; readonly journal: Journal; readonly turns: Turns },
  line: FaxLine,
  listeners: Listeners,
): FaxModemWatch {
  const timers = createTimers<'again'>(clock, turns);
  const tone = createHandsetSound(line.order, { clock, turns });
  let modulations: readonly Modulation[] = [];
  let unplugged = false;

  const setUp = (): void => line.order({ do: 'set-up' });
  function outOfService(message: string, fields: Readonly<Record<string, unknown>>, again: boolean): void {
    journal.fault(message, fields);
    listeners.handset({ on: 'modem-gone' });
    if (again) timers.set('again', TRY_AGAIN, setUp);
  }

  /** Told once, however often it is looked for. */
  function unplug(): void {
    if (!unplugged) outOfService('the fax modem is gone: it is taken up again when it is plugged in', {}, false);
    unplugged = true;
    timers.set('again', LOOK_AGAIN, setUp);
  }

  function hear(news: FaxModemNews): void {
    switch (news.on) {
      case 'ready':
        unplugged = false;
        modulations = news.modulations;
        return line.order({ do: 'watch-handset' });
      case 'handset':
        return listeners.handset({ on: news.is });
      case 'digit':
        return listeners.handset(news);
      case 'done':
        if (news.order === 'watch-handset') listeners.handset({ on: 'ready' });
        if (news.order === 'sound') tone.beaten();
        return;
      case 'refused':
        return onRefused(news.order, news.because);
      case 'deaf':
        return outOfService('the fax modem does not answer; it is tried again', {}, true);
      case 'lost':
        return unplug();
      default:
        return;
    }
  }

  function onRefused(order: ModemOrder['do'], because: string): void {
    if (order === 'sound') return tone.beaten();
    if (order === 'set-up') outOfService('the fax modem knows no Class 1: take another one', { because }, false);
    // It fell silent in the middle of a fax.
    if (order === 'watch-handset' && because.startsWith('the modem is deaf')) return setUp();
    if (order === 'watch-handset')
      outOfService(
        'the fax modem does not tell what the machine dials: take one with voice class (AT+FCLASS=8, AT+VLS=2 of V.253)',
        { because },
        false,
      );
  }

  // The bridge before the line: what became of its fax is for the bridge to say.
  line.listen((news) =>
    turns(() => {
      listeners.bridge(news);
      turns(() => hear(news));
    }),
  );
  return {
    start: () => turns(setUp),
    order: line.order,
    sound: tone.play,
    watchHandset: () => line.order({ do: 'watch-handset' }),
    leaveHandset: () => line.order({ do: 'leave-handset' }),
    modulations: () => modulations,
    stop() {
      timers.stop();
      tone.stop();
    },
  };
}
