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
  if (target.by === 'profile') return iccid === undefined ? undefined : { by: 'profile', iccid };
  if (slot === undefined) return undefined;
  return iccid === undefined ? { by: 'slot', slot } : { by: 'slot', slot, iccid };
}
