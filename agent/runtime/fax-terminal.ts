import type { CodedPage } from '../fax/page/page-format.ts';
import { writeTiff } from '../fax/page/write-tiff.ts';
import { type FaxTally, startReceiving } from '../fax/terminal/terminal-state.ts';
import type { FaxCall, FaxCallNews } from '../ports/fax-calls.ts';
import type { FaxInbox, IncomingFax } from '../ports/fax-spool.ts';
import { civilDay, parisDay, parisTimeOfDay } from '../rating/calendar/paris.ts';
import { endingOf } from './fax-facts.ts';
import { createFaxQueue, type FaxQueueMaking } from './fax-queue.ts';
import { createTerminalCall } from './fax-terminal-call.ts';

export type FaxTerminalMaking = FaxQueueMaking & { readonly inbox: FaxInbox };

export type FaxTerminal = {
  /** A call for one of the lines: how its news is heard. Undefined for a line that is no terminal. */
  readonly take: (call: FaxCall) => ((news: FaxCallNews) => void) | undefined;
  /** Nothing more is begun; calls that run go on to their end. */
  readonly stop: () => void;
};

/** The box as a fax machine: takes calls for its terminal lines, and sends what lies in the outbox. */
export function createFaxTerminal(making: FaxTerminalMaking): FaxTerminal {
  const queue = createFaxQueue(making);
  return { take: (call) => take(making, call), stop: queue.stop };
}

function take(works: FaxTerminalMaking, call: FaxCall): ((news: FaxCallNews) => void) | undefined {
  const { clock, turns, report, inbox } = works;
  const line = works.lines.find(({ number }) => number === call.line);
  if (line === undefined) return undefined;
  const began = clock.wall();
  const { id, peer } = call;
  const fax = (tally: FaxTally): IncomingFax => ({ id, line: call.line, peer, station: tally.station, began });
  report({ on: 'begun', id, fax: undefined, line: call.line, peer, direction: 'received', at: began });
  const own = createTerminalCall({
    clock,
    turns,
    terminal: startReceiving(),
    rules: { stationId: line.stationId, ecm: line.ecm ?? true },
    keep: (page, coded, tally, done) =>
      inbox.keep(fax(tally), page, pageFile(coded, peer ?? tally.station, began), done),
    answered: () => report({ on: 'answered', id }),
    pageConfirmed: (pages) => report({ on: 'page-confirmed', id, pages, at: clock.wall() }),
    over: (outcome, tally, text) => {
      const at = clock.wall();
      inbox.end(fax(tally), endingOf({ outcome, text, tally }, tally.pages, at));
      report({ on: 'ended', id, outcome, tally, at, lasted: at - began });
    },
  });
  turns(() => {
    own.begin(call);
    call.answer();
  });
  return own.hear;
}

/** A page as it lies in the spool, with the time of Paris as on the fax of a reader there. */
function pageFile(coded: CodedPage, sender: string, at: number): Uint8Array {
  const day = civilDay(parisDay(at));
  const ofDay = parisTimeOfDay(at);
  const time = {
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1_000) % 60,
  };
  return writeTiff([coded], { sender, time: { ...day, ...time } });
}
