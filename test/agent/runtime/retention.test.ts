import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { erasableUpTo, markIsDue } from '../../../agent/machines/retention.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { erasedHash } from '../../../agent/model/erased.ts';
import { type LedgerEvent, NO_RECORD_HASH } from '../../../agent/model/record.ts';
import { hours, millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { createRetention } from '../../../agent/runtime/retention.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { createSimDisk } from '../../../hw-sim/site/sim-record-store.ts';
import { callEnded } from '../../hw-sim/power-cut/box.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const EPOCH = '00000000000000aa';
const MONTH = hours(24 * 30);

function chain(events: readonly LedgerEvent[]): readonly StoredRecord[] {
  let prev = NO_RECORD_HASH;
  return events.map((event, index) => {
    const clock = { wall: 0, mono: 0, boot: 'b', quality: 'never' } as const;
    const record = { v: 1, device: 'd', epoch: EPOCH, seq: index + 1, prev, salt: '0'.repeat(32), clock, event };
    const body = canonical(record);
    prev = sha256(body);
    return { seq: index + 1, body };
  });
}

/** Twenty calls of an old cycle, then the record that opened the cycle of today and one call more. */
const EVENTS: readonly LedgerEvent[] = [
  { kind: 'epoch-opened', reason: 'first' },
  { kind: 'cycle-opened', cycle: 1 },
  ...Array.from({ length: 20 }, (_, index) => callEnded(index)),
  { kind: 'cycle-opened', cycle: 2 },
  callEnded(99),
];
const TODAY = 23;

function bench(months: number, cycleOpenedAt = TODAY, countersigned = 24) {
  // The box believes to live in 1970: only the central's clock counts.
  const clock = createSimClock(millis(0));
  const disk = createSimDisk(clock, createSimRandom('retention'), { least: millis(1), most: millis(2) });
  const store = disk.open(createLife(1, 'boot'));
  const rows = chain(EVENTS);
  store.openEpoch(EPOCH, 'first', () => {});
  store.append(rows, () => {});
  const ledger = { epoch: () => EPOCH, cycleOpenedAt: () => cycleOpenedAt };
  const journal = { step: () => {}, fault: () => {} };
  const evidence = { countersigned: () => countersigned };
  const ports = { store, clock, sha256, journal };
  const retention = createRetention({ ports, turns: createTurns(), ledger, evidence, months });
  clock.advance(seconds(1));
  const erased = (): readonly number[] =>
    disk.rows().flatMap(({ seq, body }) => (erasedHash(body) === undefined ? [] : [seq]));
  return { clock, disk, store, retention, rows, erased };
}

const NOW = Date.UTC(2027, 0, 15);
const CALLS = Array.from({ length: 20 }, (_, index) => index + 3);

describe('U-4, D-1: personal data are erased when their time is over', () => {
  it('not before the months of the contract have passed since the central held them, by its own clock', () => {
    const { clock, retention, erased } = bench(6);
    retention.centralSays(NOW);
    retention.received(24);
    clock.advance(hours(24 * 30 * 6));
    expect(erased()).toEqual([]);
    clock.advance(MONTH);
    clock.advance(MONTH);
    expect(erased()).toEqual(CALLS);
  });

  it('calls only, of closed cycles only, and the hash of each stays', () => {
    const { clock, disk, retention, rows } = bench(6);
    retention.centralSays(NOW);
    retention.received(24);
    clock.advance(millis(9 * MONTH));
    const left = disk.rows();
    for (const [index, { body }] of left.entries())
      expect(erasedHash(body) ?? sha256(body)).toBe(sha256(rows[index]?.body ?? ''));
    expect(left.filter(({ body }) => body.includes('+331'))).toEqual([rows[TODAY]]);
    expect(erasedHash(left[0]?.body ?? '')).toBeUndefined();
  });

  it('nothing without a receipt, and nothing while the central was never heard', () => {
    const silent = bench(6);
    silent.retention.received(24);
    silent.clock.advance(millis(30 * MONTH));
    expect(silent.erased()).toEqual([]);
    const partly = bench(6);
    partly.retention.centralSays(NOW);
    partly.retention.received(10);
    partly.clock.advance(millis(9 * MONTH));
    expect(partly.erased()).toEqual(CALLS.filter((seq) => seq <= 10));
  });

  it('C-3: no record of the open cycle, whatever its age, for credit hangs on it', () => {
    const { clock, retention, erased } = bench(6, 2);
    retention.centralSays(NOW);
    retention.received(24);
    clock.advance(millis(30 * MONTH));
    expect(erased()).toEqual([]);
  });

  it('U-3: no record that no countersigned checkpoint covers, for nothing would prove it any more', () => {
    const { clock, retention, erased } = bench(6, TODAY, 12);
    retention.centralSays(NOW);
    retention.received(24);
    clock.advance(millis(9 * MONTH));
    expect(erased()).toEqual(CALLS.filter((seq) => seq <= 12));
  });

  it('waits for room and goes on the next day', () => {
    const { clock, disk, retention, erased } = bench(0);
    retention.centralSays(NOW);
    retention.received(24);
    disk.setRoom(false);
    clock.advance(millis(2 * MONTH));
    expect(erased()).toEqual([]);
    disk.setRoom(true);
    clock.advance(hours(25));
    expect(erased()).toEqual(CALLS);
  });

  it('writes one receipt a day down, not each', () => {
    const { clock, store, retention } = bench(6);
    retention.centralSays(NOW);
    for (let hour = 0; hour < 48; hour += 1) {
      retention.received(Math.min(24, hour));
      clock.advance(minutes(60));
    }
    expect(store.state().receipts).toHaveLength(2);
    expect(markIsDue([], NOW)).toBe(true);
    expect(markIsDue([{ at: NOW, upTo: 1 }], NOW + hours(23))).toBe(false);
    expect(markIsDue([{ at: NOW, upTo: 1 }], NOW + hours(24))).toBe(true);
  });

  it('takes the longest reach of the receipts that are old enough', () => {
    const marks = [
      { at: 1, upTo: 10 },
      { at: 2, upTo: 20 },
      { at: 3, upTo: 30 },
    ];
    expect(erasableUpTo(marks, 100, (at) => at < 3)).toBe(20);
    expect(erasableUpTo(marks, 16, (at) => at < 3)).toBe(15);
    expect(erasableUpTo(marks, 0, () => true)).toBe(0);
    expect(erasableUpTo([], 100, () => true)).toBe(0);
  });
});
