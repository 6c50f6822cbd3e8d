import { never } from '../model/never.ts';
import type { SipResponse } from '../model/sip-text.ts';
import type { Millis } from '../model/units.ts';
import { doubled, SIXTY_FOUR_T1, T1, T2, T4 } from './timers.ts';

/*
 *   INVITE   proceeding ──3xx–6xx──▶ completed ──ACK──▶ confirmed ──I──▶ terminated   (RFC 3261 17.2.1)
 *                └──2xx──▶ accepted ──L──▶ terminated                                 (RFC 6026 7.1)
 *   others   trying ──1xx──▶ proceeding ──2xx–6xx──▶ completed ──J──▶ terminated      (RFC 3261 17.2.2)
 */

export type Server =
  | { readonly at: 'trying' | 'proceeding'; readonly invite: boolean; readonly last: SipResponse | undefined }
  | { readonly at: 'completed'; readonly invite: boolean; readonly last: SipResponse; readonly again: Millis }
  | { readonly at: 'accepted' | 'confirmed' | 'terminated' };

export type ServerTimer = 'G' | 'H' | 'I' | 'J' | 'L';

export type ServerEvent =
  /** The same request once more, or the ACK of a refusal. */
  | { readonly on: 'repeated' | 'acknowledged' }
  | { readonly on: 'responded'; readonly response: SipResponse }
  | { readonly on: 'waited'; readonly name: ServerTimer };

export type ServerEffect =
  | { readonly do: 'send'; readonly response: SipResponse }
  | { readonly do: 'wait'; readonly name: ServerTimer; readonly for: Millis }
  | { readonly do: 'stop-waiting'; readonly name: ServerTimer };

type Answer = readonly [Server, readonly ServerEffect[]];
type Open = Extract<Server, { at: 'trying' | 'proceeding' }>;

const go = (state: Server, ...effects: readonly ServerEffect[]): Answer => [state, effects];
const wait = (name: ServerTimer, patience: Millis): ServerEffect => ({ do: 'wait', name, for: patience });

export const startServer = (method: string): Server => ({
  at: method === 'INVITE' ? 'proceeding' : 'trying',
  invite: method === 'INVITE',
  last: undefined,
});

export function stepServer(state: Server, event: ServerEvent): Answer {
  switch (state.at) {
    case 'trying':
    case 'proceeding':
      if (event.on === 'responded') return responded(state, event.response);
      return event.on === 'repeated' && state.last ? go(state, { do: 'send', response: state.last }) : go(state);
    case 'completed':
      return onCompleted(state, event);
    case 'accepted':
      // RFC 6026 8.7: the user repeats its 2xx itself, until the ACK.
      return event.on === 'waited' && event.name === 'L' ? go({ at: 'terminated' }) : go(state);
    case 'confirmed':
      return event.on === 'waited' && event.name === 'I' ? go({ at: 'terminated' }) : go(state);
    case 'terminated':
      return go(state);
    default:
      return never(state);
  }
}

function responded(state: Open, response: SipResponse): Answer {
  const send: ServerEffect = { do: 'send', response };
  if (response.status < 200) return go({ ...state, at: 'proceeding', last: response }, send);
  if (!state.invite)
    return go({ at: 'completed', invite: false, last: response, again: T1 }, send, wait('J', SIXTY_FOUR_T1));
  if (response.status < 300) return go({ at: 'accepted' }, send, wait('L', SIXTY_FOUR_T1));
  return go(
    { at: 'completed', invite: true, last: response, again: T1 },
    send,
    wait('G', T1),
    wait('H', SIXTY_FOUR_T1),
  );
}

function onCompleted(state: Extract<Server, { at: 'completed' }>, event: ServerEvent): Answer {
  const { last, invite } = state;
  if (event.on === 'repeated') return go(state, { do: 'send', response: last });
  if (event.on === 'acknowledged' && invite)
    return go({ at: 'confirmed' }, { do: 'stop-waiting', name: 'G' }, { do: 'stop-waiting', name: 'H' }, wait('I', T4));
  if (event.on !== 'waited') return go(state);
  if (event.name === 'G') {
    const again = doubled(state.again, T2);
    return go({ ...state, again }, { do: 'send', response: last }, wait('G', again));
  }
  return event.name === 'H' || event.name === 'J'
    ? go({ at: 'terminated' }, { do: 'stop-waiting', name: 'G' })
    : go(state);
}
