import type { Suspensions } from '../../model/suspension.ts';
import type { Terms } from './terms.ts';

export const NOT_SUSPENDED: Suspensions = { version: 0, orders: [] };

/**
 * C-5: may this call not go out, because its line is suspended? `at` is the wall clock (Unix ms). Calls that come in pass:
 * a suspension bars what goes out, and an emergency center that calls back can't be told from others (V-1). Emergency
 * calls and helplines go out whatever is suspended.
 */
export function isSuspended({ orders }: Suspensions, terms: Terms, line: string, at: number): boolean {
  if (terms.direction === 'incoming' || terms.class === 'emergency' || terms.class === 'helpline') return false;
  return orders.some(
    ({ scope, lines, from }) =>
      from <= at && (lines === null || lines.includes(line)) && (scope === 'total' || !terms.free),
  );
}
