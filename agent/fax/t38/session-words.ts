import { negotiate, OWN_TERMS } from './negotiate.ts';
import { readSdp, type SdpStream } from './read-sdp.ts';
import type { SenderRules } from './sender-state.ts';
import { writeAudioAnswer, writeAudioOffer, writeFaxAnswer, writeFaxOffer } from './write-sdp.ts';

type Own = { readonly address: string; readonly port: number; readonly session: string; readonly version: number };
type Peer = { readonly address: string; readonly port: number };

/** What two descriptions agreed on: T.38 (T.38 Annex D), or G.711 under its payload type, A-law before mu-law (RFC 3551). */
export type AgreedSession =
  | { readonly media: 'image'; readonly peer: Peer; readonly terms: SenderRules & { readonly maxBitRate: number } }
  | { readonly media: 'audio'; readonly peer: Peer; readonly payload: AudioPayload };
export type AudioPayload = 8 | 0;

/** The session descriptions of a fax line (RFC 3264): T.38 wherever it is offered, G.711 before it. */
export const FAX_WORDS = { offer, answer, read };

function offer(media: AgreedSession['media'], own: Own): string {
  const origin = originOf(own);
  return media === 'image' ? writeFaxOffer(origin, OWN_TERMS) : writeAudioOffer(origin);
}

/** Undefined where nothing in the offer can be taken. */
function answer(offered: string, own: Own): { readonly body: string; readonly agreed: AgreedSession } | undefined {
  const streams = readSdp(offered);
  const image = negotiate(OWN_TERMS, streams);
  if (image.agreed !== undefined) {
    const agreed = imageOf(image.agreed);
    return agreed && { body: writeFaxAnswer(originOf(own), image.answer, streams, image.at), agreed };
  }
  const audio = audioOf(streams);
  if (audio === undefined) return undefined;
  const { at, agreed } = audio;
  const way = /^a=(sendonly|inactive)\s*$/m.exec(offered)?.[1];
  return { body: writeAudioAnswer(originOf(own), { payload: agreed.payload, way }, streams, at), agreed };
}

/** What the answer to an offer of ours takes; undefined: nothing. */
function read(answered: string): AgreedSession | undefined {
  const streams = readSdp(answered);
  const { agreed } = negotiate(OWN_TERMS, streams);
  return agreed === undefined ? audioOf(streams)?.agreed : imageOf(agreed);
}

type Image = NonNullable<ReturnType<typeof negotiate>['agreed']>;

function imageOf({ address, port, ...terms }: Image): AgreedSession | undefined {
  return isAddress(address) ? { media: 'image', peer: { address, port }, terms } : undefined;
}

function audioOf(
  streams: readonly SdpStream[],
): { readonly at: number; readonly agreed: Extract<AgreedSession, { media: 'audio' }> } | undefined {
  for (const [at, { media, port, transport, formats, address }] of streams.entries()) {
    const numbers = formats.split(/\s+/);
    const payload = ([8, 0] as const).find((type) => numbers.includes(String(type)));
    if (media !== 'audio' || port === 0 || transport.toUpperCase() !== 'RTP/AVP' || payload === undefined) continue;
    if (address !== undefined && isAddress(address))
      return { at, agreed: { media: 'audio', peer: { address, port }, payload } };
  }
  return undefined;
}

const isAddress = (address: string): boolean => /^(\d{1,3}\.){3}\d{1,3}$/.test(address);

const originOf = ({ address, port, session, version }: Own) => ({
  address,
  port,
  // Digits, as everybody expects them (RFC 8866 5.2).
  sessionId: String(Number.parseInt(session.slice(0, 8), 16)),
  sessionVersion: version,
});
