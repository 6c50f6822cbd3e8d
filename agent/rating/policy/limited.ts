import type { Signal } from '../../model/signal.ts';
import type { Terms } from '../credit/terms.ts';

/** Why a limit that is in force keeps a call from going out. */
type Limited = 'refused-limit' | 'refused-outside-bundle';

/** Nothing goes out but emergency calls and helplines (C-2, C-6, V-7; C-1 on a metered line). */
const NOTHING_OUT = new Set(['bar-outgoing', 'incoming-only', 'suspend']);

/**
 * What the limits in force say of a call of a line: undefined where they let it pass. Calls that come in, emergency calls
 * and helplines pass whatever is reached (V-1, C-1). `bundle-only` leaves what the line's plan includes (mie 13).
 */
export function limitedBy(inForce: readonly Signal[], terms: Terms, line: string): Limited | undefined {
  if (terms.direction === 'incoming' || terms.class === 'emergency' || terms.class === 'helpline') return undefined;
  const theirs = inForce.filter(({ scope, subject }) => scope !== 'line' || subject === line);
  if (theirs.some(({ action }) => NOTHING_OUT.has(action.name))) return 'refused-limit';
  const inside = terms.free || terms.inBundle;
  return !inside && theirs.some(({ action }) => action.name === 'bundle-only') ? 'refused-outside-bundle' : undefined;
}
