import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../agent/model/record.ts';
import { hours, millis, minutes } from '../../../agent/model/units.ts';
import type { UnreadCount } from '../../../agent/ports/unread-signalling.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createUnreadWatch } from '../../../agent/runtime/unread-watch.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

const phone = (last: number, protocol: UnreadCount['protocol'], packets: number): UnreadCount => ({
  ...{ phone: `192.168.10.${last}`, protocol, sentPackets: packets, sentBytes: packets * 100 },
  ...{ heardPackets: 0, heardBytes: 0 },
});

/** A kernel that counts a packet a minute of each phone, and an agent that watches it. */
function watched(phones: readonly (readonly [number, UnreadCount['protocol']])[]) {
  const clock = createSimClock(millis(0));
  const told: LedgerEvent[] = [];
  const faults: unknown[] = [];
  let since = 0;
  const unread = {
    read: (done: (counts: readonly UnreadCount[]) => void) => {
      const passed = Math.floor((clock.mono() - since) / 60_000);
      done(passed === 0 ? [] : phones.map(([last, protocol]) => phone(last, protocol, passed)));
    },
    forget: () => {
      since = clock.mono();
    },
  };
  const journal = { step: () => undefined, fault: (_: string, fields: unknown) => faults.push(fields) };
  const start = () =>
    createUnreadWatch({
      ports: { clock, journal, unread },
      turns: createTurns(),
      ledger: { append: (event) => told.push(event) },
    });
  return { clock, told, faults, start };
}

describe('U-1: calls in signalling that nobody reads are not metered, and the record says so', () => {
  it('when a phone is first heard, then once an hour, and every packet is told once', () => {
    const { clock, told, faults, start } = watched([
      [10, 'tls'],
      [11, 'mgcp'],
    ]);
    start();
    clock.advance(minutes(1));
    expect(told).toEqual([
      { kind: 'signalling-unread', ...phone(10, 'tls', 1) },
      { kind: 'signalling-unread', ...phone(11, 'mgcp', 1) },
    ]);
    expect(faults).toHaveLength(2);
    clock.advance(hours(3));
    expect(faults).toHaveLength(2);
    expect(told).toHaveLength(8);
    const sent = told.flatMap((event) => (event.kind === 'signalling-unread' ? [event.sentPackets] : []));
    expect(sent).toEqual([1, 1, 60, 60, 60, 60, 60, 60]);
  });

  it('by an agent that was started again too: what the kernel counted meanwhile is not lost', () => {
    const { clock, told, start } = watched([[10, 'tls']]);
    const first = start();
    clock.advance(minutes(30));
    first.stop();
    clock.advance(minutes(10));
    start();
    clock.advance(minutes(1));
    expect(told.map((event) => (event.kind === 'signalling-unread' ? event.sentPackets : 0))).toEqual([1, 40]);
  });

  it('says nothing of a site without such phones', () => {
    const { clock, told, start } = watched([]);
    start();
    clock.advance(hours(24));
    expect(told).toEqual([]);
  });
});
