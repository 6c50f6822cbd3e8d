import { ownBytes } from '../bytes.ts';
import { cancelAtServer } from '../es9/calls.ts';
import { GET_INFO_1 } from '../es10/identity.ts';
import { type CancelReason, cancelSession } from '../es10/session.ts';
import { ask, type CardNews, heardFromCard, post, type ServerNews } from './asked.ts';
import { type Answer, type At, type Begun, type DownloadEnd, type DownloadOrder, go } from './download-state.ts';
import { isPassing, type LpaFailure } from './failure.ts';

export const begin = (left: number): Answer => go({ at: 'informing', left }, ask(GET_INFO_1));

export const failed = (failure: LpaFailure): DownloadEnd => ({ is: 'failed', failure });

/** No session on the card yet: the order is over, or begins anew after a pause where nobody refused. */
export function finish(end: DownloadEnd, left: number, order: DownloadOrder): Answer {
  if (end.is !== 'failed' || !isPassing(end.failure) || left === 0) return go({ at: 'over', end });
  return go({ at: 'pausing', left: left - 1 }, { do: 'wait', for: order.pause });
}

/** The session ends on both sides, so that the server may give the profile again (SGP.22 3.0.2). */
export const cancel = (transactionId: string, left: number, end: DownloadEnd): Answer =>
  go(
    { at: 'canceling', left, transactionId, end },
    ask(cancelSession(ownBytes(transactionId), end.is === 'canceled' ? end.reason : reasonOf(end))),
  );

/** The server that refused has ended the session by itself. */
export function fail(transactionId: string, { left }: Begun, failure: LpaFailure): Answer {
  if (failure.by === 'server') return go({ at: 'over', end: failed(failure) });
  return cancel(transactionId, left, failed(failure));
}

function reasonOf(end: DownloadEnd): CancelReason {
  if (end.is !== 'failed') return 'other';
  switch (end.failure.by) {
    case 'silence':
      return 'timeout';
    case 'check':
      return 'metadata-mismatch';
    case 'order':
      return 'postponed';
    case 'unreadable':
      return 'load-failed';
    default:
      return 'other';
  }
}

/** A card that cannot end the session has none: it is lost with the next challenge anyway. */
export function canceling(state: At<'canceling'>, news: CardNews, order: DownloadOrder): Answer {
  const heard = heardFromCard(news, cancelSession(ownBytes(state.transactionId), 'other'));
  if (!('value' in heard) || heard.value.is === 'refused') return finish(state.end, state.left, order);
  const call = cancelAtServer(state.transactionId, heard.value.raw);
  return go({ ...state, at: 'telling-server' }, post(order.server, call));
}

/** Whatever it says: a session that the server keeps ends there by its own timer. */
export const toldServer = (state: At<'telling-server'>, _: ServerNews, order: DownloadOrder): Answer =>
  finish(state.end, state.left, order);
