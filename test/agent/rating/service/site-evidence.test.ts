import { describe, expect, test } from 'vitest';
import {
  type ClockBlock,
  type LedgerEvent,
  type LedgerRecord,
  NO_RECORD_HASH,
} from '../../../../agent/model/record.ts';
import { siteEvidence } from '../../../../agent/rating/service/site-evidence.ts';

const NOON = Date.UTC(2026, 10, 2, 11);
const MINUTE = 60_000;

/** A record of minute so many after noon; the boot began an hour before. */
const record = (
  seq: number,
  minute: number,
  event: LedgerEvent,
  more: Partial<ClockBlock> & { epoch?: string } = {},
): LedgerRecord => {
  const { epoch = 'a', ...clock } = more;
  return {
    ...{ v: 1, device: 'box', epoch: epoch.padStart(16, '0'), seq, prev: NO_RECORD_HASH, salt: '0'.repeat(32) },
    clock: { wall: NOON + minute * MINUTE, mono: (60 + minute) * MINUTE, boot: 'one', quality: 'synced', ...clock },
    event,
  };
};
const lost = (link: string, minute: number, standing: string[] = []): LedgerEvent => ({
  ...{ kind: 'link-lost', link, since: (60 + minute) * MINUTE, probes: 3, carried: [], standing, calls: 0 },
});
const returned = (link: string, minute: number): LedgerEvent => ({
  kind: 'link-returned',
  link,
  since: (60 + minute) * MINUTE,
});
const booted: LedgerEvent = { kind: 'booted', software: 'x', configVersion: 1, regime: 'x@1', tariff: 'x@1' };
const minutes = (records: readonly LedgerRecord[]) =>
  siteEvidence(records).outages.map(({ link, from, to, open, dated }) => [
    link,
    (from - NOON) / MINUTE,
    (to - NOON) / MINUTE,
    open,
    dated,
  ]);

const mains = (records: readonly LedgerRecord[]) =>
  siteEvidence(records).mains.map(({ from, to }) => [(from - NOON) / MINUTE, (to - NOON) / MINUTE]);

describe('G-6: outages of a site from its records', () => {
  test('from the first lost probe to the first answer, whenever it was told', () => {
    expect(minutes([record(1, 2, lost('main', 0, ['second'])), record(2, 20, returned('main', 15))])).toEqual([
      ['main', 0, 15, false, true],
    ]);
  });

  test('a link that had answered again before the other one was lost never left the site alone', () => {
    const story = [
      record(1, 2, lost('second', 0, ['main'])),
      record(2, 11, lost('main', 10)),
      record(3, 12, returned('second', 9)),
      record(4, 30, returned('main', 25)),
    ];
    expect(minutes(story)).toEqual([
      ['second', 0, 9, false, true],
      ['main', 10, 25, false, true],
    ]);
  });

  test('still lost at the last record: open, and no longer than the records say', () => {
    expect(minutes([record(1, 2, lost('main', 0)), record(2, 17, lost('main', 0))])).toEqual([
      [undefined, 0, 17, true, true],
      ['main', 0, 17, true, true],
    ]);
  });

  test('a new epoch knows nothing of what the old one left open', () => {
    const story = [
      record(1, 2, lost('main', 0, ['x'])),
      record(1, 40, { kind: 'epoch-opened', reason: 'store-damaged' }, { epoch: 'b' }),
    ];
    expect(minutes([...story, record(2, 50, returned('main', 45), { epoch: 'b' })])).toEqual([
      ['main', 0, 2, true, true],
    ]);
  });

  test('U-1: a clock that was not set is read by the monotonic one, and where nothing sets it, that is said', () => {
    const unset = (minute: number) => ({ wall: (60 + minute) * MINUTE, quality: 'never' }) as const;
    const story = [record(1, 2, lost('main', 0, ['x']), unset(2)), record(2, 20, returned('main', 15), unset(20))];
    expect(minutes([...story, record(3, 30, booted)])).toEqual([['main', 0, 15, false, true]]);
    expect(siteEvidence(story).outages).toMatchObject([{ dated: false }]);
  });

  test('G-7: a mains failure that never came back ends with the records', () => {
    const story = [record(1, 2, { kind: 'mains-lost', batteryPercent: 90 }), record(2, 9, booted)];
    expect(mains(story)).toEqual([[2, 9]]);
    expect(mains([record(1, 2, { kind: 'mains-lost', batteryPercent: 90 })])).toEqual([]);
    expect(mains([record(1, 2, booted)])).toEqual([]);
  });

  test('G-7: mains from the first word of their loss to their return, in the order of instants', () => {
    const off: LedgerEvent = { kind: 'mains-lost', batteryPercent: 90 };
    const back: LedgerEvent = { kind: 'mains-returned', batteryPercent: 80 };
    expect(mains([record(1, 2, off), record(2, 4, off), record(3, 9, back), record(4, 20, booted)])).toEqual([[2, 9]]);
    expect(mains([record(1, 2, back), record(2, 20, booted)])).toEqual([]);
    expect(mains([record(1, 2, off), record(2, 2, back)])).toEqual([]);
    expect(mains([record(1, 2, off), record(2, 5, back), record(3, 7, off), record(4, 8, back)])).toEqual([
      [2, 5],
      [7, 8],
    ]);
    // What was told with a clock that was set back lies before what came first.
    const set = { boot: 'two' };
    const early = [record(3, -30, off, set), record(4, -20, back, set)];
    expect(mains([record(1, 2, off), record(2, 5, back), ...early])).toEqual([
      [-30, -20],
      [2, 5],
    ]);
    const shorter = [record(3, 2, off, set), record(4, 3, back, set)];
    expect(mains([record(1, 2, off), record(2, 5, back), ...shorter])).toEqual([
      [2, 3],
      [2, 5],
    ]);
  });

  test('G-6: the time in which the box was off is marked in what it had left open, and nowhere else', () => {
    const two = { boot: 'two' };
    const story = (at: number) =>
      siteEvidence([
        record(1, 2, lost('main', 0)),
        record(2, at, booted, two),
        record(3, 50, returned('main', 45), two),
        record(4, 55, lost('main', 54, ['x']), two),
        record(5, 60, returned('main', 59), two),
      ]).outages.map(({ link, unseen }) => [
        link,
        unseen.map(({ from, to }) => [(from - NOON) / MINUTE, (to - NOON) / MINUTE]),
      ]);
    expect(story(20)).toEqual([
      [undefined, [[2, 20]]],
      ['main', [[2, 20]]],
      ['main', []],
    ]);
    // Its clock says that no time has gone by, or less than none.
    for (const none of [2, 1]) expect(story(none).map(([, gaps]) => gaps)).toEqual([[], [], []]);
    const same = [record(1, 2, lost('main', 0)), record(2, 20, booted), record(3, 50, returned('main', 45))];
    expect(siteEvidence(same).outages.map(({ unseen }) => unseen)).toEqual([[], []]);
  });

  test('G-6: in the order of instants, then of their ends, then of the names of links', () => {
    const together = [
      record(1, 2, lost('b', 0, ['x'])),
      record(2, 2, lost('a', 0, ['x'])),
      record(3, 2, lost('c', 0)),
      record(4, 9, returned('c', 5)),
      record(5, 9, returned('b', 8)),
      record(6, 9, returned('a', 8)),
    ];
    expect(minutes(together).map(([link, , to]) => [link, to])).toEqual([
      [undefined, 5],
      ['c', 5],
      ['a', 8],
      ['b', 8],
    ]);
    expect(minutes([record(1, 2, lost('main', 2, ['x'])), record(2, 9, returned('main', 2))])).toEqual([]);
    expect(siteEvidence([])).toEqual({ outages: [], mains: [] });
  });
});
