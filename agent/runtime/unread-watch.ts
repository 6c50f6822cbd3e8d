import { hours, minutes } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { UnreadCount } from '../ports/unread-signalling.ts';
import type { Ledger } from './ledger.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'journal' | 'unread'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append'>;
};

const EVERY = minutes(1);
/** A record a phone and hour at the most: what a power cut may cost of the counts. */
const RECORD_EVERY = hours(1);

/**
 * Writes down what phones say in SIP over TLS and MGCP: when a phone is first heard in it, then once an hour while it goes
 * on. Such a record says that calls of that phone are not metered by the box (U-1).
 */
export function createUnreadWatch({ ports, turns, ledger }: Needs): { stop(): void } {
  const { clock, journal, unread } = ports;
  const timers = createTimers<'look'>(clock, turns);
  const known = new Set<string>();
  let recordedAt = Number.NEGATIVE_INFINITY;

  function look(): void {
    timers.set('look', EVERY, look);
    unread?.read((counts) => turns(() => heard(counts)));
  }

  /** All at once: the counts begin again together. */
  function heard(counts: readonly UnreadCount[]): void {
    const fresh = counts.filter((one) => !known.has(nameOf(one)));
    if (counts.length === 0 || (fresh.length === 0 && clock.mono() - recordedAt < RECORD_EVERY)) return;
    for (const { phone, protocol } of fresh) {
      journal.fault('signalling of a phone is not readable: its calls are not metered by the box', { phone, protocol });
    }
    for (const one of counts) {
      known.add(nameOf(one));
      ledger.append({ kind: 'signalling-unread', ...one });
    }
    recordedAt = clock.mono();
    unread?.forget();
  }

  if (unread !== undefined) timers.set('look', EVERY, look);
  return { stop: timers.stop };
}

const nameOf = ({ phone, protocol }: UnreadCount): string => `${phone} ${protocol}`;
