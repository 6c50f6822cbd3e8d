import type { Destination, Selector } from '../../model/destination.ts';
import type { Numbering } from '../../model/numbering.ts';
import type { Regime } from '../../model/regime.ts';
import { inZone } from '../numbering/classify.ts';
import { isNational, type NationalBy } from '../numbering/national.ts';

/** How a regime and a numbering table read a selector. */
export type Reading = {
  /** U10 */
  readonly nationalBy: NationalBy;
  readonly inZone: (territory: string, zone: string) => boolean;
};

/** How the lists of this regime are read with this table. */
export const readingOf = (regime: Regime, numbering: Numbering): Reading => ({
  nationalBy: regime.unlimited.national_by,
  inZone: (territory, zone) => inZone(territory, zone, numbering),
});

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
