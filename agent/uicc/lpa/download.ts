import { type CardNews, isCardNews, type ServerNews } from './asked.ts';
import { authenticated, challenged, clientAuthenticated, informed, initiated } from './download-authenticate.ts';
import { begin, cancel, canceling, finish, toldServer } from './download-end.ts';
import { consented, fetched, loaded, lookedUp, prepared, rulesRead, twinSought } from './download-install.ts';
import { type Answer, type Download, type DownloadEvent, type DownloadOrder, go } from './download-state.ts';

/*
 *   informing ▶ challenging ▶ initiating ▶ authenticating ▶ authenticating-client ▶ [reading-rules] ▶ seeking-twin
 *      ▲          (SGP.22 3.0.1)                                                                         │
 *   pausing                 looking ◀─answer lost─ loading ◀ fetching ◀ preparing ◀ consenting ◀─────────┘
 *      ▲                       └──────────┬──────────┘                                    (SGP.22 3.1.3)
 *      └── silence, tries left ── over ◀──┴── telling-server ◀ canceling ◀── any refusal once the card has a session
 *
 * A download by SGP.22. The state holds no code of the order and no key; the bytes that effects carry are not for a log.
 */
export const startDownload = (order: DownloadOrder): Answer => begin(order.retries);

export function stepDownload(state: Download, event: DownloadEvent, order: DownloadOrder): Answer {
  if (event.on === 'canceled') return stop(state, event.reason, order);
  if (event.on === 'waited') return state.at === 'pausing' ? begin(state.left) : go(state);
  if (event.on === 'consented') return state.at === 'consenting' ? consented(state, order) : go(state);
  const stopped = stopNow(state, order);
  if (stopped !== undefined) return stopped;
  if (isCardNews(event)) return fromCard(state, event, order);
  return fromServer(state, event, order);
}

/** Where an answer is on its way, it is heard first. Once the package goes to the card, it is too late. */
function stop(state: Download, reason: Stop, order: DownloadOrder): Answer {
  switch (state.at) {
    case 'consenting':
      return cancel(state.offer.transactionId, state.left, { is: 'canceled', reason });
    case 'pausing':
      return finish({ is: 'canceled', reason }, 0, order);
    case 'loading':
    case 'looking':
    case 'canceling':
    case 'telling-server':
    case 'over':
      return go(state);
    default:
      return go({ ...state, stop: reason });
  }
}

type Stop = Extract<DownloadEvent, { on: 'canceled' }>['reason'];

/** The answer that was on its way is here, and the order was taken back meanwhile. */
function stopNow(state: Download, order: DownloadOrder): Answer | undefined {
  if (!('stop' in state) || state.stop === undefined) return undefined;
  const end = { is: 'canceled', reason: state.stop } as const;
  if ('offer' in state) return cancel(state.offer.transactionId, state.left, end);
  if ('transactionId' in state) return cancel(state.transactionId, state.left, end);
  return finish(end, 0, order);
}

function fromCard(state: Download, news: CardNews, order: DownloadOrder): Answer {
  switch (state.at) {
    case 'informing':
      return informed(state, news, order);
    case 'challenging':
      return challenged(state, news, order);
    case 'authenticating':
      return authenticated(state, news, order);
    case 'reading-rules':
      return rulesRead(state, news);
    case 'seeking-twin':
      return twinSought(state, news);
    case 'preparing':
      return prepared(state, news, order);
    case 'loading':
      return loaded(state, news);
    case 'looking':
      return lookedUp(state, news);
    case 'canceling':
      return canceling(state, news, order);
    default:
      return go(state);
  }
}

function fromServer(state: Download, news: ServerNews, order: DownloadOrder): Answer {
  switch (state.at) {
    case 'initiating':
      return initiated(state, news, order);
    case 'authenticating-client':
      return clientAuthenticated(state, news, order);
    case 'fetching':
      return fetched(state, news);
    case 'telling-server':
      return toldServer(state, news, order);
    default:
      return go(state);
  }
}
