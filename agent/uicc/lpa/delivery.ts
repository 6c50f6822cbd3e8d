import { never } from '../../model/never.ts';
import { handleNotification } from '../es9/calls.ts';
import {
  LIST_NOTIFICATIONS,
  type PendingNotification,
  removeNotification,
  retrieveNotification,
} from '../es10/notifications.ts';
import {
  type AskCard,
  ask,
  type CardNews,
  heardFromCard,
  isCardNews,
  isServerNews,
  type PostServer,
  post,
  type ServerNews,
} from './asked.ts';
import type { LpaFailure } from './failure.ts';

/*
 *   listing ──▶ retrieving ──▶ posting ──204──▶ removing ──▶ the next of the list, at last over
 *                                └── anything else: the server's later ones wait as well
 *
 * What the eUICC has to tell the servers, in the order in which it happened; taken off the card only after the server's
 * 204 (SGP.22 3.5). A server that cannot be reached holds up its own notifications, not those of others.
 */
export type Delivery =
  | { readonly at: 'listing' }
  | (Round & { readonly at: 'retrieving' | 'posting' | 'removing' })
  | { readonly at: 'over'; readonly end: DeliveryEnd };

type Round = {
  /** In order; the first is being delivered. */
  readonly left: readonly PendingNotification[];
  /** Numbers that a server took, and that the card has forgotten. */
  readonly delivered: readonly number[];
  readonly waiting: readonly PendingNotification[];
};

export type DeliveryEnd = {
  readonly delivered: readonly number[];
  readonly waiting: readonly PendingNotification[];
  /** Of the card, which ends the round. */
  readonly failure: LpaFailure | undefined;
};

export type DeliveryEvent = CardNews | ServerNews;
export type DeliveryEffect = AskCard | PostServer;
type Answer = readonly [Delivery, readonly DeliveryEffect[]];

export const startDelivery = (): Answer => go({ at: 'listing' }, ask(LIST_NOTIFICATIONS));

export function stepDelivery(state: Delivery, event: DeliveryEvent): Answer {
  switch (state.at) {
    case 'listing':
      return isCardNews(event) ? listed(event) : go(state);
    case 'retrieving':
      return isCardNews(event) ? retrieved(state, event) : go(state);
    case 'posting':
      return isServerNews(event) ? posted(state, event) : go(state);
    case 'removing':
      return isCardNews(event) ? removed(state, event) : go(state);
    case 'over':
      return go(state);
    default:
      return never(state);
  }
}

function listed(news: CardNews): Answer {
  const heard = heardFromCard(news, LIST_NOTIFICATIONS);
  if ('failure' in heard) return over({ left: [], delivered: [], waiting: [] }, heard.failure);
  return next({ left: heard.value, delivered: [], waiting: [] });
}

/** The first whose server has not failed in this round. */
function next(round: Round): Answer {
  const isHeldUp = ({ server }: PendingNotification) => round.waiting.some((other) => other.server === server);
  const at = round.left.findIndex((one) => !isHeldUp(one));
  const first = round.left[at];
  if (first === undefined) return over({ ...round, left: [], waiting: [...round.waiting, ...round.left] });
  const left = round.left.slice(at);
  const waiting = [...round.waiting, ...round.left.slice(0, at)];
  return go({ ...round, left, waiting, at: 'retrieving' }, ask(retrieveNotification(first.sequence)));
}

function retrieved(state: Round, news: CardNews): Answer {
  const [first, ...later] = state.left;
  if (first === undefined) return over(state);
  const heard = heardFromCard(news, retrieveNotification(first.sequence));
  if ('failure' in heard) return over(state, heard.failure);
  // Gone since it was listed: somebody else delivered it.
  if (heard.value === undefined) return next({ ...state, left: later });
  return go({ ...state, at: 'posting' }, post(first.server, handleNotification(heard.value)));
}

function posted(state: Round, news: ServerNews): Answer {
  const [first, ...later] = state.left;
  if (first === undefined) return over(state);
  if (news.on === 'server-answered' && news.status === 204)
    return go({ ...state, at: 'removing' }, ask(removeNotification(first.sequence)));
  return next({ ...state, left: later, waiting: [...state.waiting, first] });
}

function removed(state: Round, news: CardNews): Answer {
  const [first, ...later] = state.left;
  if (first === undefined) return over(state);
  const heard = heardFromCard(news, removeNotification(first.sequence));
  if ('failure' in heard) return over(state, heard.failure);
  if (heard.value !== undefined)
    return over(state, { by: 'card', function: 'RemoveNotificationFromList', ...heard.value });
  return next({ ...state, left: later, delivered: [...state.delivered, first.sequence] });
}

function over({ left, delivered, waiting }: Round, failure?: LpaFailure): Answer {
  const inOrder = [...waiting, ...left].toSorted((a, b) => a.sequence - b.sequence);
  return go({ at: 'over', end: { delivered, waiting: inOrder, failure } });
}

const go = (state: Delivery, ...effects: readonly DeliveryEffect[]): Answer => [state, effects];
