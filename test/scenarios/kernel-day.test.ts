import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { footprint, remains } from '../hw-sim/kernel/site-process.ts';

const RELAIS = resolve('dist/agent/main.js');

type Check = { readonly name: string; readonly holds: boolean; readonly found: string };
type Verdict = { readonly holds: boolean; readonly checks: readonly Check[] };

/** A story that hangs is a failed test, and ends with it. */
const telling = new Set<ChildProcess>();
afterEach(() => {
  for (const child of telling) child.kill('SIGKILL');
  telling.clear();
});

/** Runs a story in its sandbox, calling `during` with each line of its display. */
async function tell(argv: readonly string[], during: (line: string, outer: number) => void = () => undefined) {
  const child = spawn(process.execPath, [RELAIS, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  telling.add(child);
  const said: string[] = [];
  const shown: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    shown.push(line);
    if (child.pid !== undefined) during(line, child.pid);
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  return { status, said, shown };
}

const verdict = (said: readonly string[], shown: readonly string[]): Verdict => {
  const last = said.at(-1);
  if (last === undefined) throw new Error(`no verdict was printed:\n${shown.join('\n')}`);
  return JSON.parse(last);
};
const broken = ({ checks }: Verdict): readonly Check[] => checks.filter((check) => !check.holds);

describe('one day of a site on a real kernel (npm run demo)', () => {
  it('F-3, Q-1, C-3, C-4, V-1, U-1, U-7, R-10, D-3: lives through it, both sides agree, and nothing is left behind', {
    timeout: 240_000,
  }, async () => {
    let taken: ReturnType<typeof footprint> | undefined;
    const { status, said, shown } = await tell(['demo', '--fast', '--json'], (line, outer) => {
      if (line.includes('the main link is cut')) taken = footprint(outer);
    });
    const day = verdict(said, shown);
    expect(broken(day)).toEqual([]);
    expect(day.checks.length).toBeGreaterThanOrEqual(13);
    expect(status).toBe(0);
    expect(taken?.namespaces.size).toBeGreaterThan(6);
    expect(taken && remains(taken)).toEqual([]);
  });

  it('leaves no process and no namespace behind when somebody presses Ctrl-C in the middle of it', {
    timeout: 120_000,
  }, async () => {
    let taken: ReturnType<typeof footprint> | undefined;
    const { status } = await tell(['demo', '--fast', '--json'], (line, outer) => {
      if (!line.includes('the phone calls') || taken) return;
      taken = footprint(outer);
      process.kill(outer, 'SIGINT');
    });
    expect(status).not.toBe(0);
    expect(taken?.processes.length).toBeGreaterThan(8);
    expect(taken && remains(taken)).toEqual([]);
  });
});

describe('a day that goes wrong', () => {
  it('says what broke, answers 1, and leaves nothing behind', { timeout: 120_000 }, async () => {
    let taken: ReturnType<typeof footprint> | undefined;
    const { status, shown } = await tell(['demo', '--fast', '--json'], (line, outer) => {
      if (!line.includes('the phone calls') || taken) return;
      taken = footprint(outer);
      killByWord(taken, 'phone');
    });
    expect(status).toBe(1);
    expect(shown.join('\n')).toContain('The story broke off');
    expect(taken && remains(taken)).toEqual([]);
  });
});

/** SIGKILL to the process of a sandbox that has this word on its command line. */
function killByWord({ processes }: ReturnType<typeof footprint>, word: string): void {
  for (const pid of processes.map((entry) => Number.parseInt(entry, 10))) {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (words.includes(word) && words.includes('--control')) process.kill(pid, 'SIGKILL');
  }
}
