import { describe, expect, test } from 'vitest';
import { type ClockBlock, type LedgerRecord, NO_RECORD_HASH } from '../../../../agent/model/record.ts';
import { datedEpochs } from '../../../../agent/rating/service/dated-records.ts';

type More = Partial<ClockBlock> & { readonly epoch?: string; readonly salt?: string };

/** Number `seq` of an epoch; the wall clock shows a million when the monotonic one shows zero. */
const record = (seq: number, mono: number, { epoch = 'a', salt = '0', ...clock }: More = {}): LedgerRecord => ({
  ...{ v: 1, device: 'box', epoch: epoch.padStart(16, '0'), seq, prev: NO_RECORD_HASH, salt: salt.repeat(32) },
  clock: { wall: 1_000_000 + mono, mono, boot: 'one', quality: 'synced', ...clock },
  event: { kind: 'booted', software: 'x', configVersion: 1, regime: 'x@1', tariff: 'x@1' },
});
const unset = (seq: number, mono: number, more: More = {}) => record(seq, mono, { quality: 'never', wall: 5, ...more });
const drifting = (seq: number, mono: number, more: More = {}) =>
  record(seq, mono, { quality: 'holdover', wall: 7, ...more });

const told = (...records: readonly LedgerRecord[]) =>
  datedEpochs(records).map((epoch) => epoch.map(({ record: { seq }, at, sure }) => [seq, at, sure]));
const first = (records: readonly LedgerRecord[]) => told(...records)[0];

describe('U-1, U-2: when a record was written', () => {
  test('is what its own clock says where that was synchronized, whatever its neighbours say', () => {
    expect(first([record(1, 10), record(2, 20, { wall: 3_000_000 }), record(3, 30)])).toEqual([
      [1, 1_000_010, true],
      [2, 3_000_000, true],
      [3, 1_000_030, true],
    ]);
  });

  test('follows the next synchronized clock of the boot, and the last one where none comes', () => {
    const jumped = record(4, 40, { wall: 2_000_040 });
    expect(first([record(1, 10), unset(2, 20), drifting(3, 30), jumped, unset(5, 50), record(6, 60)])).toEqual([
      [1, 1_000_010, true],
      [2, 2_000_020, true],
      [3, 2_000_030, true],
      [4, 2_000_040, true],
      [5, 1_000_050, true],
      [6, 1_000_060, true],
    ]);
    expect(first([record(1, 10), record(2, 20, { wall: 2_000_020 }), unset(3, 30)])?.[2]).toEqual([3, 2_000_030, true]);
  });

  test('takes the clock that was read at the same instant of the monotonic one', () => {
    const story = [record(1, 10), record(2, 20, { wall: 2_000_020 }), unset(3, 20), record(4, 30)];
    expect(first(story)?.[2]).toEqual([3, 2_000_020, true]);
    const twice = [record(1, 20, { wall: 3_000_020 }), record(2, 20, { wall: 2_000_020 }), unset(3, 20)];
    expect(first(twice)?.[2]).toEqual([3, 2_000_020, true]);
  });

  test('finds the nearest one among many, also where the numbers do not follow the monotonic clock', () => {
    const anchors = [90, 10, 70, 30, 50].map((mono, index) => record(index + 1, mono, { wall: mono * 1_000 + mono }));
    for (const mono of [5, 15, 29, 31, 50, 69, 89]) {
      const next = [10, 30, 50, 70, 90].find((anchor) => anchor >= mono) ?? 0;
      expect(first([...anchors, unset(6, mono)])?.[5]).toEqual([6, next * 1_000 + mono, true]);
    }
  });

  test('is not borrowed from another boot; a clock that was once set is trusted more than one that never was', () => {
    const other = record(1, 10, { boot: 'two', wall: 9_000_000 });
    expect(first([other, unset(2, 20), drifting(3, 30)])).toEqual([
      [1, 9_000_000, true],
      [2, 5, false],
      [3, 7, true],
    ]);
  });

  test('goes on over the epochs of one boot', () => {
    const [, second] = told(record(1, 10, { wall: 2_000_010 }), unset(1, 20, { epoch: 'b' }));
    expect(second).toEqual([[1, 2_000_020, true]]);
  });
});

describe('U-7, R-10: which records of a box there are', () => {
  test('each number of an epoch once, in the order of numbers', () => {
    const twice = [record(3, 30), record(1, 10), record(2, 20), record(1, 10)];
    expect(first(twice)?.map(([seq]) => seq)).toEqual([1, 2, 3]);
  });

  test('of two under one number the same one counts whichever comes first', () => {
    const [low, high] = [record(1, 10, { salt: '1' }), record(1, 99, { salt: '2' })];
    expect(first([low, high])).toEqual([[1, 1_000_010, true]]);
    expect(first([high, low])).toEqual([[1, 1_000_010, true]]);
  });

  test('epochs by their first instant, then by their names, whichever was told first', () => {
    const early = record(1, 10, { epoch: 'c' });
    const late = record(1, 500, { epoch: 'b', boot: 'two' });
    const same = record(1, 10, { epoch: 'a', boot: 'three' });
    const names = (records: readonly LedgerRecord[]) =>
      datedEpochs(records).map(([one]) => one?.record.epoch.replaceAll('0', ''));
    for (const order of [
      [early, late, same],
      [late, same, early],
      [same, early, late],
      [late, early, same],
    ]) {
      expect(names(order)).toEqual(['a', 'c', 'b']);
    }
  });

  test('none, of none', () => expect(datedEpochs([])).toEqual([]));
});
