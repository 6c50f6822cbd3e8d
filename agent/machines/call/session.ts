import type { SipView } from '../../model/sip-view.ts';
import { millis, seconds } from '../../model/units.ts';
import { LINGER } from './patience.ts';
import { type CallEffect, type Talk, wait } from './words.ts';

/**
 * RFC 4028 10: a session that nobody has refreshed when its interval is over was ended before that, by a BYE that may be
 * lost. A 2xx to an INVITE or UPDATE begins the interval anew; one that names none ends the need for it. Answers whether
 * the session is known to have expired, and the timer to set.
 */
export function sessionAfter(
  { expired }: Pick<Talk, 'expired'>,
  view: SipView,
): readonly [boolean, ...(readonly CallEffect[])] {
  const refreshes = view.kind === 'response' && view.status >= 200 && view.status < 300;
  if (!refreshes || (view.method !== 'INVITE' && view.method !== 'UPDATE')) return [expired];
  if (view.sessionExpires === undefined) return [false, { do: 'stop-waiting', name: 'session' }];
  return [false, wait('session', millis(seconds(view.sessionExpires) + LINGER))];
}
