import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Verdict = {
  readonly checks: readonly { readonly name: string; readonly holds: boolean; readonly found: string }[];
};

describe('the agent is killed again and again while calls run', () => {
  it('U-7: fifty real SIGKILLs at random moments: no record lost, none doubled, no call without one', {
    timeout: 480_000,
  }, () => {
    const storm = spawnSync(
      process.execPath,
      [resolve('dist/agent/main.js'), 'site', 'kill-storm', '--count', '50', '--seed', '7'],
      { encoding: 'utf8', timeout: 470_000 },
    );
    const last = storm.stdout.trim().split('\n').at(-1);
    if (!last) throw new Error(`no verdict was printed:\n${storm.stderr}`);
    const { checks }: Verdict = JSON.parse(last);
    expect(checks.filter((check) => !check.holds)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
    expect(storm.status).toBe(0);
  });
});
