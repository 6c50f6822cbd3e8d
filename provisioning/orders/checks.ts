import { holdsAddress, overlap } from '../../agent/model/ipv4-networks.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { callKbps, voiceKbps, WRAPPING } from '../../agent/plans/call-rate.ts';
import { ipv6Problems } from './ipv6.ts';
import { neighborProblems } from './neighbors.ts';
import type { Order } from './order.ts';
import { overlayProblems } from './overlay.ts';
import type { Problem } from './problem.ts';

type Verdict = {
  /** Nothing may be made of an order that has one. */
  readonly problems: readonly Problem[];
  /** The site works, but not in all that was asked. */
  readonly warnings: readonly Problem[];
  /** F-1: is the failover option granted? */
  readonly failover: boolean;
};

/** What a schema cannot see: rules between the fields of an order, and between an order and the sites that are there already. */
export function checkOrder(order: Order, others: readonly SiteConfig[]): Verdict {
  const refusals = order.failover.wanted ? failoverRefusals(order) : [];
  const failover = order.failover.wanted && refusals.length === 0;
  return {
    problems: [
      ...linkProblems(order),
      ...duplicates('links', 'name', order.links),
      ...duplicates('voice.sipServers', 'name', order.voice.sipServers),
      ...duplicates('lines', 'number', order.lines),
      ...networkProblems(order),
      ...holdOffProblems(order),
      ...neighborProblems(order, others),
      ...overlayProblems(order, failover, others),
      ...ipv6Problems(order),
    ],
    warnings: [...refusals, ...linkWarnings(order)],
    failover,
  };
}

/** F-1 (imesit Internet 2.1.4, cmi Services Internet 1.1.5): the option is refused with the condition that fails. */
function failoverRefusals(order: Order): readonly Problem[] {
  const refusals: Problem[] = [];
  if (order.links.length < 2) {
    const remedy = 'failover refused (F-1): order a second access link; the site goes on on its main link';
    refusals.push({ field: 'links', value: order.links.map((link) => link.name), remedy });
  }
  if (order.lans.separation === 'none') {
    const remedy = 'failover refused (F-1): separate the voice and data LANs by "vlan" or "cabling"';
    refusals.push({ field: 'lans.separation', value: order.lans.separation, remedy });
  }
  return refusals;
}

function linkProblems(order: Order): readonly Problem[] {
  const problems: Problem[] = [];
  const mains = order.links.filter((link) => link.role === 'main');
  if (mains.length !== 1) {
    problems.push({
      field: 'links',
      value: order.links.map((link) => `${link.name}: ${link.role}`),
      remedy: 'exactly one link has the role "main"',
    });
  }
  for (const [index, link] of order.links.entries()) {
    if (link.line === undefined || link.kind === 'mobile') continue;
    const remedy = 'only a link of kind "mobile" has the SIM of a line (U-1); leave "line" out';
    problems.push({ field: `links[${index}].line`, value: link.line, remedy });
  }
  for (const [index, link] of order.links.entries()) {
    if (link.role !== 'main' || link.kind !== 'mobile') continue;
    const remedy = 'a mobile line must not be the main access (F-6); give it the role "second"';
    problems.push({ field: `links[${index}].kind`, value: link.kind, remedy });
  }
  return problems;
}

function linkWarnings(order: Order): readonly Problem[] {
  const warnings: Problem[] = [];
  // F-2, F-4: a link dedicated to voice carries no data, so data needs another one.
  if (order.links.every((link) => link.use === 'voice-dedicated')) {
    const remedy = 'every link is dedicated to voice: the data LAN has no way out (F-4); make one link "shared"';
    warnings.push({ field: 'links', value: order.links.map((link) => `${link.name}: ${link.use}`), remedy });
  }
  for (const [index, link] of order.links.entries()) {
    const direction = link.upKbps <= link.downKbps ? 'upKbps' : 'downKbps';
    const wrapping = order.failover.overlay === undefined ? 0 : WRAPPING;
    const room = Math.floor(voiceKbps(link) / callKbps('PCMA', link.kind, wrapping));
    if (room >= order.voice.channels) continue;
    const remedy = `the link carries ${room} calls in G.711 (Q-4) and ${order.voice.channels} are subscribed; calls beyond that will be refused`;
    warnings.push({ field: `links[${index}].${direction}`, value: link[direction], remedy });
  }
  return warnings;
}

function networkProblems(order: Order): readonly Problem[] {
  const problems: Problem[] = [];
  const { lans, voice } = order;
  if (lans.separation !== 'none' && overlap(lans.voice, lans.data)) {
    const remedy = `overlaps the voice LAN ${lans.voice}; separated LANs have networks of their own`;
    problems.push({ field: 'lans.data', value: lans.data, remedy });
  }
  for (const [index, server] of voice.sipServers.entries()) {
    if (voice.networks.some((network) => holdsAddress(network, server.address))) continue;
    const remedy = 'lies in none of voice.networks, so it would not be treated as voice (Q-2); add its network';
    problems.push({ field: `voice.sipServers[${index}].address`, value: server.address, remedy });
  }
  return problems;
}

function holdOffProblems({ failover }: Order): readonly Problem[] {
  if (failover.holdOffMaxMs >= failover.holdOffMs) return [];
  const remedy = `must be at least failover.holdOffMs, which is ${failover.holdOffMs}`;
  return [{ field: 'failover.holdOffMaxMs', value: failover.holdOffMaxMs, remedy }];
}

function duplicates<K extends string>(field: string, key: K, list: readonly Record<K, string>[]): readonly Problem[] {
  return list.flatMap((item, index) => {
    const first = list.findIndex((other) => other[key] === item[key]);
    if (first === index) return [];
    const remedy = `already used by ${field}[${first}]; each ${key} occurs once`;
    return [{ field: `${field}[${index}].${key}`, value: item[key], remedy }];
  });
}
