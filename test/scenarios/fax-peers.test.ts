import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Verdict = {
  readonly checks: readonly { readonly name: string; readonly holds: boolean; readonly found: string }[];
};

describe('a fax line of the box with real SIP peers: Kamailio as registrar and proxy, sipp as gateways', () => {
  it('X-1, V-6, U-1, Q-2: T.38 from both sides and at once, refused, forbidden; every call in the ledger', {
    timeout: 120_000,
  }, () => {
    const story = spawnSync(process.execPath, [resolve('dist/hw-sim/main.js'), 'fax-peers'], {
      encoding: 'utf8',
      timeout: 110_000,
    });
    const last = story.stdout.trim().split('\n').at(-1);
    if (!last) throw new Error(`no verdict was printed:\n${story.stderr}`);
    const { checks }: Verdict = JSON.parse(last);
    expect(checks.filter((check) => !check.holds)).toEqual([]);
    expect(checks.length).toBeGreaterThan(13);
    expect(story.status).toBe(0);
  });
});
