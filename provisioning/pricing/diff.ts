import { canonical } from '../../agent/model/canonical.ts';
import type { Deck, Plan } from '../../agent/model/deck.ts';
import { priceName } from './selector-name.ts';

/** One field that is not the same, with what stood there and what stands there now; undefined where there was nothing. */
export type FieldChange = {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** For amounts alone: does the client pay more? Dearer prices must be announced (a month, mie 14.1). */
  readonly dearer?: boolean;
};

export type Change = {
  readonly is: 'added' | 'removed' | 'changed';
  /** The list of the deck, `plans`, or `deck` for the fields of the whole. */
  readonly list: string;
  /** What the price is for and from which day, or the plan's id. */
  readonly what: string;
  readonly name: string;
  readonly fields: readonly FieldChange[];
};

type Item = Readonly<Record<string, unknown>> & { readonly name: string };
type Named = { readonly what: string; readonly item: Item };

const LISTS = ['voice', 'roamingVoice', 'sms', 'mms', 'fax', 'data'] as const;

/** P-4: what changes for a client when the second deck takes the place of the first. The same decks give no change. */
export function diffDecks(before: Deck, after: Deck): readonly Change[] {
  return [
    ...fieldsOfDeck(before, after),
    ...LISTS.flatMap((list) => diffLists(list, priced(before[list]), priced(after[list]))),
    ...diffLists('plans', plansOf(before.plans), plansOf(after.plans)),
  ];
}

function fieldsOfDeck(before: Deck, after: Deck): readonly Change[] {
  const fields = changedFields(rest(before), rest(after));
  return fields.length === 0 ? [] : [{ is: 'changed', list: 'deck', what: after.id, name: after.label, fields }];
}

function rest({ plans, voice, roamingVoice, sms, mms, fax, data, ...others }: Deck): Readonly<Record<string, unknown>> {
  return others;
}

const priced = (prices: readonly (Item & Parameters<typeof priceName>[0])[]): readonly Named[] =>
  prices.map((item) => ({
    what: `${priceName(item)}${typeof item.from === 'string' ? `, from ${item.from}` : ''}`,
    item,
  }));

const plansOf = (plans: readonly Plan[]): readonly Named[] => plans.map((item) => ({ what: item.id, item }));

function diffLists(list: string, before: readonly Named[], after: readonly Named[]): readonly Change[] {
  const was = new Map(before.map((named) => [named.what, named.item]));
  const is = new Map(after.map((named) => [named.what, named.item]));
  const gone = before.filter(({ what }) => !is.has(what));
  return [
    ...gone.map(
      ({ what, item }): Change => ({ is: 'removed', list, what, name: item.name, fields: fieldsOf(item, 'before') }),
    ),
    ...after.flatMap(({ what, item }): readonly Change[] => {
      const old = was.get(what);
      if (old === undefined) return [{ is: 'added', list, what, name: item.name, fields: fieldsOf(item, 'after') }];
      const fields = changedFields(old, item);
      return fields.length === 0 ? [] : [{ is: 'changed', list, what, name: item.name, fields }];
    }),
  ];
}

/** The fields of a price that only one deck has, but what it is for, which `what` says already. */
const fieldsOf = (item: Item, side: 'before' | 'after'): readonly FieldChange[] =>
  Object.entries(item)
    .filter(([field, value]) => !['name', 'for', 'visited', 'id'].includes(field) && value !== undefined)
    .map(([field, value]) => ({ field, before: undefined, after: undefined, [side]: value }));

function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => {
    const [was, is] = [before[field], after[field]];
    if (written(was) === written(is)) return [];
    const amounts = field.endsWith('MicroEuro') && typeof was === 'number' && typeof is === 'number';
    return [{ field, before: was, after: is, ...(amounts ? { dearer: is > was } : {}) }];
  });
}

const written = (value: unknown): string => (value === undefined ? '' : canonical(value));
