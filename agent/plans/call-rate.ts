import type { Link } from '../model/site-config.ts';
import { onWire, wireKbps } from './link-layer.ts';

/** IP, UDP and RTP headers of a packet, and how many packets of 20 ms there are in a second. */
const HEADERS = 40;
const PACKETS = 50;
/** Payload bytes of 20 ms (RFC 3551). What is not listed counts as the dearest. */
const PAYLOAD: Readonly<Record<string, number>> = { PCMA: 160, PCMU: 160, G722: 160, G729: 20, iLBC: 38, GSM: 33 };
const LARGEST_PAYLOAD = 160;
/** Voice may have this share of a link: what is left carries signalling, probes, and the box's own messages. */
const VOICE_SHARE = 0.9;

/** What one call takes of the wire of a link in each direction, in kbit/s; 95.2 for G.711 on Ethernet. */
export function callWireKbps(codec: string | undefined, kind: Link['kind'], wrapping = 0): number {
  const packet = wrapping + HEADERS + (PAYLOAD[codec ?? ''] ?? LARGEST_PAYLOAD);
  return (onWire(packet, kind) * 8 * PACKETS) / 1_000;
}

/**
 * What one call takes of a link in each direction, in kbit/s of the link's own layer 3 rate. That rate is what full
 * packets reach; a small packet costs more than its bytes, most of all in ATM cells. `wrapping`: bytes around each packet (WRAPPING).
 */
export const callKbps = (codec: string | undefined, kind: Link['kind'], wrapping = 0): number =>
  callWireKbps(codec, kind, wrapping) / wireKbps(1, kind);

/** Bytes around each packet of voice in a tunnel: Ethernet, VXLAN, UDP and IPv4 (RFC 7348 5). */
export const WRAPPING = 50;

/** What voice may take of a link, in kbit/s: calls are symmetric, so the slower direction decides. */
export const voiceKbps = ({ upKbps, downKbps }: Pick<Link, 'upKbps' | 'downKbps'>): number =>
  Math.min(upKbps, downKbps) * VOICE_SHARE;
