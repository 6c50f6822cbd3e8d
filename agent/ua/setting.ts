import type { Credentials, Hash } from './digest.ts';

type Endpoint = { readonly address: string; readonly port: number };

/** What a line is and where it stands, true for each of its steps. Never part of a state: no password is written down. */
export type Setting = {
  /** E.164, as the guard knows the line (V-5). */
  readonly number: string;
  readonly credentials: Credentials;
  readonly server: Endpoint;
  /** Where the operator sees this line (RFC 3581): what Via, Contact and SDP say. */
  readonly place: Endpoint;
  readonly hash: Hash;
  readonly words: SessionWords;
};

/** `own` is where the box wants its media, and which version of its description this is (RFC 8866 5.2). */
export type Own = {
  readonly address: string;
  readonly port: number;
  readonly session: string;
  readonly version: number;
};

/** What was agreed on for media. `terms` is of no interest here; equal terms are equal as JSON. */
export type Agreed = {
  readonly media: 'audio' | 'image';
  readonly peer: Endpoint;
  readonly terms?: unknown;
};

/** Session descriptions (RFC 3264), written and read by somebody else. */
export type SessionWords = {
  offer(media: Agreed['media'], own: Own): string;
  /** Undefined: nothing in the offer can be taken (488). T.38 is taken where it is offered. */
  answer(offer: string, own: Own): { readonly body: string; readonly agreed: Agreed } | undefined;
  /** The answer to an offer of ours; undefined: it takes nothing. */
  read(answer: string): Agreed | undefined;
};

export const hostOf = ({ address, port }: Endpoint): string => (port === 5060 ? address : `${address}:${port}`);

export const contactOf = ({ credentials, place }: Setting): string =>
  `<sip:${credentials.user}@${place.address}:${place.port}>`;
