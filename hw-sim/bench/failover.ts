/**
 * What a call loses when its line goes: real datagrams both ways, 50 a second, through a real kernel and a real agent, with
 * the operator's far end that beats, with an agent that is stopped or dead, and in the same run with the naive way (a probe
 * a second, three misses).
 *
 *   npm run build && node dist/hw-sim/bench/failover.js [--level a|b|c] [--duplicate always|suspected] [--cuts 50] [--short]
 *                                                       [--steady 600 --hogs 4] [--switches 1000] [--browned 20] [--ipv6]
 *
 * Level a: plain links; b: voice in tunnels to a concentrator, behind NAT; c: the same, each packet twice (docs/failover.md).
 * `--ipv6`: the call is of IPv6, by level a. `--short`: what a test has time for. `--steady` and `--switches` alone: so many seconds
 * without trouble on a machine with so many hogs; so many planned moves between two living links. `--browned`: how soon voice leaves
 * a line on which no call can be understood, so many times for 30 % loss and for 300 ms of delay. Prints one JSON object; needs root or
 * user namespaces, nft, socat and /dev/net/tun.
 */
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from '../kernel/sandbox.ts';
import { spoofedPackets } from '../kernel/topology.ts';
import { browned, JUDGED } from './failover/browned.ts';
import { bothDown, cutAgain, flap, TROUBLES, type Trouble } from './failover/cuts.ts';
import { type FailoverStage, openFailoverStage, type Way } from './failover/stage.ts';
import { planned, steady } from './failover/steady.ts';

const HOME_SOON = { holdOffMs: 1_000, holdOffMaxMs: 1_000 };
/** The stream of the bench is no call of SIP, so the agent sees none: the pace of calls is ordered for all the time. */
const BEATEN: Way = {
  name: 'beaten',
  failover: {
    ...{ ...HOME_SOON, idleIntervalMs: 200 },
    heartbeat: { idle: { everyMs: 20, timeoutMs: 75 }, holdMs: 1_000 },
  },
};
/** mwan3 asks so with its usual options, but for its interval; it would forget all connections besides. */
const NAIVE: Way = {
  name: 'naive',
  failover: { ...HOME_SOON, activeIntervalMs: 1_000, idleIntervalMs: 1_000, patienceMs: 1_000, lossesToLeave: 3 },
};
const DAMPED: Way = {
  name: 'damped',
  failover: {
    ...BEATEN.failover,
    holdOffMs: 10_000,
    holdOffMaxMs: 60_000,
    heartbeat: { idle: { everyMs: 20, timeoutMs: 75 }, holdMs: 10_000 },
  },
};
const NAIVE_WATCH_MS = 7_000;
const SHORT = { a: ['silent', 'up', 'down', 'carrier'], b: ['silent', 'carrier'], c: ['silent'] } as const;
type Level = keyof typeof SHORT;
const isLevel = (text: string): text is Level => Object.keys(SHORT).includes(text);

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cuts: { type: 'string', default: '50' },
      level: { type: 'string', default: 'a' },
      duplicate: { type: 'string', default: 'always' },
      short: { type: 'boolean', default: false },
      steady: { type: 'string', default: '0' },
      hogs: { type: 'string', default: '4' },
      switches: { type: 'string', default: '0' },
      browned: { type: 'string', default: '0' },
      ipv6: { type: 'boolean', default: false },
    },
  });
  const cuts = Number(values.cuts);
  if (!Number.isInteger(cuts) || cuts < 1) throw new Error(`--cuts ${values.cuts}: write a whole number above 0`);
  const { level, short, ipv6 } = values;
  if (!isLevel(level)) throw new Error(`--level ${level}: write a, b or c`);
  if (values.duplicate !== 'always' && values.duplicate !== 'suspected')
    throw new Error(`--duplicate ${values.duplicate}: write always or suspected`);
  if (ipv6 && level !== 'a') throw new Error(`--ipv6 --level ${level}: tunnels carry IPv4 alone; write --level a`);
  const overlay = ({ a: undefined, b: 'never', c: values.duplicate } as const)[level];
  if (!insideSandbox()) {
    await checkSandbox({ tun: true });
    return runInSandbox({ command: process.execPath, args: [fileURLToPath(import.meta.url), ...argv] });
  }
  holdLifeline(() => process.exit(130));
  const began = loadavg();
  const [seconds, hogs, switches] = [Number(values.steady), Number(values.hogs), Number(values.switches)];
  if (seconds > 0 || switches > 0) {
    const calm = await withStage({ ...BEATEN, overlay, ipv6 }, async (stage) => ({
      ...(seconds > 0 && { steady: await steady(stage, { seconds, hogs }) }),
      ...(switches > 0 && { planned: await planned(stage, switches) }),
    }));
    process.stdout.write(`${JSON.stringify({ level, load: [began, loadavg()], ...calm }, null, 1)}\n`);
    return 0;
  }
  const runs = Number(values.browned);
  if (runs > 0) {
    const found = await withStage(JUDGED, (stage) => browned(stage, runs));
    process.stdout.write(`${JSON.stringify({ load: [began, loadavg()], ...found }, null, 1)}\n`);
    return 0;
  }
  const kinds = short ? SHORT[level] : TROUBLES;
  const beaten = await withStage({ ...BEATEN, overlay, ipv6 }, (stage) => everything(stage, { cuts, short, kinds }));
  const rest = short
    ? {}
    : {
        flapping: await withStage({ ...DAMPED, overlay, ipv6 }, (stage) => flap(stage, 120)),
        naive: await withStage({ ...NAIVE, ipv6 }, (stage) =>
          cutAgain(stage, 'silent', Math.ceil(cuts / 5), NAIVE_WATCH_MS),
        ),
      };
  const found = { level, family: ipv6 ? 6 : 4, duplicate: overlay, load: [began, loadavg()], ...beaten, ...rest };
  process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  return 0;
}

type Order = { readonly cuts: number; readonly short: boolean; readonly kinds: readonly Trouble[] };

async function everything(stage: FailoverStage, { cuts, short, kinds }: Order) {
  const rows = [];
  for (const trouble of kinds) {
    rows.push(say(trouble, await cutAgain(stage, trouble, short && trouble !== 'silent' ? 1 : cuts)));
  }
  const both = short ? undefined : say('both lines', await bothDown(stage));
  await stopAtHome(stage);
  const stopped = say('agent stopped', await cutAgain(stage, 'silent', short ? 1 : cuts));
  stage.agent.process.kill('SIGCONT');
  const moved = say('planned moves, then no agent', await planned(stage, short ? 10 : 1_000));
  const killed = say('agent killed', await cutAgain(stage, 'silent', short ? 1 : cuts));
  return { rows, stopped, moved, killed, ...(both && { both }), spoofed: await spoofedPackets() };
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

function say<T>(what: string, found: T): T {
  process.stderr.write(`${what}: ${JSON.stringify(found)}\n`);
  return found;
}

async function withStage<T>(way: Way, story: (stage: FailoverStage) => Promise<T>): Promise<T> {
  const stage = await openFailoverStage(way);
  await pause(2_000);
  try {
    return say(way.name, await story(stage));
  } finally {
    await stage.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
