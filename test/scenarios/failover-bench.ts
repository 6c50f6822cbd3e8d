import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** What the kernel loses of a call when a line goes, in the words of the bench itself: real datagrams both ways, 50 a second. */
export async function failoverBench<Found>(...argv: readonly string[]): Promise<Found> {
  const child = spawn(process.execPath, [resolve('dist/hw-sim/bench/failover.js'), '--short', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (shown += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`the bench ended with ${status}:\n${shown}`);
  return JSON.parse(said);
}
