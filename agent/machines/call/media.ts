import type { MediaView } from '../../model/sip-view.ts';
import type { CallEvent, Told } from './words.ts';

type Known = Pick<Told, 'media' | 'offered'>;

/** Requests that may carry an offer of their own (RFC 3261 14, RFC 3311, RFC 3262 5). */
const OFFERS = ['INVITE', 'UPDATE', 'PRACK'];

/**
 * Where the phone wants its RTP after this message: what it answers and acknowledges counts at once, what it offers when
 * the other side accepts it. A hold by the null address (RFC 2543 B.5) moves nothing.
 */
export function mediaAfter(known: Known, { view, media, from }: Extract<CallEvent, { on: 'sip' }>): Known {
  if (from === 'network') return settled(known, view);
  if (media === undefined || !isPlace(media)) return known;
  if (view.kind === 'response') return view.status < 300 ? { media, offered: undefined } : known;
  if (view.method === 'ACK') return { media, offered: undefined };
  return OFFERS.includes(view.method) ? { ...known, offered: { sequence: view.sequence, media } } : known;
}

function settled({ media, offered }: Known, view: Extract<CallEvent, { on: 'sip' }>['view']): Known {
  const answers = view.kind === 'response' && OFFERS.includes(view.method) && view.sequence === offered?.sequence;
  if (!answers || view.status < 200) return { media, offered };
  return { media: view.status < 300 ? offered.media : media, offered: undefined };
}

const isPlace = ({ address, port }: MediaView): boolean => address !== '0.0.0.0' && address !== '::' && port > 0;
