import { conditionsIn, type Severity } from './model/conditions.ts';
import type { Sight } from './sight.ts';

/** An alarm that stands (X.733). Times in Unix ms. */
export type Alarm = {
  /** Row of `CurrentAlarm`, and name of the alarm: never used twice. */
  readonly number: number;
  readonly problem: string;
  readonly severity: Severity;
  readonly text: string;
  readonly raised: number;
  readonly changed: number;
};

export type AlarmEvent = {
  readonly number: number;
  readonly alarm: number;
  readonly at: number;
  readonly type: 'NewAlarm' | 'ChangedAlarm' | 'ClearedAlarm';
  readonly problem: string;
  readonly severity: Severity | 'Cleared';
  readonly text: string;
};

/** What stands and what was, kept through restarts: support sees it, no record and no invoice depends on it. */
export type AlarmBook = {
  readonly current: readonly Alarm[];
  /** The newest last. */
  readonly history: readonly AlarmEvent[];
  readonly raised: number;
  readonly events: number;
};

export const NO_ALARMS: AlarmBook = { current: [], history: [], raised: 0, events: 0 };

/** Events that support can look back on. */
export const MOST_EVENTS = 50;

/** What a life does not see yet is not over: links, broker and devices have so long to be looked at (ms). */
const SETTLING = 60_000;

/** Compares what is wrong now with what stands. The same book where nothing is new. */
export function stepAlarms(before: AlarmBook, sight: Sight): AlarmBook {
  const conditions = conditionsIn(sight);
  const age = sight.mono - sight.began;
  const isOld = ({ raised }: Alarm): boolean => age < SETTLING && raised < sight.wall - age;
  const gone = before.current.filter(
    (alarm) => !isOld(alarm) && !conditions.some(({ problem }) => problem === alarm.problem),
  );
  let book = before;
  for (const alarm of gone) book = note(book, { ...alarm, severity: 'Cleared' }, 'ClearedAlarm', sight.wall);
  book = gone.length === 0 ? book : { ...book, current: book.current.filter((one) => !gone.includes(one)) };
  for (const { problem, severity, text } of conditions) {
    const known = book.current.find((one) => one.problem === problem);
    if (known?.severity === severity) continue;
    const number = known?.number ?? book.raised + 1;
    const alarm = { number, problem, severity, text, raised: known?.raised ?? sight.wall, changed: sight.wall };
    const others = book.current.filter((one) => one !== known);
    const next = { ...book, current: [...others, alarm], raised: Math.max(book.raised, number) };
    book = note(next, alarm, known === undefined ? 'NewAlarm' : 'ChangedAlarm', sight.wall);
  }
  return book;
}

type Told = Pick<AlarmEvent, 'number' | 'problem' | 'severity' | 'text'>;

function note(
  book: AlarmBook,
  { number, problem, severity, text }: Told,
  type: AlarmEvent['type'],
  at: number,
): AlarmBook {
  const events = book.events + 1;
  const event = { number: events, alarm: number, at, type, problem, severity, text };
  return { ...book, events, history: [...book.history, event].slice(-MOST_EVENTS) };
}
