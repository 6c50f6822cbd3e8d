import { hexOf, ownBytes, type Read } from '../bytes.ts';
import type { Es9Answer, HttpAnswer } from '../es9/answers.ts';
import type { Es9Call } from '../es9/calls.ts';
import type { Es10Call } from '../es10/call.ts';
import type { LpaFailure } from './failure.ts';

/** Requests go to the ISD-R one after the other; the first answer that is not empty is the answer. */
export type AskCard = { readonly do: 'ask-card'; readonly name: string; readonly requests: readonly string[] };
/** To `server`, a host name with a port where there is one. Bodies bear codes of the order: they are never logged. */
export type PostServer = { readonly do: 'post'; readonly server: string; readonly path: string; readonly body: string };

export type CardNews =
  | { readonly on: 'card-answered'; readonly answer: string }
  | { readonly on: 'card-refused'; readonly word: string; readonly says: string }
  /** No answer: whether the card did it is not known. */
  | { readonly on: 'card-lost' };
export type ServerNews =
  | ({ readonly on: 'server-answered' } & HttpAnswer)
  | { readonly on: 'server-silent' }
  /** Its TLS certificate was not believed; nothing was sent. */
  | { readonly on: 'server-untrusted' };

export const ask = ({ name, send }: Es10Call<unknown>): AskCard => ({
  do: 'ask-card',
  name,
  requests: [hexOf(send)],
});
export const post = (server: string, { path, body }: Es9Call): PostServer => ({ do: 'post', server, path, body });

export type Heard<T> = { readonly value: T } | { readonly failure: LpaFailure };

/** What the card answered to this call. */
export function heardFromCard<T>(news: CardNews, { name, read }: Pick<Es10Call<T>, 'name' | 'read'>): Heard<T> {
  if (news.on === 'card-lost')
    return { failure: { by: 'silence', of: 'card', says: `${name}: the card or its modem did not answer` } };
  if (news.on === 'card-refused') return { failure: { by: 'card', function: name, code: news.word, says: news.says } };
  const found = read(ownBytes(news.answer));
  return found.ok ? { value: found.value } : { failure: { by: 'unreadable', of: 'card', says: found.wrong } };
}

/** What the server answered, read by this reader. */
export function heardFromServer<T>(news: ServerNews, read: (answer: HttpAnswer) => Read<Es9Answer<T>>): Heard<T> {
  if (news.on === 'server-untrusted') return { failure: { by: 'check', says: UNTRUSTED } };
  if (news.on === 'server-silent')
    return {
      failure: { by: 'silence', of: 'server', says: 'the server cannot be reached: check the uplink' },
    };
  // SGP.22 6.5.2: a function that was run answers 200, also where it refuses. A 5xx is a server that did not run it.
  if (news.status >= 500)
    return { failure: { by: 'silence', of: 'server', says: `the server is out of order (HTTP ${news.status})` } };
  const found = read(news);
  if (!found.ok) return { failure: { by: 'unreadable', of: 'server', says: found.wrong } };
  const { value } = found;
  if (value.is === 'given') return { value: value.given };
  return { failure: { by: 'server', subject: value.subject, reason: value.reason, says: value.says } };
}

const UNTRUSTED =
  'the TLS certificate of the server is not of its name, or under no trusted root: check the activation code and the roots';

export const isCardNews = (event: { readonly on: string }): event is CardNews => event.on.startsWith('card-');
export const isServerNews = (event: { readonly on: string }): event is ServerNews => event.on.startsWith('server-');
