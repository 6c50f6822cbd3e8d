import pino, { type Logger } from 'pino';
import type { Journal, JournalLine } from '../ports/journal.ts';

/** The log of the box: JSON lines on standard output, for journald. Numbers called and keys never appear in it. */
export const createLog = (level: string): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });

export function createLogJournal(log: Logger): Journal {
  return {
    step: (line) => log.info(outline(line), 'step'),
    fault: (message, fields) => log.warn(fields, message),
  };
}

type Tagged = { readonly [key: string]: unknown };

/** Machine, event, where it went and what it ordered, by their names alone. */
function outline({ machine, event, state, effects }: JournalLine): object {
  const happened = asTagged(event);
  const now = asTagged(state);
  return {
    machine,
    on: happened.on,
    at: now.at,
    call: asTagged(now.facts).call,
    class: asTagged(now.facts).class,
    do: effects.map((effect) => summary(asTagged(effect))),
  };
}

const summary = (effect: Tagged): string =>
  [effect.do, effect.to, effect.cause, asTagged(effect.event).kind, asTagged(effect.event).cause, effect.name]
    .filter((word) => typeof word === 'string')
    .join(' ');

const asTagged = (value: unknown): Tagged => (typeof value === 'object' && value !== null ? (value as Tagged) : {});
