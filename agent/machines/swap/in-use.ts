import type { SimSight } from '../../model/sim-sight.ts';
import type { SimPlace } from '../../model/sim-swap.ts';
import type { Trip } from '../../model/swap-journal.ts';

/** Which of the two cards the baseband works with: what it reads decides, not what it was told to do. */
export function cardInUse(trip: Trip, seen: SimSight): 'target' | 'origin' | 'neither' {
  if (isAt(trip.target, trip, seen)) return 'target';
  return trip.origin !== null && isAt(trip.origin, trip, seen) ? 'origin' : 'neither';
}

function isAt(place: SimPlace, trip: Trip, seen: SimSight): boolean {
  if (seen.iccid === undefined) return false;
  if (place.by === 'profile') {
    if (place.slot !== undefined && seen.slot !== place.slot) return false;
    const enabled = seen.profiles?.find(({ isEnabled }) => isEnabled);
    return seen.iccid === place.iccid && (enabled === undefined || enabled.iccid === place.iccid);
  }
  if (seen.slot !== place.slot) return false;
  // A modem may show the new slot and still the old card.
  return place.iccid === undefined ? seen.iccid !== trip.from : seen.iccid === place.iccid;
}

/** Where the card in use can be found again; nothing where none is. */
export function placeOf(seen: SimSight, target: SimPlace): SimPlace | undefined {
  const { slot, iccid } = seen;
  if (target.by === 'profile' && target.slot === undefined)
    return iccid === undefined ? undefined : { by: 'profile', iccid };
  if (slot === undefined) return undefined;
  return iccid === undefined ? { by: 'slot', slot } : { by: 'slot', slot, iccid };
}

/** MCC and MNC of the card in use, as far as five digits tell; TS 23.003 2.2. */
export const networkOf = ({ imsi }: SimSight): string | undefined => imsi?.slice(0, 5);

/** On the way back once more, for a modem that lost power while it was told; the day has paid for two ways back. */
const MOST_FITS = { target: 1, origin: 2 } as const;

/**
 * The modem works with the configuration of another operator than the card's: it would read the card and not register
 * (VoCat#110). On the way there it is the one from before, on the way back any but that.
 */
export function foreignCarrier(trip: Trip, seen: SimSight): string | undefined {
  const { carrier } = seen;
  if (carrier === undefined || trip.fits >= MOST_FITS[trip.towards]) return undefined;
  if (trip.towards === 'origin') return carrier === trip.carrier ? undefined : carrier;
  const isOther = networkOf(seen) !== undefined && networkOf(seen) !== trip.network;
  return isOther && carrier === trip.carrier ? carrier : undefined;
}
