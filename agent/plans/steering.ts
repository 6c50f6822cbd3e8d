import type { Link } from '../model/site-config.ts';
import type { Steering } from '../ports/network.ts';

/** Name given to the link of data when no link may carry it: no plan knows it, so data is refused and counted (F-4). */
export const NO_LINK = 'none';

/** Voice on the given link; data beside it unless that link is for voice only (F-2, F-4). */
export function steeringOn(links: readonly Link[], voice: string): Steering {
  const open = (link: Link | undefined): boolean => link?.use === 'shared';
  const carrier = links.find((link) => link.name === voice);
  if (open(carrier)) return { voice, data: voice };
  return { voice, data: links.find((link) => link.name !== voice && open(link))?.name ?? NO_LINK };
}
