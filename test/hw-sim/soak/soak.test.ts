import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

type Verdict = {
  readonly holds: boolean;
  readonly blows: Readonly<Record<string, number>>;
  readonly checks: readonly { readonly name: string; readonly holds: boolean; readonly found: string }[];
};

/** Two boxes and all that they speak to, as the long soak runs them, for a quarter of a minute. */
async function soaked(...words: readonly string[]): Promise<{ readonly status: number; readonly verdict: Verdict }> {
  const argv = ['dist/hw-sim/bench/soak.js', '--minutes', '0.25', '--boxes', '2', '--every-ms', '900', ...words];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const [status] = await once(child, 'close');
  if (out === '') throw new Error(`no verdict was printed:\n${complaints}`);
  return { status: Number(status), verdict: JSON.parse(out) };
}

const broken = ({ checks }: Verdict) => checks.filter(({ holds }) => !holds);

describe('agents, broker and central are killed at random while phones talk', () => {
  it('U-7, U-3, C-1, C-3, R-10: every record arrives once, byte for byte, and all sums are equal', {
    timeout: 240_000,
  }, async () => {
    const { status, verdict } = await soaked('--seed', '3');
    expect(broken(verdict)).toEqual([]);
    expect(verdict.checks.length).toBeGreaterThanOrEqual(11);
    expect(Object.keys(verdict.blows).toSorted()).toEqual(['broker', 'central-1', 'relais-0001', 'relais-0002']);
    expect(status).toBe(0);
  });

  it('U-7, U-3, C-1, C-3, R-10: two centrals on one PostgreSQL that is shut down without a word as well', {
    timeout: 240_000,
  }, async () => {
    const { status, verdict } = await soaked('--seed', '8', '--store', 'postgres', '--centrals', '2');
    expect(broken(verdict)).toEqual([]);
    expect(Object.keys(verdict.blows)).toContain('database');
    expect(status).toBe(0);
  });
});
