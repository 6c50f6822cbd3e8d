import type { Deck } from '../../agent/model/deck.ts';
import { civilDay, dayNumber, readDay, writeDay } from '../../agent/rating/calendar/paris.ts';
import type { Doubt } from './doubt.ts';
import { priceName } from './selector-name.ts';

type Dated = { readonly path: readonly PropertyKey[]; readonly from: string; readonly until: string };
type Named = Parameters<typeof priceName>[0] & {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
};

const LISTS = ['voice', 'roamingVoice', 'sms', 'mms', 'fax', 'data'] as const;
const OPEN = { from: '0000-01-01', until: '9999-12-31' };

/** on one day there is one price for one thing. Days without one in between are a warning. */
export const validityDoubts = (deck: Pick<Deck, (typeof LISTS)[number]>): readonly Doubt[] =>
  LISTS.flatMap((list) => listDoubts(list, deck[list]));

function listDoubts(list: string, prices: readonly Named[]): readonly Doubt[] {
  const groups = new Map<string, Dated[]>();
  const doubts: Doubt[] = [];
  prices.forEach((price, at) => {
    const dated = { path: [list, at], from: price.from ?? OPEN.from, until: price.until ?? OPEN.until };
    if (dated.from > dated.until) {
      const remedy = `the last day is before the first, ${dated.from}; correct one of them`;
      doubts.push({ level: 'error', path: [list, at, 'until'], remedy });
      return;
    }
    const name = priceName(price);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [dated]);
    else group.push(dated);
  });
  return [...doubts, ...[...groups].flatMap(([name, group]) => groupDoubts(name, group))];
}

function groupDoubts(name: string, group: readonly Dated[]): readonly Doubt[] {
  const sorted = group.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  // The period that reaches furthest so far: what a later one may overlap or leave a gap behind.
  let [before] = sorted;
  return sorted.slice(1).flatMap((later) => {
    if (before === undefined) return [];
    const doubt = between(name, before, later);
    if (later.until > before.until) before = later;
    return doubt;
  });
}

function between(name: string, before: Dated, later: Dated): readonly Doubt[] {
  if (later.from <= before.until) {
    const remedy = `${name} has another price for the same days; end one before the other begins`;
    return [{ level: 'error', path: [...later.path, 'from'], remedy, other: before.path }];
  }
  if (later.from === dayAfter(before.until)) return [];
  const remedy = `${name} has no price of its own from ${dayAfter(before.until)} until the day before`;
  return [{ level: 'warning', path: [...later.path, 'from'], remedy, other: before.path }];
}

const dayAfter = (day: string): string => writeDay(civilDay(dayNumber(readDay(day)) + 1));
