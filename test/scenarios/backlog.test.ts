import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Check = { readonly name: string; readonly holds: boolean; readonly found: string };

const told = (argv: readonly string[]): Promise<string> =>
  new Promise((settle) => {
    execFile(process.execPath, [resolve('dist/agent/main.js'), ...argv], (_error, stdout, stderr) =>
      settle(stdout.trim() === '' ? stderr : stdout),
    );
  });

describe('a box comes back with days of records on a line of 512 kbit/s (relais site backlog)', () => {
  it('Q-1, U-7: nobody who telephones hears the drain, an upload passes it, and it is marked Lower Effort', {
    timeout: 180_000,
  }, async () => {
    const verdict: { holds: boolean; checks: readonly Check[] } = JSON.parse(await told(['site', 'backlog']));
    expect(verdict.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(verdict.checks).toHaveLength(6);
  });
});
