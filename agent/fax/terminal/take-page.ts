import { joined } from '../../model/joined.ts';
import { type Millis, seconds } from '../../model/units.ts';
import { type PartialPage, writeFramesWanted } from '../t30/partial-page.ts';
import { incomingPage } from './incoming-page.ts';
import { answer, withReceiving } from './receiving.ts';
import { octetsOf, type Receiving, startTaking } from './receiving-state.ts';
import { leave } from './sending.ts';
import { andThen, go, type Terminal, type TerminalEffect, type TerminalStep, withMended } from './terminal-state.ts';

type At<K extends Receiving['at']> = Extract<Receiving, { at: K }>;

const NO_OCTETS: Uint8Array = new Uint8Array(0);

/** Before the sender's T4 is over it hears something. */
const SOON: TerminalEffect = { do: 'wait', name: 'patience', for: seconds(1) };

/** MPS, EOM or EOP behind a page without ECM. */
export function takePage(
  terminal: Terminal,
  work: At<'taking'>,
  after: 'MPS' | 'EOM' | 'EOP',
  now: Millis,
): TerminalStep {
  if (work.image === undefined) {
    // The question once more, or a page of which nothing arrived.
    const repeated = work.answered?.to === after ? work.answered.by : 'RTN';
    return answer(terminal, repeated, now);
  }
  const { coded, verdict } = incomingPage(octetsOf(work.image), work.command);
  if (verdict === 'RTN') {
    const answered = { to: after, by: verdict };
    return answer(
      withReceiving(withMended(terminal, 'rtn'), {
        ...startTaking(work.command),
        role: 'receives',
        at: 'taking',
        answered,
      }),
      'RTN',
      now,
    );
  }
  const corrected = terminal.tally.corrected + (coded.badLines ?? 0);
  const judged = { ...terminal, tally: { ...terminal.tally, corrected } };
  return keep(judged, {
    ...work,
    role: 'receives',
    at: 'keeping',
    coded,
    after,
    answer: verdict,
    toldToWait: false,
    kept: false,
  });
}

/** PPS: what is missing of a block is asked for again; a page is kept before it is confirmed (T.4 Annex A). */
export function takeBlock(terminal: Terminal, work: At<'taking'>, block: PartialPage, now: Millis): TerminalStep {
  const to = `${block.page}/${block.block} ${block.after}`;
  if (work.answered?.to === to && work.frames.size === 0) return answer(terminal, work.answered.by, now);
  // Some say, behind frames that were wanted again, how many these were.
  const last = Math.max(work.last, block.frames);
  const numbers = Array.from({ length: last }, (_, number) => number);
  const missing = numbers.filter((number) => !work.frames.has(number));
  if (missing.length > 0) return askForMissing(withReceiving(terminal, { ...work, last }), missing, now);
  const blocks = [...work.blocks, ...numbers.map((number) => work.frames.get(number) ?? NO_OCTETS)];
  const taken = { ...work, frames: new Map<number, Uint8Array>(), last: 0 };
  if (block.after === 'NULL') {
    const answered = { to, by: 'MCF' } as const;
    return answer(withReceiving(terminal, { ...taken, blocks, answered }), 'MCF', now);
  }
  const { coded } = incomingPage(joined(...blocks), work.command);
  const after = block.after;
  const answered = { to, by: 'MCF' } as const;
  return keep(terminal, {
    ...taken,
    blocks: [],
    answered,
    role: 'receives',
    at: 'keeping',
    coded,
    after,
    answer: 'MCF',
    toldToWait: false,
    kept: false,
  });
}

function askForMissing(terminal: Terminal, missing: readonly number[], now: Millis): TerminalStep {
  const corrected = terminal.tally.corrected + missing.length;
  const counted = { ...terminal, tally: { ...terminal.tally, corrected } };
  return answer(withMended(counted, 'ppr'), 'PPR', now, writeFramesWanted(missing));
}

const keep = (terminal: Terminal, work: At<'keeping'>): TerminalStep =>
  go(withReceiving(terminal, work), SOON, { do: 'keep-page', page: terminal.tally.pages + 1, coded: work.coded });

/** The page lies safe: now, and no sooner, it may be confirmed. */
export function pageKept(terminal: Terminal, page: number, now: Millis): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives' || work.at !== 'keeping' || work.kept || page !== terminal.tally.pages + 1)
    return go(terminal);
  const kept = { ...work, kept: true };
  return work.toldToWait ? go(withReceiving(terminal, kept)) : giveAnswer(withReceiving(terminal, kept), kept, now);
}

export const pageNotKept = (terminal: Terminal, now: Millis): TerminalStep =>
  terminal.work.role === 'receives' && terminal.work.at === 'keeping'
    ? leave(terminal, 'receiver-not-ready', now)
    : go(terminal);

/** MCF or RTP for a page that is kept. */
export function giveAnswer(terminal: Terminal, work: At<'keeping'>, now: Millis): TerminalStep {
  const pages = terminal.tally.pages + 1;
  const to = work.command.ecmFrame === undefined ? work.after : (work.answered?.to ?? work.after);
  const answered = { to, by: work.answer };
  const taking: Receiving = { ...startTaking(work.command), role: 'receives', at: 'taking', answered };
  const confirmed = withReceiving({ ...terminal, tally: { ...terminal.tally, pages } }, taking);
  return andThen(
    go(
      confirmed,
      { do: 'forget', name: 'limit' },
      { do: 'tell', news: { on: 'page-confirmed', pages, direction: 'received' } },
    ),
    (one) => answer(one, work.answer, now),
  );
}

/** Behind the confirmation of an EOM. */
export const isToBeginAnew = ({ work }: Terminal): boolean =>
  work.role === 'receives' &&
  work.at === 'taking' &&
  /EOM$/.test(work.answered?.to ?? '') &&
  work.answered?.by !== 'RTN';
