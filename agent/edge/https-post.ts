import { request } from 'node:https';
import type { Millis } from '../model/units.ts';
import type { HttpsPost, PostAnswer, PostRequest } from '../ports/https-post.ts';

type Trust = {
  /** PEM of the roots that are believed, and no others: servers of profiles are under GSMA's, not under the web's. */
  readonly roots: readonly string[];
  /** For the whole of a POST. A server that binds a package may take its time. */
  readonly patience: Millis;
};

/** A profile with many applications is some hundred kilobytes. */
const MOST_BYTES = 4_194_304;

/** POST over TLS 1.2 or later (SGP.22 6.1), the host name checked. */
export const createHttpsPost = ({ roots, patience }: Trust): HttpsPost => ({
  post(asked, done) {
    let isDone = false;
    const settle = (answer: PostAnswer) => {
      if (isDone) return;
      isDone = true;
      done(answer);
    };
    if (!asked.url.startsWith('https://')) return settle('untrusted');
    send(asked, { roots, patience }, settle);
  },
});

function send(
  { url, headers, body }: PostRequest,
  { roots, patience }: Trust,
  settle: (answer: PostAnswer) => void,
): void {
  const options = {
    method: 'POST',
    headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
    ca: [...roots],
    minVersion: 'TLSv1.2' as const,
    // No connection is kept: notifications are hours apart.
    agent: false as const,
    signal: AbortSignal.timeout(patience),
  };
  const question = request(url, options, (response) => {
    const parts: Buffer[] = [];
    let size = 0;
    response.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > MOST_BYTES) response.destroy(new Error('too long'));
    });
    response.on('error', () => settle('silent'));
    response.on('end', () => settle({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }));
  });
  question.on('error', (error: Error & { readonly code?: string }) =>
    settle(isUntrusted(error.code ?? '') ? 'untrusted' : 'silent'),
  );
  question.end(body);
}

/** The names that OpenSSL and Node give to a certificate that is not believed. */
const isUntrusted = (code: string): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ALTNAME|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH/.test(code);
