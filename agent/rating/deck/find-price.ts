import type { DataPrice, Deck, RoamingVoicePrice, UnitPrice, VoicePrice } from '../../model/deck.ts';
import type { Destination } from '../../model/destination.ts';
import { dataPlaces, type Places, roamingPlaces, unitPlaces, voiceShelf } from './deck-index.ts';
import { anyPrice, type IsIn, lookUp, type Shelf } from './shelf.ts';

/** ISO 3166-1 alpha-2 of the country where the line was; absent at home. */
type Visited = string | undefined;

/**
 * what a call costs by the time at which it starts (Unix ms): the longest prefix that holds that day, else
 * the class in its territory, in a zone that it lies in (of two, the first of the deck), or anywhere. Undefined where
 * the deck has no price: the operator has no way out to it; a price may also say that it is barred. Emergency calls are
 * priced by no deck (V-1), invalid numbers neither.
 */
export function findVoicePrice(deck: Deck, destination: Destination, at: number, isIn: IsIn): VoicePrice | undefined {
  return priceable(destination) ? priceOn(voiceShelf(deck), destination, at, isIn) : undefined;
}

/** A call of a line that is abroad, by the country visited and the way it goes; incoming calls have no destination. */
export type RoamingCall =
  | { readonly visited: string; readonly direction: 'outgoing'; readonly destination: Destination }
  | { readonly visited: string; readonly direction: 'incoming' };

/** The price of a call from or to abroad: of the country visited before one of a zone, and there as `findVoicePrice`. */
export function findRoamingVoicePrice(
  deck: Deck,
  call: RoamingCall,
  at: number,
  isIn: IsIn,
): RoamingVoicePrice | undefined {
  const shelves = candidates(roamingPlaces(deck)[call.direction], call.visited, isIn);
  if (call.direction === 'incoming') return first(shelves, (shelf) => anyPrice(shelf, at));
  const { destination } = call;
  if (!priceable(destination)) return undefined;
  return first(shelves, (shelf) => priceOn(shelf, destination, at, isIn));
}

/** One SMS segment, one MMS or one fax page. */
export type Unit = {
  readonly kind: 'sms' | 'mms' | 'fax';
  readonly destination: Destination;
  readonly visited: Visited;
};

/** The price of a message or a page (X-5: by country of destination). A line abroad is never charged what home costs. */
export function findUnitPrice(deck: Deck, unit: Unit, at: number, isIn: IsIn): UnitPrice | undefined {
  const { destination, visited } = unit;
  if (!priceable(destination)) return undefined;
  const shelves = candidates(unitPlaces(deck[unit.kind]), visited, isIn);
  return first(shelves, (shelf) => priceOn(shelf, destination, at, isIn));
}

/** The price of data at home or in the country visited (S-4, S-6). */
export function findDataPrice(deck: Deck, visited: Visited, at: number, isIn: IsIn): DataPrice | undefined {
  return first(candidates(dataPlaces(deck.data), visited, isIn), (shelf) => anyPrice(shelf, at));
}

const priceable = (destination: Destination): boolean => destination.class !== 'emergency';

/** A mobile of the client's own fleet is a mobile where no price is for fleets. */
function priceOn<Price>(shelf: Shelf<Price>, destination: Destination, at: number, isIn: IsIn): Price | undefined {
  const found = lookUp(shelf, destination, at, isIn);
  if (found !== undefined) return found;
  const mobile =
    destination.class === 'own-fleet' ? lookUp(shelf, { ...destination, class: 'mobile' }, at, isIn) : undefined;
  return mobile ?? anyPrice(shelf, at);
}

/** The shelves to try, the nearest first. */
function candidates<Price>(places: Places<Price>, visited: Visited, isIn: IsIn): readonly Shelf<Price>[] {
  if (visited === undefined) return [places.home];
  const exact = places.territories.get(visited);
  const around = [...places.zones].filter(([zone]) => isIn(visited, zone)).map(([, shelf]) => shelf);
  return exact === undefined ? around : [exact, ...around];
}

function first<Price>(
  shelves: readonly Shelf<Price>[],
  find: (shelf: Shelf<Price>) => Price | undefined,
): Price | undefined {
  for (const shelf of shelves) {
    const found = find(shelf);
    if (found !== undefined) return found;
  }
  return undefined;
}
