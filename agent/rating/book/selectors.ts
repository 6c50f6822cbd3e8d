import type { Destination, Selector } from '../../model/destination.ts';
import { isNational } from '../numbering/classify.ts';

/** How a regime and a numbering table read a selector. */
export type Reading = {
  /** U10 */
  readonly nationalBy: 'prefix' | 'territory';
  readonly inZone: (territory: string, zone: string) => boolean;
};

/** Is this one of the destinations that a plan lists? */
export const isListed = (list: readonly Selector[], destination: Destination, reading: Reading): boolean =>
  list.some((selector) => selects(selector, destination, reading));

function selects(selector: Selector, destination: Destination, { nationalBy, inZone }: Reading): boolean {
  if ('prefix' in selector) return destination.number.startsWith(`+${selector.prefix}`);
  if ('short' in selector) return destination.number === selector.short;
  if ('national' in selector) return isNational(destination, nationalBy);
  if (selector.class !== destination.class) return false;
  const { territory } = destination;
  if (selector.territory !== undefined) return territory === selector.territory;
  return selector.zone === undefined || (territory !== undefined && inZone(territory, selector.zone));
}
