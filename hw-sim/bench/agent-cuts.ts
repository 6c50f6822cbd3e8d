/**
 * The power fails at every instant of lives of the real agent; what it acknowledged and what it published must be there
 * after each cut, and what is broken on purpose must be found. Answers 0 when both is so.
 *
 *   npm run build && node dist/hw-sim/bench/agent-cuts.js [--calls 90] [--lives 6] [--seed 1]
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleSite } from '../day/day.ts';
import type { Tally } from '../power-cut/cut-everywhere.ts';
import { BUILT_AGENT, type CutBox, createCutBox, type LifeOrder, type Lived } from './cuts/cut-agent.ts';

const WANTED = 10_000;
const SABOTAGES = ['sync-normal', 'sync-off', 'early'] as const;
const options = {
  calls: { type: 'string', default: '90' },
  lives: { type: 'string', default: '6' },
  seed: { type: 'string', default: '1' },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { calls, lives, seed } = parseArgs({ args: [...argv], options }).values;
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(memory, 'relais-cuts-'));
  try {
    const box = await createCutBox({ directory, config: exampleSite(), script: BUILT_AGENT });
    const sound = await liveOften(box, { calls: Number(calls), lives: Number(lives), seed });
    const found = await breakOnPurpose(box, Number(calls), seed);
    process.stdout.write(`${sound.cuts} cuts of the sound agent (wanted ${WANTED}), all held: ${sound.holds}\n`);
    return sound.holds && sound.cuts >= WANTED && found ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Order = { readonly calls: number; readonly lives: number; readonly seed: string };

/** Each life begins on what a cut left of the one before. */
async function liveOften(box: CutBox, { calls, lives, seed }: Order): Promise<{ cuts: number; holds: boolean }> {
  let order: LifeOrder = { calls, ending: 'kill' };
  let cuts = 0;
  let holds = true;
  for (let life = 1; life <= lives; life += 1) {
    const lived = await box.live(order);
    const tally = await box.judge(lived, `${seed}/${life}`);
    say(`life ${life}, ${order.ending}`, lived, tally);
    cuts += tally.cuts;
    holds = holds && isSound(tally) && lived.warnings.length === 0;
    order = box.next(lived, { calls, ending: life % 2 === 1 ? 'sleep' : 'kill' }, `${seed}/cut ${life}`);
  }
  return { cuts, holds };
}

const isSound = ({ lost, leaked, refused, alarms }: Tally): boolean => lost + leaked + refused + alarms === 0;

async function breakOnPurpose(box: CutBox, calls: number, seed: string): Promise<boolean> {
  let found = true;
  for (const sabotage of SABOTAGES) {
    const lived = await box.live({ calls, ending: 'kill', sabotage });
    const tally = await box.judge(lived, seed, { every: 10 });
    say(`broken: ${sabotage}`, lived, tally);
    found = found && tally.lost > 0 && (sabotage !== 'early' || tally.leaked > 0);
  }
  const lived = await box.live({ calls, ending: 'kill' });
  const control = await box.judge(lived, seed, { flushesCount: false, every: 10 });
  say('control: no flush counts', lived, control);
  return found && control.lost > 0 && control.leaked > 0;
}

function say(what: string, { published, warnings, events }: Lived, tally: Tally): void {
  const numbers = Object.entries(tally).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${what}: events ${events.length}, messages ${published.length}, ${numbers.join(', ')}\n`);
  for (const warning of warnings) process.stdout.write(`  the central warns: ${warning}\n`);
}

process.exitCode = await main(process.argv.slice(2));
