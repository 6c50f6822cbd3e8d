import type { DataPrice, Deck, RoamingVoicePrice, UnitPrice, VoicePrice } from '../../model/deck.ts';
import { createShelf, type Selective, type Shelf } from './shelf.ts';

/** Prices by where the line is: at home, in a territory, in a zone; zones in the order of the deck. */
export type Places<Price> = {
  readonly home: Shelf<Price>;
  readonly territories: ReadonlyMap<string, Shelf<Price>>;
  readonly zones: ReadonlyMap<string, Shelf<Price>>;
};

type Place = { readonly zone: string } | { readonly territory: string };
type Placed = Selective & { readonly visited?: Place | undefined };
type Roaming = Readonly<Record<'outgoing' | 'incoming', Places<RoamingVoicePrice>>>;

/** A deck never changes once it is read, so its indexes are only remembered, never state: the answer is the same without. */
export const voiceShelf = remembered((deck: Deck): Shelf<VoicePrice> => createShelf(deck.voice));

export const roamingPlaces = remembered((deck: Deck): Roaming => {
  const going = (direction: 'outgoing' | 'incoming'): Places<RoamingVoicePrice> =>
    createPlaces(deck.roamingVoice.filter((price) => price.direction === direction));
  return { outgoing: going('outgoing'), incoming: going('incoming') };
});

export const unitPlaces = remembered((prices: readonly UnitPrice[]) => createPlaces(prices));
export const dataPlaces = remembered((prices: readonly DataPrice[]) => createPlaces(prices));

function createPlaces<Price extends Placed>(prices: readonly Price[]): Places<Price> {
  const home: Price[] = [];
  const territories = new Map<string, Price[]>();
  const zones = new Map<string, Price[]>();
  for (const price of prices) {
    const { visited } = price;
    if (visited === undefined) home.push(price);
    else if ('zone' in visited) add(zones, visited.zone, price);
    else add(territories, visited.territory, price);
  }
  return { home: createShelf(home), territories: shelves(territories), zones: shelves(zones) };
}

function add<Price>(groups: Map<string, Price[]>, name: string, price: Price): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [price]);
  else group.push(price);
}

const shelves = <Price extends Selective>(groups: ReadonlyMap<string, readonly Price[]>) =>
  new Map([...groups].map(([name, group]) => [name, createShelf(group)]));

function remembered<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const known = new WeakMap<Of, Made>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const made = make(of);
    known.set(of, made);
    return made;
  };
}
