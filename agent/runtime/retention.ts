import { erasableUpTo, isPersonal, markIsDue } from '../machines/retention.ts';
import { eraseBody, erasedHash } from '../model/erased.ts';
import { RecordSchema } from '../model/record.ts';
import { hours, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { StoredRecord } from '../ports/record-store.ts';
import { monthOfInstant } from '../rating/calendar/civil-month.ts';
import type { Evidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'store' | 'clock' | 'sha256' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'epoch' | 'cycleOpenedAt'>;
  readonly evidence: Pick<Evidence, 'countersigned'>;
  /** Months of the contract for which records are kept (U-4). */
  readonly months: number;
};

/** Erases personal data when their time is over; the chain stays whole (U-4, D-1). */
export interface Retention {
  /** The central holds everything up to `upTo`. */
  received(upTo: number): void;
  /** The central's clock, Unix ms: the box's own may be years off, and nothing is erased on its word. */
  centralSays(now: number): void;
  stop(): void;
}

const EVERY = hours(24);
const CHUNK = 500;
/** Between two chunks the records of running calls have the medium for themselves. */
const BREATH = seconds(1);

export function createRetention(needs: Needs): Retention {
  const { ports, turns, ledger, evidence, months } = needs;
  const { store, clock } = ports;
  const timers = createTimers<'erase'>(clock, turns);
  let ahead: number | undefined;
  /** Everything up to here has been looked at, in this epoch. */
  let done = { epoch: ledger.epoch(), upTo: 0 };

  const centralNow = (): number | undefined => (ahead === undefined ? undefined : Math.floor(ahead + clock.mono()));

  /**
   * A month after the end of the time at the most: the invoice of a month is written in the next (U-4). What the central
   * has not countersigned keeps its body: without it nothing would prove it (U-3).
   */
  const bound = (now: number): number => {
    const expired = (at: number): boolean => monthOfInstant(now) - monthOfInstant(at) > months;
    return Math.min(erasableUpTo(store.state().receipts, ledger.cycleOpenedAt(), expired), evidence.countersigned());
  };

  function look(): void {
    timers.set('erase', EVERY, look);
    const now = centralNow();
    if (now === undefined) return;
    if (done.epoch !== ledger.epoch()) done = { epoch: ledger.epoch(), upTo: 0 };
    const upTo = bound(now);
    if (done.upTo >= upTo) return;
    const { epoch } = done;
    store.read(done.upTo + 1, Math.min(CHUNK, upTo - done.upTo), (rows) =>
      turns(() => epoch === ledger.epoch() && eraseAmong(rows)),
    );
  }

  function eraseAmong(rows: readonly StoredRecord[]): void {
    const { epoch } = done;
    const last = rows.at(-1)?.seq ?? done.upTo;
    const erased = rows.filter(holdsPersonal).map(({ seq, body }) => ({ seq, body: eraseBody(body, ports.sha256) }));
    const next = (): void => {
      if (epoch !== ledger.epoch()) return;
      done = { epoch, upTo: last };
      timers.set('erase', BREATH, look);
    };
    if (erased.length === 0) return next();
    store.erase(erased, (kept) => turns(() => kept !== 'no-room' && next()));
  }

  return {
    received(upTo) {
      const at = centralNow();
      store.release(upTo, at !== undefined && markIsDue(store.state().receipts, at) ? at : undefined);
    },
    centralSays(now) {
      ahead = now - clock.mono();
      timers.set('erase', BREATH, look);
    },
    stop: () => timers.stop(),
  };
}

const holdsPersonal = ({ body }: StoredRecord): boolean =>
  erasedHash(body) === undefined && isPersonal(RecordSchema.parse(JSON.parse(body)).event);
