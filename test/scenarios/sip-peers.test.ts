import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Verdict = {
  readonly checks: readonly { readonly name: string; readonly holds: boolean; readonly found: string }[];
};

describe('real SIP peers on both sides of the box: sipp, Kamailio, and a capture on either side', () => {
  it('V-1, V-3, V-5, V-6, Q-3, Q-4, C-1, C-4, R-3, U-1, U-2, F-3: every rule once, on one site, byte for byte', {
    timeout: 150_000,
  }, () => {
    const story = spawnSync(process.execPath, [resolve('dist/agent/main.js'), 'site', 'sip-peers'], {
      encoding: 'utf8',
      timeout: 140_000,
    });
    const last = story.stdout.trim().split('\n').at(-1);
    if (!last) throw new Error(`no verdict was printed:\n${story.stderr}`);
    const { checks }: Verdict = JSON.parse(last);
    expect(checks.filter((check) => !check.holds)).toEqual([]);
    expect(checks.length).toBeGreaterThan(90);
    expect(story.status).toBe(0);
  });
});
