import type { Link } from '../model/site-config.ts';

/** IP, UDP and RTP headers of a packet, and how many packets of 20 ms there are in a second. */
const HEADERS = 40;
const PACKETS = 50;
/** Payload bytes of 20 ms (RFC 3551). What is not listed counts as the dearest. */
const PAYLOAD: Readonly<Record<string, number>> = { PCMA: 160, PCMU: 160, G722: 160, G729: 20, iLBC: 38, GSM: 33 };
const LARGEST_PAYLOAD = 160;
const FULL_PACKET = 1_500;
/** Voice may have this share of a link: what is left carries signalling, probes, and the box's own messages. */
const VOICE_SHARE = 0.9;

/**
 * What one call takes of a link in each direction, in kbit/s of the link's own layer 3 rate. That rate is what full
 * packets reach; a small packet costs more than its bytes, most of all in ATM cells. `wrapping`: bytes around each packet (WRAPPING).
 */
export function callKbps(codec: string | undefined, kind: Link['kind'], wrapping = 0): number {
  const packet = wrapping + HEADERS + (PAYLOAD[codec ?? ''] ?? LARGEST_PAYLOAD);
  const stretch = (onWire(packet, kind) / packet / onWire(FULL_PACKET, kind)) * FULL_PACKET;
  return (packet * 8 * PACKETS * stretch) / 1_000;
}

/** Bytes around each packet of voice in a tunnel: Ethernet, VXLAN, UDP and IPv4 (RFC 7348 5). */
export const WRAPPING = 50;

/** What voice may take of a link, in kbit/s: calls are symmetric, so the slower direction decides. */
export const voiceKbps = ({ upKbps, downKbps }: Pick<Link, 'upKbps' | 'downKbps'>): number =>
  Math.min(upKbps, downKbps) * VOICE_SHARE;

/** Bytes that a packet really takes: cells of 53 behind PPPoE and AAL5 (ITU-T I.363.5); 64/65 octets (IEEE 802.3 61); Ethernet with its gap; LTE. */
function onWire(bytes: number, kind: Link['kind']): number {
  switch (kind) {
    case 'adsl':
      return Math.ceil((bytes + 40) / 48) * 53;
    case 'sdsl':
      return ((bytes + 22) * 65) / 64;
    case 'fibre':
    case 'fibre-pro':
      return bytes + 38;
    case 'mobile':
    case 'substitute':
      return bytes + 10;
  }
}
