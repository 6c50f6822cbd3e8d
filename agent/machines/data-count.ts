import type { Card, DataCounted, Volume } from '../model/data-counted.ts';
import type { LedgerRecord } from '../model/record.ts';
import { hours, type Millis, millis } from '../model/units.ts';
import { type Counted, count, type Reading, startCounting } from './counter.ts';

/*
 *   beginning ──first reading: a record of nothing──▶ counting ──┐ a reading: a record, if enough passed or long ago
 *                                                              ◀┘
 *
 * What one link carried, as the ledger tells it (U-1, U-7). Each record holds the reading that counting goes on from, so
 * that another life of the agent loses nothing, and another life of the counter only what passed since the last record.
 */

export type DataCount =
  | { readonly at: 'beginning' }
  | {
      readonly at: 'counting';
      readonly up: Counted;
      readonly down: Counted;
      /** By the last record, which was written then. */
      readonly told: Volume;
      readonly toldAt: { readonly boot: string; readonly mono: Millis };
      readonly card: Card;
    };

export type DataRead = {
  readonly on: 'read';
  readonly counter: DataCounted['counter'];
  /** The boot of the box, and its monotonic clock when the counter was asked. */
  readonly boot: string;
  readonly now: Millis;
  /** Undefined: there is no modem, or it is silent. */
  readonly card: Card | undefined;
  /** Traffic moves, or the agent ends: what is known is written down whatever it is. */
  readonly atOnce: boolean;
};

export type DataTold = { readonly do: 'record' } & Omit<DataCounted, 'kind' | 'link' | 'line' | 'before'>;

type Answer = readonly [DataCount, readonly DataTold[]];

/** Of a link with a line, whose plan pays by the byte, and of one where nobody does: a record when so much has passed. */
export const PAID_GRAIN = 10_000_000;
export const UNPAID_GRAIN = 1_000_000_000;
/** Whatever passed: a use is dated by its end, and a month must not get much of the one before. */
const LONGEST = hours(6);

export const startDataCount = (before: DataCount | undefined): DataCount => before ?? { at: 'beginning' };

/** `grain`: bytes after which a record is worth its wear. */
export function stepDataCount(state: DataCount, news: DataRead, grain: number): Answer {
  const { counter, boot, now } = news;
  const toldAt = { boot, mono: now };
  if (state.at === 'beginning') {
    const begun = {
      up: count(startCounting(), readingOf('up', news)),
      down: count(startCounting(), readingOf('down', news)),
    };
    const card = news.card ?? {};
    const told = { up: 0, down: 0 };
    return [{ at: 'counting', ...begun, told, toldAt, card }, [{ do: 'record', ...card, total: told, counter }]];
  }
  if (state.up.last?.boot === boot && now <= state.up.last.at) return [state, []];
  const up = count(state.up, readingOf('up', news));
  const down = count(state.down, readingOf('down', news));
  const total = { up: up.total, down: down.total };
  const card = { ...state.card, ...news.card };
  const passed = total.up - state.told.up + total.down - state.told.down;
  if (passed === 0) return [{ ...state, up, down, card }, []];
  if (!isDue(state, news, { card, enough: passed >= grain })) return [{ ...state, up, down }, []];
  // The reading that the totals stand for: a smaller one was no news.
  const shown = { life: counter.life, up: up.last?.value ?? 0, down: down.last?.value ?? 0 };
  return [
    { at: 'counting', up, down, told: total, toldAt, card },
    [{ do: 'record', ...cardOf(state.card, card), total, counter: shown }],
  ];
}

/** What the last record that the ledger took says of a link. One that found no room is made good by the next. */
export const toldOf = (count: DataCount | undefined): Volume =>
  count?.at === 'counting' ? count.told : { up: 0, down: 0 };

const readingOf = (direction: 'up' | 'down', { counter, boot, now }: DataRead): Reading => ({
  life: lifeOf(boot, counter.life),
  value: counter[direction],
  width: 64,
  boot,
  at: now,
});

const lifeOf = (boot: string, life: string): string => `${boot}/${life}`;

type Counting = Extract<DataCount, { at: 'counting' }>;

function isDue(
  { toldAt, card }: Counting,
  { boot, now, atOnce }: DataRead,
  seen: { readonly card: Card; readonly enough: boolean },
): boolean {
  const otherCard =
    card.iccid !== seen.card.iccid || card.network !== seen.card.network || isElsewhere(card, seen.card);
  const long = toldAt.boot !== boot || now - toldAt.mono >= LONGEST;
  return atOnce || otherCard || long || seen.enough;
}

/** What passed since the last record passed with the card that was seen then; abroad if any of it may have been. */
function cardOf(before: Card, now: Card): Card {
  const iccid = before.iccid ?? now.iccid;
  const network = before.network === 'roaming' ? before.network : (now.network ?? before.network);
  const plmn = plmnOf(before, now);
  return {
    ...(iccid !== undefined && { iccid }),
    ...(network !== undefined && { network }),
    ...(plmn !== undefined && { plmn }),
  };
}

/** Another country: prices hang on it, and on no network in it. */
const isElsewhere = (one: Card, other: Card): boolean => one.plmn?.slice(0, 3) !== other.plmn?.slice(0, 3);

/** Of the country abroad, if all that may have passed abroad passed in one (S-6). */
function plmnOf(before: Card, now: Card): string | undefined {
  const abroad = [before, now].filter(({ network }) => network === 'roaming');
  const [first, second] = abroad;
  if (first === undefined) return now.plmn ?? before.plmn;
  return second !== undefined && isElsewhere(first, second) ? undefined : first.plmn;
}

export type DataCounts = ReadonlyMap<string, DataCount>;

/** Folds one record into what counting goes on from, link by link; a new epoch begins anew. */
export function noteDataCount(counts: DataCounts, { event, clock }: LedgerRecord): DataCounts {
  if (event.kind === 'epoch-opened') return new Map();
  if (event.kind !== 'data-counted') return counts;
  const { link, total, counter, iccid, network, plmn } = event;
  const mono = millis(clock.mono);
  const counted = (direction: 'up' | 'down'): Counted => ({
    total: total[direction],
    last: {
      ...{ life: lifeOf(clock.boot, counter.life), value: counter[direction], width: 64 },
      ...{ boot: clock.boot, at: mono },
    },
  });
  return new Map(counts).set(link, {
    ...{ at: 'counting', up: counted('up'), down: counted('down'), told: total, toldAt: { boot: clock.boot, mono } },
    card: {
      ...(iccid !== undefined && { iccid }),
      ...(network !== undefined && { network }),
      ...(plmn !== undefined && { plmn }),
    },
  });
}
