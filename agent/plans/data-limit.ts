import type { DataRules } from '../ports/network.ts';
import { DATA, type DataPlane, type PlaneLink } from './data-plane.ts';
import { ipv6DataDown } from './ipv6-plan.ts';

/**
 * S-3, S-6, S-7: one chain a link through which all its data of the LANs goes, both ways, and nothing else: calls, probes
 * and the box's own messages never pass it. Its bytes are a quota of one rule for both directions, so that the kernel cuts
 * by itself at the byte, also while the agent is away.
 */
export const dataLimitChains = (plane: DataPlane, rules: DataRules): string[] =>
  plane.links.flatMap((link) => [
    `  chain ${chainOf(link)} {`,
    ...verdicts(link, rules).map((verdict) => `    ${verdict}`),
    '  }',
  ]);

/** In the forward hook. What comes down is voice if it is from the operator's voice networks, or of a voice port to a phone. */
export const dataLimitJumps = (plane: DataPlane): string[] => {
  const { links, voiceInterface } = plane;
  return links.flatMap((link) => [
    `    oifname "${link.interface}" meta mark ${DATA | link.number} jump ${chainOf(link)}`,
    `    iifname "${link.interface}" ip saddr != @voice-networks oifname != "${voiceInterface}" jump ${chainOf(link)}`,
    `    iifname "${link.interface}" ip saddr != @voice-networks oifname "${voiceInterface}" meta l4proto udp udp sport != @voice-ports jump ${chainOf(link)}`,
    `    iifname "${link.interface}" ip saddr != @voice-networks oifname "${voiceInterface}" meta l4proto != udp jump ${chainOf(link)}`,
    ...ipv6DataDown(plane, link).map((down) => `    ${down} jump ${chainOf(link)}`),
  ]);
};

/** New rules for all links, in one transaction. */
export const dataLimitPlan = (plane: DataPlane, rules: DataRules): string =>
  plane.links
    .flatMap((link) => [
      `flush chain inet relais ${chainOf(link)}`,
      ...verdicts(link, rules).map((verdict) => `add rule inet relais ${chainOf(link)} ${verdict}`),
    ])
    .join('; ');

const chainOf = ({ number }: PlaneLink): string => `data-of-${number}`;

function verdicts({ name }: PlaneLink, rules: DataRules): readonly string[] {
  const bytes = rules[name]?.bytes;
  if (bytes === undefined) return [];
  return [`${bytes === 0 ? '' : `quota over ${bytes} bytes `}counter name "data-cut" drop`];
}
