import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const BENCH = fileURLToPath(new URL('../../../dist/provisioning/bench/rating.js', import.meta.url));

/** The hash of the charges of so many records of the example account. */
const replay = (...flags: string[]): string =>
  execFileSync(process.execPath, [...flags, BENCH, '--hash', '--records', '20000'], { encoding: 'utf8' }).trim();

test('R-10: the same records come to the same charges with and without the compiler of the engine', () => {
  const compiled = replay();
  expect(compiled).toMatch(/^[0-9a-f]{64}$/);
  expect(replay('--jitless')).toBe(compiled);
}, 120_000);
