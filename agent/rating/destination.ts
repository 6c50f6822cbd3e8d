import type { DestinationClass, TariffDeck, TariffEntry } from '../model/tariff.ts';
import { readDialled } from './dialled.ts';
import { never } from './never.ts';

/** Where a call goes: `number` in E.164 with plus, or a short or emergency number itself. */
export type Destination = {
  readonly number: string;
  readonly class: DestinationClass;
  readonly entry: TariffEntry | undefined;
};

/** emergency first (V-1), then the account's own numbers, then the longest prefix of the deck; else 'invalid'. */
export function destinationOf(dialled: string, deck: TariffDeck, onNet: ReadonlySet<string>): Destination {
  const read = readDialled(dialled);
  switch (read.is) {
    case 'emergency':
      return { number: read.number, class: 'emergency', entry: undefined };
    case 'unreadable':
      return { number: read.text, class: 'invalid', entry: undefined };
    case 'short':
      return priced(read.digits, longestPrefix(read.digits, indexOf(deck).short));
    case 'e164':
      if (onNet.has(`+${read.digits}`)) return { number: `+${read.digits}`, class: 'on-net', entry: undefined };
      return priced(`+${read.digits}`, longestPrefix(read.digits, indexOf(deck).e164));
    default:
      return never(read);
  }
}

const priced = (number: string, entry: TariffEntry | undefined): Destination => ({
  number,
  class: entry?.class ?? 'invalid',
  entry,
});

type Prefixes = ReadonlyMap<string, TariffEntry>;

function longestPrefix(digits: string, prefixes: Prefixes): TariffEntry | undefined {
  for (let length = digits.length; length > 0; length -= 1) {
    const entry = prefixes.get(digits.slice(0, length));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

type Index = { readonly e164: Prefixes; readonly short: Prefixes };

// A deck never changes once it is read, so its index is only remembered, never state: the answer is the same without it.
const indexes = new WeakMap<TariffDeck, Index>();

function indexOf(deck: TariffDeck): Index {
  const known = indexes.get(deck);
  if (known !== undefined) return known;
  const ofKind = (kind: TariffEntry['kind']): Prefixes =>
    new Map(deck.entries.filter((entry) => entry.kind === kind).map((entry) => [entry.prefix, entry]));
  const index = { e164: ofKind('e164'), short: ofKind('short') };
  indexes.set(deck, index);
  return index;
}
