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
    expect(siteEvidence(story).mains).toEqual([{ from: NOON + 2 * MINUTE, to: NOON + 9 * MINUTE }]);
  });
});
