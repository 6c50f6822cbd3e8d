import { readReply, writeApdu } from './apdu.ts';
import { type Bytes, hexOf } from './bytes.ts';
import { meaningOf, wordName } from './status-word.ts';

/*
 *   sending ──last block taken, answer waits──▶ fetching ──nothing waits──▶ over
 *      └──first answer that is not empty, last request taken, refusal, silence──▶ over
 *
 * One or more ES10 requests, each a chain of STORE DATA blocks (SGP.22 5.7.2; GlobalPlatform Card Specification 11.11).
 * Several requests are the segments of one package: the card is silent until the last one, or until its first error.
 */
export type Exchange =
  | { readonly at: 'sending'; readonly requests: readonly (readonly string[])[]; readonly exact?: number }
  | { readonly at: 'fetching'; readonly requests: Requests; readonly got: string; readonly wait: number }
  | { readonly at: 'over'; readonly end: ExchangeEnd };

/** The blocks that are still to be sent, request by request; the first of the first is on its way. */
type Requests = readonly (readonly string[])[];

export type ExchangeEnd =
  /** Hex without status word; `proactive` when the card wants the terminal to do something. */
  | { readonly is: 'answered'; readonly answer: string; readonly proactive: boolean }
  | { readonly is: 'refused'; readonly word: string; readonly says: string }
  /** No answer, or none that is one. Whether the card did it is not known: it has to be read. */
  | { readonly is: 'lost' };

/** What one STORE DATA holds at most, and what carriers with a short buffer take. */
export const FULL_BLOCK = 255;
export const SHORT_BLOCK = 120;

/** A list of installed profiles with icons is the longest answer; none is near this. */
const MOST_ANSWER_BYTES = 262_144;

/** `block`: bytes of a STORE DATA, 1 to 255. @throws RangeError beyond, or for a request of more than 256 blocks. */
export function startExchange(requests: readonly Bytes[], block: number = FULL_BLOCK): Exchange {
  if (!Number.isInteger(block) || block < 1 || block > FULL_BLOCK) throw new RangeError(`no block size: ${block}`);
  const chains = requests.filter(({ length }) => length > 0).map((request) => storeData(request, block));
  return chains.length === 0 ? answered('', false) : { at: 'sending', requests: chains };
}

/** The command that goes to the card next, in hex without channel; undefined once it is over. */
export function nextCommand(state: Exchange): string | undefined {
  if (state.at === 'over') return undefined;
  if (state.at === 'fetching') return writeApdu({ cla: 0x80, ins: 0xc0, p1: 0, p2: 0, expects: state.wait });
  const block = state.requests[0]?.[0];
  if (block === undefined || state.exact === undefined) return block;
  return `${block}${(state.exact % 256).toString(16).padStart(2, '0').toUpperCase()}`;
}

/** `reply`: hex with status word; undefined where the carrier failed. */
export function stepExchange(state: Exchange, reply: string | undefined): Exchange {
  if (state.at === 'over') return state;
  const read = reply === undefined ? undefined : readReply(reply);
  if (read === undefined || !read.ok) return { at: 'over', end: { is: 'lost' } };
  const { bytes, word } = read.value;
  const meaning = meaningOf(word);
  const got = `${state.at === 'fetching' ? state.got : ''}${hexOf(bytes)}`;
  if (got.length > 2 * MOST_ANSWER_BYTES) return { at: 'over', end: { is: 'lost' } };
  switch (meaning.is) {
    case 'done':
      return taken(state, got, meaning.proactive === true);
    case 'more':
      return { at: 'fetching', requests: state.requests, got, wait: meaning.count ?? 256 };
    case 'again':
      return again(state, meaning.count ?? 256, word);
    default:
      return refused(word);
  }
}

function taken(state: Exclude<Exchange, { at: 'over' }>, got: string, proactive: boolean): Exchange {
  const [first = [], ...later] = state.requests;
  if (got !== '') return answered(got, proactive);
  const left = first.length > 1 ? [first.slice(1), ...later] : later;
  return left.length === 0 ? answered('', proactive) : { at: 'sending', requests: left };
}

/** ETSI TS 102 221 10.2.1: the same command with the length that the card gave; asked for twice it is refused. */
function again(state: Exclude<Exchange, { at: 'over' }>, count: number, word: number): Exchange {
  if (state.at === 'fetching') return state.wait === count ? refused(word) : { ...state, wait: count };
  return state.exact === undefined ? { ...state, exact: count } : refused(word);
}

const answered = (answer: string, proactive: boolean): Exchange => ({
  at: 'over',
  end: { is: 'answered', answer, proactive },
});
const refused = (word: number): Exchange => ({
  at: 'over',
  end: { is: 'refused', word: wordName(word), says: meaningOf(word).says },
});

/** P1 11 more blocks, 91 the last; P2 counts them (SGP.22 5.7.2). */
function storeData(request: Bytes, block: number): readonly string[] {
  const count = Math.ceil(request.length / block);
  if (count > 256) throw new RangeError(`a request of ${count} blocks, 256 can be counted`);
  return Array.from({ length: count }, (_, at) =>
    writeApdu({
      cla: 0x80,
      ins: 0xe2,
      p1: at === count - 1 ? 0x91 : 0x11,
      p2: at,
      data: request.subarray(at * block, (at + 1) * block),
    }),
  );
}
