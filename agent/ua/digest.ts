import type { SipResponse } from '../model/sip-text.ts';
import { headersOf } from './headers.ts';

export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Hash of the UTF-8 bytes, in lower-case hex; handed in. */
export type Hash = (algorithm: DigestAlgorithm, text: string) => string;

/** What a server asks for (RFC 7616 3.3), and how often its nonce was answered. */
export type Challenge = {
  /** 401 is answered in Authorization, 407 in Proxy-Authorization. */
  readonly proxy: boolean;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As it was written; absent means MD5. */
  readonly algorithm: string | undefined;
  /** RFC 2069 servers name no qop. */
  readonly qop: boolean;
  readonly stale: boolean;
  readonly count: number;
};

export type Credentials = { readonly user: string; readonly password: string };

type Wanted = {
  readonly method: string;
  readonly uri: string;
  /** Client nonce, never the same twice. */
  readonly cnonce: string;
};

/** The strongest challenge of a 401 or 407 that can be answered (RFC 8760 2.3); undefined where there is none. */
export function readChallenge(response: SipResponse): Challenge | undefined {
  const proxy = response.status === 407;
  const found = headersOf(response, proxy ? 'proxy-authenticate' : 'www-authenticate').flatMap(
    (value) => readOne(value, proxy) ?? [],
  );
  return found.find(({ algorithm }) => algorithmOf(algorithm) === 'SHA-256') ?? found[0];
}

function readOne(value: string, proxy: boolean): Challenge | undefined {
  const said = /^\s*digest\s+(.*)$/is.exec(value)?.[1];
  if (said === undefined) return undefined;
  const fields = new Map(
    [...said.matchAll(/([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)].map(
      ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? ''] as const,
    ),
  );
  const nonce = fields.get('nonce');
  const qops = fields
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase());
  // Only auth-int on offer can't be answered: nobody uses it.
  if (nonce === undefined || algorithmOf(fields.get('algorithm')) === undefined) return undefined;
  if (qops !== undefined && !qops.includes('auth')) return undefined;
  return {
    proxy,
    realm: fields.get('realm') ?? '',
    nonce,
    opaque: fields.get('opaque'),
    algorithm: fields.get('algorithm'),
    qop: qops !== undefined,
    stale: fields.get('stale')?.toLowerCase() === 'true',
    count: 0,
  };
}

function algorithmOf(written: string | undefined): DigestAlgorithm | undefined {
  const name = written?.toUpperCase() ?? 'MD5';
  return name === 'MD5' || name === 'SHA-256' ? name : undefined;
}

/** The header that answers it (RFC 7616 3.4), and the challenge with one more use of its nonce. */
export function answerChallenge(
  challenge: Challenge,
  { user, password }: Credentials,
  { method, uri, cnonce }: Wanted,
  hash: Hash,
): readonly [header: readonly [string, string], used: Challenge] {
  const { realm, nonce, opaque, qop } = challenge;
  const count = challenge.count + 1;
  const nc = count.toString(16).padStart(8, '0');
  const algorithm = algorithmOf(challenge.algorithm) ?? 'MD5';
  const secret = hash(algorithm, `${user}:${realm}:${password}`);
  const asked = hash(algorithm, `${method}:${uri}`);
  const response = hash(
    algorithm,
    qop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${asked}` : `${secret}:${nonce}:${asked}`,
  );
  const value = [
    `Digest username=${quoted(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    ...(challenge.algorithm === undefined ? [] : [`algorithm=${challenge.algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop ? ['qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`] : []),
  ].join(', ');
  return [[challenge.proxy ? 'proxy-authorization' : 'authorization', value], { ...challenge, count }];
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
