import type { Books } from '../../model/swap-journal.ts';
import { type Answer, type At, go, PATIENCE, refuse, type SwapEvent, tell, wait } from './step.ts';
import { endOrder, recording, withUntold } from './telling.ts';
import { type Left, setOut, startTrip } from './ways.ts';

/** What is about to be done is in the record, or in the journal for it, before it is done. */
export function onAnnouncing(state: At<'announcing'>, event: SwapEvent): Answer {
  const { books, order, reports } = state;
  const isLost = reports[0]?.kind === 'sim-lost';
  switch (event.on) {
    case 'recorded':
      if (event.so === 'kept') return announced(state, books);
      // A card that is gone is kept out of the network whatever becomes of the record.
      if (event.so === 'later' || isLost) return announced(state, withUntold(books, reports[0]));
      return refuse(books, order, 'record');
    case 'waited':
      if (event.name !== 'record') return go(state);
      return isLost ? announced(state, withUntold(books, reports[0])) : refuse(books, order, 'record');
    case 'not-kept':
      return isLost ? go(state, { do: 'bar' }, ...recording(reports[0])) : refuse(books, order, 'journal');
    default:
      return go(state);
  }
}

function announced(state: At<'announcing'>, books: Books): Answer {
  const { order, reports, leads } = state;
  const [next, ...later] = reports.slice(1);
  if (next !== undefined) return go({ ...state, books, reports: [next, ...later] }, ...recording(next));
  switch (leads.go) {
    case 'travel':
      return setOut(books, leads.trip, 0);
    case 'download':
      return go(
        { at: 'downloading', books, order, origin: leads.origin, ...leftBy(leads) },
        tell({ step: 'downloading' }),
        { do: 'download', order: order.id },
        wait('dead-man', PATIENCE.download),
      );
    default:
      // Nothing happens between the announcement and this end.
      return endOrder(books, order, { ...leads, to: null, now: reports[0]?.at ?? 0 });
  }
}

export function onDownloading(state: At<'downloading'>, event: SwapEvent): Answer {
  const { books, order, origin, from } = state;
  const failed = (why: string) =>
    endOrder(books, order, { outcome: 'unchanged', from, to: null, why, now: event.now }, { do: 'deliver' });
  switch (event.on) {
    case 'downloaded':
      return setOut(books, startTrip(order, { by: 'profile', iccid: event.iccid }, { origin, ...leftBy(state) }), 0);
    case 'download-failed':
      return failed(event.why);
    case 'waited':
      return event.name === 'dead-man' ? failed('the download took too long') : go(state);
    case 'not-kept':
      return failed('journal');
    default:
      return go(state);
  }
}

const leftBy = ({ from, accessPoint, network, carrier }: Left): Left => ({ from, accessPoint, network, carrier });
