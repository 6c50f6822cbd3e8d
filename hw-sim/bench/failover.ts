/**
 * What a call loses when its line goes: real datagrams both ways, 50 a second, through a real kernel and a real agent, with
 * the operator's far end that beats, with an agent that is stopped or dead, and in the same run with the naive way (a probe
 * a second, three misses).
 *
 *   npm run build && node dist/hw-sim/bench/failover.js [--level a|b|c] [--duplicate always|suspected] [--cuts 50] [--short]
 *                                                       [--only silent,carrier] [--ipv6] [STORY]
 *
 * Level a: plain links; b: voice in tunnels to a concentrator, behind NAT; c: the same, each packet twice (docs/failover.md).
 * `--ipv6`: the call is of IPv6, by level a. `--short`: what a test has time for; `--only`: these troubles. A story is told alone
 * (failover/stories.ts): `--steady 600 --hogs 4 --loss 0.03`, `--switches 1000`, `--flap 600`, `--both 10`, `--renewals 10`,
 * `--saturated 10`, `--browned 20`, `--level b --sites 1`, `--level b --takeovers 3`. Prints one JSON object; needs root or user
 * namespaces, nft, socat and /dev/net/tun.
 */
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from '../kernel/sandbox.ts';
import { spoofedPackets } from '../kernel/topology.ts';
import { bothDown, cutAgain, flap, TROUBLES, type Trouble } from './failover/cuts.ts';
import { saturated } from './failover/saturated.ts';
import type { FailoverStage } from './failover/stage.ts';
import { planned } from './failover/steady.ts';
import { STORIES, say, theseTroubles, withStage } from './failover/stories.ts';
import { NAIVE_WATCH_MS, WAYS } from './failover/ways.ts';

const SHORT = { a: ['silent', 'up', 'down', 'carrier'], b: ['silent', 'carrier'], c: ['silent'] } as const;
type Level = keyof typeof SHORT;
const isLevel = (text: string): text is Level => Object.keys(SHORT).includes(text);
const isTrouble = (word: string): word is Trouble => TROUBLES.some((one) => one === word);

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{ cuts: { ...text, default: '50' }, level: { ...text, default: 'a' }, duplicate: { ...text, default: 'always' } },
  ...{ short: flag, ipv6: flag, only: text, hogs: { ...text, default: '4' }, loss: { ...text, default: '0' } },
  ...{
    steady: text,
    switches: text,
    flap: text,
    both: text,
    renewals: text,
    saturated: text,
    sites: text,
    takeovers: text,
    browned: text,
  },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const cuts = whole('cuts', values.cuts);
  const { level, short, ipv6 } = values;
  if (!isLevel(level)) throw new Error(`--level ${level}: write a, b or c`);
  if (values.duplicate !== 'always' && values.duplicate !== 'suspected')
    throw new Error(`--duplicate ${values.duplicate}: write always or suspected`);
  if (ipv6 && level !== 'a') throw new Error(`--ipv6 --level ${level}: tunnels carry IPv4 alone; write --level a`);
  const overlay = ({ a: undefined, b: 'never', c: values.duplicate } as const)[level];
  const loss = Number(values.loss);
  if (!(loss >= 0 && loss < 1)) throw new Error(`--loss ${values.loss}: write a share of packets, 0 to 1`);
  if (!insideSandbox()) {
    await checkSandbox({ tun: true });
    return runInSandbox({ command: process.execPath, args: [fileURLToPath(import.meta.url), ...argv] });
  }
  holdLifeline(() => process.exit(130));
  const began = loadavg();
  const print = (found: object): number => {
    const all = { level, family: ipv6 ? 6 : 4, duplicate: overlay, load: [began, loadavg()], ...found };
    process.stdout.write(`${JSON.stringify(all, null, 1)}\n`);
    return 0;
  };
  const wish = { overlay, ipv6, hogs: Number(values.hogs), loss };
  const told = Object.keys(STORIES).filter((name) => name in values);
  if (told.length > 0) {
    const found: Record<string, unknown> = {};
    for (const name of told) {
      const count = whole(name, String(values[name as keyof typeof values]));
      found[name] = await STORIES[name]?.({ ...wish, count });
    }
    return print(found);
  }
  if (values.only !== undefined) {
    const only = values.only.split(',');
    if (!only.every(isTrouble)) throw new Error(`--only ${values.only}: write some of ${TROUBLES.join(',')}`);
    return print({ rows: await theseTroubles({ ...WAYS.beaten, overlay, ipv6 }, only, cuts) });
  }
  const kinds = short ? SHORT[level] : TROUBLES;
  const way = { ...WAYS.beaten, overlay, ipv6 };
  const beaten = await withStage(way, (stage) => everything(stage, { cuts, short, kinds }));
  if (short) return print(beaten);
  const flapping = await withStage({ ...WAYS.damped, overlay, ipv6 }, (stage) => flap(stage, 120));
  const naive = await withStage({ ...WAYS.naive, ipv6 }, (stage) =>
    cutAgain(stage, 'silent', Math.ceil(cuts / 5), NAIVE_WATCH_MS),
  );
  return print({ ...beaten, flapping, naive });
}

function whole(name: string, said: string): number {
  const number = Number(said);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} ${said}: write a whole number above 0`);
  return number;
}

type Order = { readonly cuts: number; readonly short: boolean; readonly kinds: readonly Trouble[] };

async function everything(stage: FailoverStage, { cuts, short, kinds }: Order) {
  const rows = [];
  for (const trouble of kinds) {
    rows.push(say(trouble, await cutAgain(stage, trouble, short && trouble !== 'silent' ? 1 : cuts)));
  }
  const both = short ? undefined : say('both lines', await bothDown(stage, 'second'));
  const crowded = short && kinds === SHORT.a ? say('crowded', await saturated(stage, 'udp-up', 1)) : undefined;
  await stopAtHome(stage);
  const stopped = say('agent stopped', await cutAgain(stage, 'silent', short ? 1 : cuts));
  stage.agent.process.kill('SIGCONT');
  const moved = say('planned moves, then no agent', await planned(stage, short ? 10 : 1_000));
  const killed = say('agent killed', await cutAgain(stage, 'silent', short ? 1 : cuts));
  return {
    rows,
    stopped,
    moved,
    killed,
    ...(both && { both }),
    ...(crowded && { crowded }),
    spoofed: await spoofedPackets(),
  };
}

/** What the agent has ordered last holds when it is gone: it is stopped while voice is on the main link, and stays there. */
async function stopAtHome({ agent, untilOn }: FailoverStage): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    await untilOn('main', 60_000);
    agent.process.kill('SIGSTOP');
    const home = await untilOn('main', 3_000).then(
      () => true,
      () => false,
    );
    if (home || tries >= 20) return;
    agent.process.kill('SIGCONT');
    await pause(2_000);
  }
}

process.exitCode = await main(process.argv.slice(2));
