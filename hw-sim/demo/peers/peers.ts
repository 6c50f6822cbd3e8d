import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { enterSandbox } from '../enter-sandbox.ts';
import type { Check } from '../verdict.ts';
import { createCast, type Played } from './cast.ts';
import { movedLine } from './moved-line.ts';
import { openPeerSite, type PeerSite } from './peer-site.ts';
import { backOffice, callsFrontDesk, carriers, frontDesk, phones, proxied } from './phone-roles.ts';
import { busy, crowded, emergencies, flooded, policies, spent } from './policy-roles.ts';
import type { Role } from './role.ts';
import { checkBytes, checkRecords } from './verdict.ts';
import { openWireTap } from './wire-tap.ts';

const USAGE = `usage: relais site sip-peers

Real SIP peers on both sides of the box: phones and carriers by sipp, registrar and proxy by Kamailio. Each rule of the
SIP guard is met once; captures of both sides are held against each other, and the box's records against the calls.
Prints one JSON object; exit status 0 only if all of it holds.
`;

export async function sipPeers(argv: readonly string[]): Promise<number> {
  const { help } = parseArgs({ args: [...argv], options: { help: { type: 'boolean', default: false } } }).values;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['sip-peers', ...argv], live);
}

async function live(): Promise<number> {
  const began = performance.now();
  const site = await openPeerSite();
  try {
    const checks = await story(site);
    const holds = checks.every((check) => check.holds);
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(`${JSON.stringify({ holds, seconds, checks })}\n`);
    return holds ? 0 : 1;
  } finally {
    await site.close();
  }
}

async function story(site: PeerSite): Promise<readonly Check[]> {
  for (const one of carriers) site.answer(one);
  const [lan, wan] = await Promise.all([openWireTap('voice0'), openWireTap('wan1')]);
  const { checks, play } = createCast(site);
  await play(phones);
  for (const one of backOffice) site.answer(one);
  const desk = site.answer(frontDesk);
  const ceiling = play(policies.filter(({ fate }) => fate === 'cut'));
  await play([...emergencies, ...policies.filter(({ fate }) => fate !== 'cut')]);
  await play(proxied.slice(0, 2));
  await play(proxied.slice(2));
  await ceiling;
  const calling = play([busy]);
  await pause(1_000);
  await play(crowded);
  await calling;
  await play(flooded);
  for (const role of spent) await play([role]);
  await play([callsFrontDesk('called-penniless', 'C-1: without credit an incoming call passes', 5_091)]);
  const [lanTaped, wanTaped] = await Promise.all([lan.close(), wan.close()]);
  const seen = [...played(checks)];
  await desk.end();
  const moved = await movedLine(site, play);
  return [
    ...checks.map(({ check }) => check),
    ...checkBytes(seen, lanTaped, wanTaped),
    ...moved,
    ...checkRecords(played(checks), await site.records(), lanTaped),
  ];
}

const played = (checks: readonly Played[]): readonly Role[] => checks.map(({ role }) => role);
