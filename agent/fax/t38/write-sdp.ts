import type { FaxTerms, SdpStream } from './read-sdp.ts';

/** Who describes the session (RFC 8866 5.2). The version goes up with every change of the description and with nothing else. */
export type SdpOrigin = {
  readonly address: string;
  readonly port: number;
  readonly sessionId: string;
  readonly sessionVersion: number;
};

/** An offer of T.38 and nothing else. */
export const writeFaxOffer = (origin: SdpOrigin, terms: FaxTerms): string =>
  writeSdp(origin, [imageLines(origin, terms)]);

/** The answer to an offer: each stream in its place (RFC 3264 6), the one at `at` taken, the others refused with port 0. */
export function writeFaxAnswer(origin: SdpOrigin, terms: FaxTerms, offered: readonly SdpStream[], at: number): string {
  return writeSdp(origin, inPlace(offered, at, imageLines(origin, terms)));
}

/** An offer of G.711, A-law before mu-law (RFC 3551). */
export const writeAudioOffer = (origin: SdpOrigin): string =>
  writeSdp(origin, [[`m=audio ${origin.port} RTP/AVP 8 0`, ...mapOf(8), ...mapOf(0), 'a=ptime:20', 'a=sendrecv']]);

/** G.711 taken under one payload type; `way` is what the other side said of its own. */
export function writeAudioAnswer(
  origin: SdpOrigin,
  { payload, way }: { readonly payload: 0 | 8; readonly way: string | undefined },
  offered: readonly SdpStream[],
  at: number,
): string {
  const own = way === undefined ? 'sendrecv' : way === 'sendonly' ? 'recvonly' : 'inactive';
  const lines = [`m=audio ${origin.port} RTP/AVP ${payload}`, ...mapOf(payload), 'a=ptime:20', `a=${own}`];
  return writeSdp(origin, inPlace(offered, at, lines));
}

const mapOf = (payload: 0 | 8): readonly string[] => [`a=rtpmap:${payload} ${payload === 8 ? 'PCMA' : 'PCMU'}/8000`];

/** One stream is taken, the others keep their place with port 0 (RFC 3264 6). */
const inPlace = (offered: readonly SdpStream[], at: number, lines: readonly string[]): readonly (readonly string[])[] =>
  offered.map(({ media, transport, formats }, k) =>
    k === at ? lines : [`m=${media} 0 ${transport} ${formats}`.trimEnd()],
  );

function writeSdp({ address, sessionId, sessionVersion }: SdpOrigin, streams: readonly (readonly string[])[]): string {
  const where = `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;
  const head = ['v=0', `o=relais ${sessionId} ${sessionVersion} ${where}`, 's=-', `c=${where}`, 't=0 0'];
  return [...head, ...streams.flat(), ''].join('\r\n');
}

/** Names as T.38 Annex D 2.3 spells them. A boolean stands there when it is true, without a value, as the grammar has it. */
function imageLines({ port }: SdpOrigin, terms: FaxTerms): readonly string[] {
  const corrections = { redundancy: 't38UDPRedundancy', fec: 't38UDPFEC', none: 't38UDPNoEC' };
  return [
    `m=image ${port} udptl t38`,
    `a=T38FaxVersion:${terms.version}`,
    `a=T38MaxBitRate:${terms.maxBitRate}`,
    ...(terms.fillBitRemoval ? ['a=T38FaxFillBitRemoval'] : []),
    ...(terms.transcodingMmr ? ['a=T38FaxTranscodingMMR'] : []),
    ...(terms.transcodingJbig ? ['a=T38FaxTranscodingJBIG'] : []),
    `a=T38FaxRateManagement:${terms.rateManagement}`,
    ...(terms.maxBuffer === undefined ? [] : [`a=T38FaxMaxBuffer:${terms.maxBuffer}`]),
    `a=T38FaxMaxDatagram:${terms.maxDatagram}`,
    `a=T38FaxUdpEC:${corrections[terms.errorCorrection]}`,
  ];
}
