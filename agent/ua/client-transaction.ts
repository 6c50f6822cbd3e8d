import { never } from '../model/never.ts';
import type { SipRequest, SipResponse } from '../model/sip-text.ts';
import type { Millis } from '../model/units.ts';
import { headerOf, headersOf, sequenceOf } from './headers.ts';
import { doubled, SIXTY_FOUR_T1, T1, T2, T4, TIMER_D } from './timers.ts';

/*
 *   INVITE   calling ──1xx──▶ proceeding ──3xx–6xx──▶ completed ──D──▶ terminated
 *               └──2xx──┬────────┘ 2xx ──▶ accepted ──M──▶ terminated           (RFC 3261 17.1.1, RFC 6026 7.2)
 *   others   trying ──1xx──▶ proceeding ──2xx–6xx──▶ completed ──K──▶ terminated (RFC 3261 17.1.2)
 *   Timer B or F ends what was never answered.
 */

export type Client =
  | { readonly at: 'calling' | 'trying' | 'proceeding'; readonly request: SipRequest; readonly again: Millis }
  | { readonly at: 'completed'; readonly request: SipRequest; readonly ack: SipRequest | undefined }
  | { readonly at: 'accepted'; readonly request: SipRequest }
  | { readonly at: 'terminated' };

export type ClientTimer = 'A' | 'B' | 'D' | 'E' | 'F' | 'K' | 'M';

export type ClientEvent =
  | { readonly on: 'response'; readonly response: SipResponse }
  | { readonly on: 'waited'; readonly name: ClientTimer };

export type ClientEffect =
  | { readonly do: 'send'; readonly request: SipRequest }
  | { readonly do: 'tell'; readonly response: SipResponse }
  | { readonly do: 'tell-timed-out' }
  | { readonly do: 'wait'; readonly name: ClientTimer; readonly for: Millis }
  | { readonly do: 'stop-waiting'; readonly name: ClientTimer };

type Answer = readonly [Client, readonly ClientEffect[]];
type Waiting = Extract<Client, { again: Millis }>;

const go = (state: Client, ...effects: readonly ClientEffect[]): Answer => [state, effects];
const wait = (name: ClientTimer, patience: Millis): ClientEffect => ({ do: 'wait', name, for: patience });
const stop = (...timers: readonly ClientTimer[]): readonly ClientEffect[] =>
  timers.map((name) => ({ do: 'stop-waiting', name }));

/** A request that is not an ACK, on its way over UDP. */
export function startClient(request: SipRequest): Answer {
  const invite = request.method === 'INVITE';
  return go(
    { at: invite ? 'calling' : 'trying', request, again: T1 },
    { do: 'send', request },
    wait(invite ? 'A' : 'E', T1),
    wait(invite ? 'B' : 'F', SIXTY_FOUR_T1),
  );
}

export function stepClient(state: Client, event: ClientEvent): Answer {
  switch (state.at) {
    case 'calling':
    case 'trying':
    case 'proceeding':
      return event.on === 'response' ? answered(state, event.response) : due(state, event.name);
    case 'completed':
      return onCompleted(state, event);
    case 'accepted':
      // RFC 6026 8.4: every 2xx is for the user, who acknowledges it again.
      if (event.on === 'response')
        return isSuccess(event.response) ? go(state, { do: 'tell', response: event.response }) : go(state);
      return event.name === 'M' ? go({ at: 'terminated' }) : go(state);
    case 'terminated':
      return go(state);
    default:
      return never(state);
  }
}

function answered(state: Waiting, response: SipResponse): Answer {
  const { request } = state;
  const tell: ClientEffect = { do: 'tell', response };
  if (request.method !== 'INVITE') {
    if (response.status < 200) return go({ ...state, at: 'proceeding' }, tell);
    return go({ at: 'completed', request, ack: undefined }, ...stop('E', 'F'), wait('K', T4), tell);
  }
  if (response.status < 200) return go({ ...state, at: 'proceeding' }, ...stop('A', 'B'), tell);
  if (isSuccess(response)) return go({ at: 'accepted', request }, ...stop('A', 'B'), wait('M', SIXTY_FOUR_T1), tell);
  const ack = ackOf(request, response);
  return go(
    { at: 'completed', request, ack },
    ...stop('A', 'B'),
    { do: 'send', request: ack },
    wait('D', TIMER_D),
    tell,
  );
}

function due(state: Waiting, name: ClientTimer): Answer {
  const { request, at } = state;
  if (name === 'B' || name === 'F') return go({ at: 'terminated' }, ...stop('A', 'E'), { do: 'tell-timed-out' });
  if (name === 'A' && at === 'calling') {
    const again = doubled(state.again, SIXTY_FOUR_T1);
    return go({ ...state, again }, { do: 'send', request }, wait('A', again));
  }
  if (name !== 'E') return go(state);
  const again = at === 'proceeding' ? T2 : doubled(state.again, T2);
  return go({ ...state, again }, { do: 'send', request }, wait('E', again));
}

function onCompleted(state: Extract<Client, { at: 'completed' }>, event: ClientEvent): Answer {
  if (event.on === 'waited') return event.name === 'D' || event.name === 'K' ? go({ at: 'terminated' }) : go(state);
  const { ack } = state;
  return ack !== undefined && event.response.status >= 300 ? go(state, { do: 'send', request: ack }) : go(state);
}

const isSuccess = ({ status }: SipResponse): boolean => status >= 200 && status < 300;

/** RFC 3261 17.1.1.3: the ACK of a refusal belongs to the INVITE's transaction. */
function ackOf(invite: SipRequest, response: SipResponse): SipRequest {
  return {
    kind: 'request',
    method: 'ACK',
    uri: invite.uri,
    headers: [
      ['via', headerOf(invite, 'via')],
      ['max-forwards', '70'],
      ...headersOf(invite, 'route').map((route) => ['route', route] as const),
      ['from', headerOf(invite, 'from')],
      ['to', headerOf(response, 'to')],
      ['call-id', headerOf(invite, 'call-id')],
      ['cseq', `${sequenceOf(invite).number} ACK`],
    ],
    body: '',
  };
}
