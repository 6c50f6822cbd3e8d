import { spawnSync } from 'node:child_process';

const compiled = Symbol.for('relais.tests.compiled');

/** Once a run: processes run compiled code. Types are the gate's business: what is emitted is what counts here. */
export function setup(): void {
  const run = globalThis as { [compiled]?: boolean };
  if (run[compiled]) return;
  run[compiled] = true;
  const { error, signal } = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'ignore' });
  if (error ?? signal) throw new Error('the compiler could not be run: npm ci', { cause: error });
}
