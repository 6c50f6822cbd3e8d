import { ACKNOWLEDGMENT, CLASS, DATA, type DataPlane } from './data-plane.ts';
import { withVoiceNetworks } from './ipv6-plan.ts';
import { outside, voiceMarks } from './overlay-plan.ts';
import { UNREAD_PORTS } from './unread-signalling.ts';

const SIP_PORTS = [5060, ...UNREAD_PORTS.tls, ...UNREAD_PORTS.mgcp];
/** RFC 4594: telephony is EF, its signalling CS5. */
const TELEPHONY = '{ ef, cs5 }';
/** What buys nothing: default, and less than default (RFC 3662, RFC 8622). */
const HARMLESS = '{ cs0, cs1, 0x01 }';
const FAMILIES = ['ip', 'ip6'] as const;

/**
 * In the forward hook, Q-2: whoever is on the voice LAN may say by the code point that a datagram is voice; that buys the
 * queue of voice, and not a link that is for voice alone (F-4).
 */
export const trustedPoints = (plane: DataPlane): string[] =>
  FAMILIES.map(
    (family) =>
      `    iifname "${plane.voiceInterface}" oifname { ${interfaces(plane)} } meta l4proto udp ${family} dscp ${TELEPHONY} meta priority set ${CLASS.voice}`,
  );

/**
 * In the postrouting hook: voice leaves as EF, its signalling as CS5, for whoever honors that on the way. What else
 * leaves is bleached: data can't buy priority anywhere by setting a code point. Nothing of a SIP message is touched.
 */
export function codePoints(plane: DataPlane): string[] {
  const data = plane.links.map(({ number }) => DATA | number).join(', ');
  // Into a tunnel too: what wraps a packet bears its code point.
  const voice = `oifname { ${outside(plane)} } meta mark { ${voiceMarks(plane)} }`;
  const ports = [...new Set([...SIP_PORTS, ...plane.sipServers.map(({ port }) => port)])].join(', ');
  const outward = `oifname { ${interfaces(plane)} }`;
  return [
    `    ${voice} meta priority set ${CLASS.voice}`,
    // What comes down for a softphone on the data LAN is not behind its downloads.
    `    oifname "${plane.dataInterface}" ip saddr @voice-networks meta priority set ${CLASS.voice}`,
    ...withVoiceNetworks(plane, (all) => [
      `    oifname "${plane.dataInterface}" ip6 saddr ${all} meta priority set ${CLASS.voice}`,
    ]),
    ...FAMILIES.flatMap((family) => [
      `    ${voice} meta l4proto { tcp, udp } th dport { ${ports} } ${family} dscp set cs5`,
      `    ${voice} meta l4proto { tcp, udp } th dport != { ${ports} } ${family} dscp set ef`,
      `    ${outward} meta mark { ${data} } meta priority != ${CLASS.voice} ${family} dscp != ${HARMLESS} ${family} dscp set cs0`,
    ]),
    `    ${outward} meta mark { ${data} } meta priority != ${CLASS.voice} meta priority != ${CLASS.background} ${ACKNOWLEDGMENT} meta priority set ${CLASS.acknowledging}`,
  ];
}

const interfaces = (plane: DataPlane): string => plane.links.map((link) => `"${link.interface}"`).join(', ');
