import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Verdict = {
  readonly checks: readonly { readonly name: string; readonly holds: boolean; readonly found: string }[];
};

describe('a managed box on a real kernel: supervisor, two slots, signed releases, a board with a reset button', () => {
  it('D-3, M-1, M-2, M-3, M-5, M-6, Q-1, U-2: releases around and into a call, restarts of modem, link, agent and box, the button', {
    timeout: 480_000,
  }, () => {
    const words = [resolve('dist/agent/main.js'), 'site', 'box-life'];
    const life = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 470_000 });
    const last = life.stdout.trim().split('\n').at(-1);
    if (!last) throw new Error(`no verdict was printed:\n${life.stderr}`);
    const { checks }: Verdict = JSON.parse(last);
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(checks).toHaveLength(13);
    expect(life.status).toBe(0);
  });
});
