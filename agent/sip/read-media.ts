import { canonicalIpv6, isIpv6 } from '../model/ipv6-networks.ts';
import type { MediaView } from '../model/sip-view.ts';

/** Static payload types of RFC 3551 table 4 that phones offer. */
const STATIC_CODECS: Readonly<Record<string, string>> = { '0': 'PCMU', '8': 'PCMA', '9': 'G722', '18': 'G729' };

/** First audio stream of an SDP body (RFC 8866), or undefined when there is none. */
export function readMedia(body: string): MediaView | undefined {
  const lines = body.split(/\r?\n/);
  const audio = lines.findIndex((line) => line.startsWith('m=audio '));
  if (audio < 0) return undefined;
  const [, port, , first] = (lines[audio] ?? '').split(/\s+/);
  const own = lines.slice(audio + 1);
  const end = own.findIndex((line) => line.startsWith('m='));
  const stream = end < 0 ? own : own.slice(0, end);
  const address = connection(stream) ?? connection(lines.slice(0, audio));
  if (!port || !address || !/^\d{1,5}$/.test(port)) return undefined;
  const place = isIpv6(address) ? canonicalIpv6(address) : address;
  return { address: place, port: Number(port), codec: codecOf(first, stream), ...rtcpPort(stream, Number(port)) };
}

function rtcpPort(stream: readonly string[], port: number): Pick<MediaView, 'rtcpPort'> {
  const named = stream.map((line) => /^a=rtcp:(\d{1,5})(?:\s|$)/.exec(line)?.[1]).find((found) => found !== undefined);
  const own = Number(named);
  return named === undefined || own === port + 1 || own < 1 || own > 65_535 ? {} : { rtcpPort: own };
}

const connection = (lines: readonly string[]): string | undefined =>
  lines.map((line) => /^c=IN IP[46] ([^\s/]+)/.exec(line)?.[1]).find((found) => found !== undefined);

function codecOf(payloadType: string | undefined, stream: readonly string[]): string | undefined {
  if (payloadType === undefined) return undefined;
  const named = stream
    .map((line) => /^a=rtpmap:(\d+) ([^/\s]+)/.exec(line))
    .find((found) => found?.[1] === payloadType);
  return named?.[2] ?? STATIC_CODECS[payloadType];
}
