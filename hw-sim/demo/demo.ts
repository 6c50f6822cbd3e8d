import { parseArgs } from 'node:util';
import { spoofedPackets } from '../kernel/topology.ts';
import { type Play, rest } from './acts/act.ts';
import { beginning } from './acts/beginning.ts';
import { busyLine } from './acts/busy-line.ts';
import { hung } from './acts/hung.ts';
import { killed } from './acts/killed.ts';
import { linkCut } from './acts/link-cut.ts';
import { offline } from './acts/offline.ts';
import { rated } from './acts/rated.ts';
import { drained } from './books.ts';
import { enterSandbox } from './enter-sandbox.ts';
import type { Facts } from './facts.ts';
import { keepPlaying } from './keep.ts';
import { createScreen, type Screen } from './screen.ts';
import { openStage } from './stage.ts';
import { type Check, closingTable } from './verdict.ts';

const USAGE = `usage: relais demo [--fast] [--json] [--keep]

A customer site lives through a day on a simulated site with a real kernel.
  --fast   shorter pauses
  --json   the closing table as JSON on standard output, the story on standard error
  --keep   leaves the site running, with a prompt of commands to cut and heal things by hand
`;

type Options = { readonly fast: boolean; readonly json: boolean; readonly keep: boolean };

/** Exit status 0 only if everything that the closing table says holds. */
export async function demo(argv: readonly string[]): Promise<number> {
  const options = {
    fast: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...argv], options });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['demo', ...argv], () => live(values));
}

async function live(options: Options): Promise<number> {
  const began = performance.now();
  const screen = createScreen(options.json ? process.stderr : process.stdout, () => performance.now() - began);
  try {
    const table = await story(options, screen);
    const holds = table.every((check) => check.holds);
    screen.line(
      `\n${holds ? 'All of it holds.' : 'NOT all of it holds.'} ${((performance.now() - began) / 1_000).toFixed(0)} s`,
    );
    if (options.json) process.stdout.write(`${JSON.stringify({ holds, checks: table })}\n`);
    return holds ? 0 : 1;
  } catch (error) {
    screen.line(`\nThe story broke off: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function story(options: Options, screen: Screen): Promise<readonly Check[]> {
  screen.act('A site is built: two LANs, two access links, an operator, in kernel namespaces');
  const order = { holdOffMs: options.fast ? 4_000 : 8_000, leaseMicroEuro: 150_000, leaseBundleSeconds: 180 };
  const stage = await openStage(order, { supervised: true });
  screen.say('SDSL 2/4 Mbit/s and 4G 1.5/3 Mbit/s; SIP server, Mosquitto, central, STAMP reflector');
  const play: Play = { stage, screen, pace: options.fast ? 0.5 : 1.5 };
  try {
    const facts = await day(play);
    screen.act('Closing: what both sides wrote down');
    const [box, central] = await drained(stage);
    const table = closingTable(facts, box, central);
    for (const { holds, name, found } of table) screen.row(holds, name, found);
    if (options.keep) await keepPlaying(stage, screen);
    return table;
  } finally {
    await stage.close();
  }
}

async function day(play: Play): Promise<Facts> {
  const { screen } = play;
  screen.act('The agent starts from a site order');
  await beginning(play);
  screen.act('A call, while bulk data saturates the line');
  const line = await busyLine(play);
  screen.act('The main link is cut, and heals');
  const cut = await linkCut(play);
  screen.act('The call ends and is rated, here and there');
  const money = await rated(play);
  screen.act('The broker is cut off: caps hold offline');
  const away = await offline(play);
  screen.act('The agent is killed in the middle of it, and comes back');
  const { incoming, emergency, ...after } = await killed(play);
  screen.act('The agent hangs in the middle of a call');
  const { incoming: rang, emergency: helped, ...hang } = await hung(play);
  await rest(play, 500);
  const spoofed = Object.values(await spoofedPackets()).reduce((total, packets) => total + packets, 0);
  return {
    ...line,
    ...cut,
    ...money,
    ...away,
    ...after,
    ...hang,
    emergency: add(add(away.emergency, emergency), helped),
    incoming: add(add(away.incoming, incoming), rang),
    spoofedPackets: spoofed,
  };
}

const add = (tally: Facts['emergency'], passed: boolean): Facts['emergency'] => ({
  placed: tally.placed + 1,
  passed: tally.passed + (passed ? 1 : 0),
});
