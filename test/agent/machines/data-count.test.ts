import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DataCount,
  type DataCounts,
  type DataRead,
  type DataTold,
  noteDataCount,
  PAID_GRAIN,
  startDataCount,
  stepDataCount,
  toldOf,
} from '../../../agent/machines/data-count.ts';
import type { Card, Volume } from '../../../agent/model/data-counted.ts';
import type { LedgerRecord } from '../../../agent/model/record.ts';
import { hours, millis, minutes } from '../../../agent/model/units.ts';

const GRAIN = 1_000;
const NOTHING: Volume = { up: 0, down: 0 };
const bytesOf = ({ up, down }: Volume): number => up + down;
const read = (down: number, now: number, more: Partial<DataRead> = {}): DataRead => ({
  ...{ on: 'read', counter: { life: '2', up: 7, down }, boot: 'b1', now: millis(now), card: undefined, atOnce: false },
  ...more,
});
const recorded = (told: DataTold, boot: string, mono: number, before: Volume = NOTHING): LedgerRecord => {
  const { do: _, ...event } = told;
  return {
    ...{ v: 1, device: 'relais-1', epoch: '00112233aabbccdd', seq: 1, prev: '0'.repeat(64), salt: '0'.repeat(32) },
    clock: { wall: 0, mono, boot, quality: 'synced' },
    event: { kind: 'data-counted', link: 'second', ...event, before },
  };
};

/** The machine after these readings, and what it told. */
function stateAfter(...readings: readonly DataRead[]): readonly [DataCount, readonly DataTold[]] {
  let state = startDataCount(undefined);
  const told: DataTold[] = [];
  for (const one of readings) {
    const [next, effects] = stepDataCount(state, one, GRAIN);
    state = next;
    told.push(...effects);
  }
  return [state, told];
}
const downs = (...readings: readonly DataRead[]): readonly number[] =>
  stateAfter(...readings)[1].map(({ total }) => total.down);

describe('U-1: what a link carried becomes a record', () => {
  const long = hours(6);
  it.each([
    ['at the first reading, of nothing: counting goes on from there', [read(500, 1)], [0]],
    ['not again while nothing passed, however long', [read(500, 1), read(500, long * 3)], [0]],
    ['when the grain has passed', [read(500, 1), read(1_499, 2), read(1_500, 3)], [0, 1_000]],
    ['after six hours, whatever passed', [read(500, 1), read(501, long), read(502, 1 + long)], [0, 2]],
    ['at once where traffic moves or the agent ends', [read(0, 1), read(1, 2, { atOnce: true })], [0, 1]],
    ['but not of nothing', [read(0, 1), read(0, 2, { atOnce: true })], [0]],
    ['at the first reading of another boot', [read(0, 9), read(3, 1, { boot: 'b2' })], [0, 3]],
    ['never of a reading that comes late', [read(0, 5), read(9_000, 4)], [0]],
    ['nor of a smaller one in one life of the counter', [read(5_000, 1), read(3_000, 2), read(6_500, 3)], [0, 1_500]],
  ])('%s', (_, readings, told) => expect(downs(...readings)).toEqual(told));

  it('each record says the reading that counting goes on from', () => {
    const [, told] = stateAfter(read(500, 1), read(2_500, 2), read(9_000, 3));
    expect(told.map(({ total, counter }) => [total.down, counter.down])).toEqual([
      [0, 500],
      [2_000, 2_500],
      [8_500, 9_000],
    ]);
  });
});

describe('U-1: the card in the modem', () => {
  const home: Card = { iccid: '8933010000000000017', network: 'home' };
  const abroad: Card = { ...home, network: 'roaming' };
  const other: Card = { ...home, iccid: '8933010000000000025' };
  const cardsOf = (...cards: readonly (Card | undefined)[]) =>
    stateAfter(...cards.map((card, at) => read(at * 10, at + 1, { card })))[1].map(({ iccid, network }) => [
      iccid?.slice(-2),
      network,
    ]);
  it.each([
    [
      'what passed before another card was seen passed with the one before',
      [home, other],
      [
        ['17', 'home'],
        ['17', 'home'],
      ],
    ],
    [
      'what passed on the way abroad and back is abroad',
      [home, abroad, home, home],
      [
        ['17', 'home'],
        ['17', 'roaming'],
        ['17', 'roaming'],
      ],
    ],
    ['a silent modem changes nothing', [home, undefined], [['17', 'home']]],
    [
      'a card that turns up only now is its card',
      [undefined, home],
      [
        [undefined, undefined],
        ['17', 'home'],
      ],
    ],
  ])('%s', (_, cards, told) => expect(cardsOf(...cards)).toEqual(told));

  it('a card that was changed while nothing passed has what passes from then on', () => {
    const [, told] = stateAfter(
      read(0, 1, { card: home }),
      read(0, 2, { card: other }),
      read(5_000, 3, { card: other }),
    );
    expect(told.at(-1)).toMatchObject({ iccid: other.iccid, total: { down: 5_000 } });
  });
});

/** What befalls a box with one mobile link. `kill`: the agent alone; `boot`: the box; `plug`: another interface. */
const moment = fc.oneof(
  { weight: 8, arbitrary: fc.record({ up: fc.nat(3_000), down: fc.oneof(fc.nat(900), fc.nat(50_000)) }) },
  { weight: 8, arbitrary: fc.constantFrom('read', 'read at once') },
  { weight: 2, arbitrary: fc.constantFrom('kill', 'boot', 'plug', 'late', 'no room', 'room') },
);
type Moment = typeof moment extends fc.Arbitrary<infer M> ? M : never;

/** Plays a history against the real machine and fold, beside a bookkeeper who saw every byte pass. */
function play(moments: readonly Moment[]) {
  let [boot, life, at, up, down] = [1, 2, 0, 40, 90];
  let counts: DataCounts = new Map();
  let state = startDataCount(undefined);
  let room = true;
  let last: Volume = NOTHING;
  const uses: number[] = [];
  const seen: DataRead[] = [];
  /**
   * Bytes since the first reading; since the last reading and the last record, of the counter that lives; read of one that
   * has ended, and in no record; lost.
   */
  const truth = { passed: 0, sinceReading: 0, sinceRecord: 0, inMemory: 0, lost: 0 };
  const hear = (news: DataRead): void => {
    const [next, effects] = stepDataCount(state, news, GRAIN);
    state = next;
    for (const effect of effects) {
      if (!room) continue;
      const before = toldOf(counts.get('second'));
      uses.push(bytesOf(effect.total) - bytesOf(before));
      last = effect.total;
      // The record bears the time at which it is written, a little after the reading.
      counts = noteDataCount(counts, recorded(effect, news.boot, at + 1, before));
      truth.sinceRecord = 0;
      truth.inMemory = 0;
    }
  };
  const look = (atOnce: boolean): void => {
    at += 10;
    const news = read(down, at, { boot: `b${boot}`, counter: { life: `${life}`, up, down }, atOnce });
    seen.push(news);
    truth.sinceReading = 0;
    hear(news);
  };
  look(false);
  for (const now of moments) {
    if (typeof now === 'object') {
      up += now.up;
      down += now.down;
      truth.passed += now.up + now.down;
      truth.sinceRecord += now.up + now.down;
      truth.sinceReading += now.up + now.down;
    } else if (now === 'read' || now === 'read at once') look(now === 'read at once');
    else if (now === 'late') for (const old of seen.slice(-3)) hear(old);
    else if (now === 'no room' || now === 'room') room = now === 'room';
    else if (now === 'plug') {
      // What it showed after the last reading died with the interface.
      truth.lost += truth.sinceReading;
      truth.inMemory += truth.sinceRecord - truth.sinceReading;
      Object.assign(truth, { sinceReading: 0, sinceRecord: 0 });
      [life, up, down] = [life + 1, 0, 0];
    } else {
      // What is not in the ledger dies with the agent, unless a counter that lives still shows it.
      state = startDataCount(counts.get('second'));
      truth.lost += truth.inMemory;
      truth.inMemory = 0;
      if (now === 'kill') continue;
      truth.lost += truth.sinceRecord;
      Object.assign(truth, { sinceReading: 0, sinceRecord: 0 });
      [boot, at, up, down] = [boot + 1, 0, 0, 0];
      seen.length = 0;
    }
    expect(uses.reduce((sum, use) => sum + use, 0)).toBeLessThanOrEqual(truth.passed);
  }
  room = true;
  // Something passes at last: what found no room is told with it.
  down += 1;
  truth.passed += 1;
  look(true);
  return { uses, total: bytesOf(last), truth };
}

describe('U-7: through kills, boots, other interfaces and late readings', () => {
  it('never a byte too much; and exactly those are missing that no record has when a counter or the memory of them ends', () => {
    let ends = 0;
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 40 }), (moments) => {
        const { uses, total, truth } = play(moments);
        expect(total).toBe(truth.passed - truth.lost);
        ends += truth.lost > 0 ? 1 : 0;
        // Differences of totals: records in whatever order come to the total.
        expect(uses.every((use) => use >= 0)).toBe(true);
        expect(uses.reduce((sum, use) => sum + use, 0)).toBe(total);
      }),
      { numRuns: 3_000, seed: 20_261_122 },
    );
    expect(ends).toBeGreaterThan(200);
  });

  it('a busy day makes at most a record each five minutes, a quiet one four', () => {
    const day = (bytes: number): number =>
      stateAfter(...Array.from({ length: 289 }, (_, index) => read(index * bytes, minutes(5) * index + 1)))[1].length -
      1;
    expect(day(10 * PAID_GRAIN)).toBe(288);
    expect(day(1)).toBe(4);
  });

  it('a new epoch begins anew', () => {
    const [, [first]] = stateAfter(read(500, 1));
    if (first === undefined) throw new Error('the first reading is told');
    const known = noteDataCount(new Map(), recorded(first, 'b1', 2));
    const opened = { ...recorded(first, 'b1', 3), event: { kind: 'epoch-opened', reason: 'first' } as const };
    expect([known.size, noteDataCount(known, opened).size]).toEqual([1, 0]);
  });
});
