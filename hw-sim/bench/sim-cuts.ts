/**
 * Power is cut at every line that the box says to its modem, and at everything that it writes down, in every story of a
 * swap; then the box starts again and has to have a line that works (S-1). Last, what the engine itself costs in a swap.
 *
 *   npm run build && nice -n 10 node dist/hw-sim/bench/sim-cuts.js [--every 1] [--twice 500] [--swaps 1000]
 */
import { parseArgs } from 'node:util';
import { cutsOf, type Fate, playStory } from './sim-cuts/cut-story.ts';
import type { Cut } from './sim-cuts/power.ts';
import { type PreparedEuicc, prepareEuicc } from './sim-cuts/prepared-euicc.ts';
import { openTlsRoad } from './sim-cuts/profile-road.ts';
import type { Story } from './sim-cuts/site.ts';
import { STORIES } from './sim-cuts/stories.ts';

const options = {
  /** Of so many cuts one is made. */
  every: { type: 'string', default: '1' },
  /** Cuts with another one in the start after them, per story. */
  twice: { type: 'string', default: '40' },
  swaps: { type: 'string', default: '1000' },
  /** Only stories whose name has this. */
  only: { type: 'string', default: '' },
} as const;

type Tally = { cuts: number; wrong: number; took: number };

async function main(argv: readonly string[]): Promise<number> {
  const { every, twice, swaps, only } = parseArgs({ args: [...argv], options }).values;
  const all: Tally = { cuts: 0, wrong: 0, took: 0 };
  const { pki, one, both } = prepareEuicc();
  const tls = await openTlsRoad(pki);
  const prepared: PreparedEuicc = { pki, one, both, tls };
  for (const story of STORIES.filter(({ name }) => name.includes(only))) {
    const { points } = await playStory(story, prepared);
    // A story that waits says the same things over and over: of those fewer are cut.
    const stride = Number(every) * Math.ceil(points / 200);
    const cuts = cutsOf(points).filter((_, index) => index % stride === 0);
    const outcomes = new Map<string, number>();
    for (const cut of cuts) note(all, outcomes, story, [cut], await playStory(story, prepared, cut));
    for (let n = 0; n < Number(twice); n += 1) {
      const pair = [cuts[(n * 7919) % cuts.length], cuts[(n * 104_729 + 31) % Math.min(cuts.length, 240)]];
      const both = pair.filter((cut) => cut !== undefined);
      note(all, outcomes, story, both, await playStory(story, prepared, ...both));
    }
    const ends = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
    process.stdout.write(`${story.name}: ${points} points, ${cuts.length} cuts and ${twice} twice: ${ends}\n`);
  }
  process.stdout.write(`${all.cuts} cuts, ${all.wrong} without a working card, longest ${all.took} ms simulated\n`);
  await measure(prepared, Number(swaps));
  await tls.close();
  return all.wrong === 0 ? 0 : 1;
}

function note(all: Tally, outcomes: Map<string, number>, story: Story, cuts: readonly Cut[], fate: Fate): void {
  all.cuts += 1;
  all.took = Math.max(all.took, fate.took);
  const outcome = fate.outcome ?? 'not begun';
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (fate.wrong.length === 0) return;
  all.wrong += 1;
  process.stdout.write(`WRONG ${story.name} ${JSON.stringify(cuts)}: ${fate.wrong.join('; ')}\n`);
}

/** Modem, card and network answer at once and the medium keeps at once: what is left is the engine, and the simulator. */
async function measure(prepared: PreparedEuicc, swaps: number): Promise<void> {
  const [story] = STORIES;
  if (story === undefined || swaps === 0) return;
  // What the compiler learns at first is no part of it.
  for (let n = 0; n < 20; n += 1) await playStory(story, prepared);
  const [cpu, wall]: [number[], number[]] = [[], []];
  for (let n = 0; n < swaps; n += 1) {
    const fate = await playStory(story, prepared);
    cpu.push(fate.cost);
    wall.push(fate.wall);
  }
  for (const [name, times] of Object.entries({ CPU: cpu, 'wall clock': wall })) {
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
    process.stdout.write(
      `${swaps} swaps of a profile: own ${name} with the simulator's p50 ${at(0.5)} ms, p99 ${at(0.99)} ms\n`,
    );
  }
}

process.exitCode = await main(process.argv.slice(2));
