import type { Page } from '../fax/page/page-format.ts';
import { readTiff } from '../fax/page/read-tiff.ts';
import { pauseBeforeRetry } from '../fax/terminal/retry-plan.ts';
import { type FaxOutcome, type FaxTally, startSending } from '../fax/terminal/terminal-state.ts';
import { millis } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaxCalls } from '../ports/fax-calls.ts';
import type { FaxJob, FaxOutbox } from '../ports/fax-spool.ts';
import { type FaxUnderWay, nextFaxAt } from '../rating/limits/mass-fax.ts';
import { endingOf, type FaxAdmit, type FaxReport } from './fax-facts.ts';
import { createTerminalCall } from './fax-terminal-call.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Turns } from './turns.ts';

export type FaxQueueMaking = {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly calls: Pick<FaxCalls, 'dial'>;
  readonly outbox: FaxOutbox;
  /** The site's lines of mode `terminal`; ECM is always offered, unless a line is to go without. */
  readonly lines: readonly { readonly number: string; readonly stationId: string; readonly ecm?: boolean }[];
  /** X-3, where the regime has it; and the account's other faxes, of machines. */
  readonly pace: { readonly perMinute: number; readonly atOnce?: number | undefined } | undefined;
  readonly otherFaxes: () => readonly FaxUnderWay[];
  /** The policy of the box, before a call is made (X-4, C-*, V-6, M6). */
  readonly admit: FaxAdmit;
  /** Pages of a fax that the ledger proves: of a call that the agent did not survive nothing else is believed. */
  readonly proven: (fax: string) => number;
  /** Whether the account bears a page more; asked behind each confirmed page but the last. */
  readonly goesOn: (fax: string) => boolean;
  readonly report: FaxReport;
  /** A fax that was let through is not called after all: the spool could not take note of it. */
  readonly giveUp: (fax: string) => void;
};

type Own = { readonly at: number; endsAt?: number };

type Works = FaxQueueMaking & {
  readonly timers: Timers<'queue'>;
  readonly waiting: Map<string, FaxJob>;
  readonly faxes: Own[];
  readonly busyLines: Set<string>;
};

/** Longest that faxes of the past count for the pace, ms. */
const REMEMBERED = 120_000;

/** Sends what lies in the outbox, one call a line at a time, at the pace of the account, again where that may help. */
export function createFaxQueue(making: FaxQueueMaking): { readonly stop: () => void } {
  const timers = createTimers<'queue'>(making.clock, making.turns);
  const works: Works = { ...making, timers, waiting: new Map(), faxes: [], busyLines: new Set() };
  making.outbox.onJob((job) =>
    making.turns(() => {
      works.waiting.set(job.id, taken(works, job));
      look(works);
    }),
  );
  return { stop: timers.stop };
}

/** A call that was cut brought the pages that were recorded, and no others: those are not sent, nor billed, once more. */
const taken = ({ proven }: Works, { cut, ...job }: FaxJob): FaxJob =>
  cut === undefined ? job : { ...job, confirmed: job.confirmed + proven(cut) };

/** Begins what may begin by now: one call a line, at the pace of the account. */
function look(works: Works): void {
  const { clock } = works;
  const now = clock.wall();
  works.faxes.splice(
    0,
    works.faxes.length,
    ...works.faxes.filter(({ endsAt }) => endsAt === undefined || endsAt > now - REMEMBERED),
  );
  const ready = [...works.waiting.values()].filter(({ line }) => !works.busyLines.has(line));
  const next = ready.toSorted((a, b) => a.notBefore - b.notBefore)[0];
  if (next === undefined) return;
  const free = works.pace && nextFaxAt([...works.faxes, ...works.otherFaxes()], works.pace, now);
  // Too many are under way, and nobody knows until when: the end of one of ours looks again, and so does time.
  const at = Math.max(next.notBefore, works.pace === undefined ? now : (free ?? now + AGAIN));
  if (at > now) return works.timers.set('queue', millis(Math.min(at - now, LONGEST_WAIT)), () => look(works));
  works.waiting.delete(next.id);
  begin(works, next);
  look(works);
}

/** How soon a busy account is looked at again, and how long a timer may run before the clock is read anew, ms. */
const AGAIN = 5_000;
const LONGEST_WAIT = 600_000;

function begin(works: Works, job: FaxJob): void {
  const line = works.lines.find(({ number }) => number === job.line);
  const own: Own = { at: works.clock.wall() };
  works.faxes.push(own);
  works.busyLines.add(job.line);
  const calling = { ...job, tries: job.tries + 1 };
  works.outbox.note(job.id, { state: 'calling', tries: calling.tries, confirmed: job.confirmed });
  works.outbox.open(job.id, (tiff) =>
    works.turns(() => {
      const { pages } = tiff === undefined ? { pages: undefined } : readTiff(tiff);
      const rest = pages?.slice(job.confirmed) ?? [];
      if (job.confirmed > 0 && job.confirmed === pages?.length)
        return settle(works, calling, own, { outcome: 'all-confirmed', confirmed: 0, text: '' });
      if (line === undefined || rest.length === 0)
        return settle(works, calling, own, { outcome: 'machine-stopped', confirmed: 0, text: NO_DOCUMENT });
      admit(works, calling, own, { rest, line });
    }),
  );
}

const NO_DOCUMENT =
  'Le document a disparu de la file, ou la ligne n’est plus un terminal de télécopie : déposez-le à nouveau.';

type Sent = {
  readonly outcome: FaxOutcome;
  readonly confirmed: number;
  readonly text: string;
  readonly tally?: FaxTally;
};
type Sheet = { readonly rest: readonly Page[]; readonly line: Works['lines'][number] };
type Admitted = Sheet & { readonly fax: string };

/** A fax that may not go out is no fax for the pace of the next one. */
function admit(works: Works, job: FaxJob, own: Own, sheet: Sheet): void {
  works.admit({ line: job.line, dialled: job.to }, ({ fax, refused }) =>
    works.turns(() => {
      if (refused === undefined) return noteCall(works, job, own, { ...sheet, fax });
      works.faxes.splice(works.faxes.indexOf(own), 1);
      settle(works, job, own, { outcome: refused, confirmed: 0, text: '' });
    }),
  );
}

/** Nothing is dialed before the spool knows under which name the ledger has the call: that is how no page is sent twice. */
function noteCall(works: Works, job: FaxJob, own: Own, sheet: Admitted): void {
  const { tries, confirmed } = job;
  works.outbox.note(
    job.id,
    { state: 'calling', tries, confirmed, call: { fax: sheet.fax, before: confirmed } },
    (kept) =>
      works.turns(() => {
        if (kept) return call(works, job, own, sheet);
        works.giveUp(sheet.fax);
        settle(works, job, own, { outcome: 'no-room-for-record', confirmed: 0, text: '' });
      }),
  );
}

function call(works: Works, job: FaxJob, own: Own, { rest, line, fax }: Admitted): void {
  const { clock, turns, report, outbox } = works;
  const began = clock.wall();
  const ref: { id: string } = { id: '' };
  let spent = false;
  const terminal = createTerminalCall({
    clock,
    turns,
    terminal: startSending(rest),
    rules: { stationId: line.stationId, ecm: line.ecm ?? true },
    keep: (_page, _coded, _tally, done) => done(false),
    answered: () => report({ on: 'answered', id: ref.id }),
    pageConfirmed: (pages) => {
      const progress = { tries: job.tries, confirmed: job.confirmed + pages, call: { fax, before: job.confirmed } };
      outbox.note(job.id, { state: 'calling', ...progress });
      report({ on: 'page-confirmed', id: ref.id, pages, at: clock.wall() });
      if (pages === rest.length || works.goesOn(fax)) return;
      spent = true;
      made.hangUp();
    },
    over: (how, tally, text) => {
      const at = clock.wall();
      const outcome = spent ? 'cap-reached' : how;
      report({ on: 'ended', id: ref.id, outcome, tally, at, lasted: at - began });
      settle(works, job, own, { outcome, confirmed: tally.pages, text, tally });
    },
  });
  const made = works.calls.dial({ line: job.line, dialled: job.to }, terminal.hear);
  ref.id = made.id;
  report({ on: 'begun', id: made.id, fax, line: job.line, peer: job.to, direction: 'sent', at: began });
  terminal.begin(made);
}

/** A call of a job is over: sent, tried again later, or given up. */
function settle(works: Works, job: FaxJob, own: Own, sent: Sent): void {
  const now = works.clock.wall();
  own.endsAt = now;
  works.busyLines.delete(job.line);
  const { tries } = job;
  const confirmed = job.confirmed + sent.confirmed;
  const last = endingOf(sent, confirmed, now);
  // Progress is worth new tries: only calls that brought nothing are counted against the job.
  const fruitless = sent.confirmed > 0 ? 1 : tries;
  const pause = pauseBeforeRetry(sent.outcome, fruitless);
  if (sent.outcome === 'all-confirmed') works.outbox.note(job.id, { state: 'sent', tries, confirmed, last });
  else if (pause === undefined) works.outbox.note(job.id, { state: 'failed', tries, confirmed, last });
  else {
    const notBefore = now + pause * 1_000;
    works.outbox.note(job.id, { state: 'waiting', tries: fruitless, confirmed, notBefore, last });
    works.waiting.set(job.id, { ...job, tries: fruitless, confirmed, notBefore });
  }
  works.turns(() => look(works));
}
