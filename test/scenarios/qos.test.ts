import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Side = { readonly packets: number; readonly lostPercent: number; readonly p50: number; readonly mos: number };
type Row = {
  readonly way: string;
  readonly up: Side;
  readonly use: { readonly up: number };
  readonly data: { readonly upKbps: number; readonly downKbps: number };
};

type Found = { readonly rows: readonly Row[]; readonly queues: string };

async function bench(...more: readonly string[]): Promise<Found> {
  const child = spawn(process.execPath, [resolve('dist/hw-sim/bench/qos.js'), '--short', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, shown] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (shown += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`the bench ended with ${status}:\n${shown}`);
  return JSON.parse(said);
}

describe('two calls on a line of 1 Mbit/s that TCP wants all of, both ways, on a real kernel', () => {
  it('Q-1, Q-4: voice goes past the data and none of it is lost; without queues it waits for the buffer of the line', {
    timeout: 60_000,
  }, async () => {
    const [ours, unshaped] = (await bench()).rows;
    expect([ours?.way, unshaped?.way]).toEqual(['ours', 'unshaped']);
    expect(ours?.up.lostPercent).toBe(0);
    expect(ours?.up.packets).toBeGreaterThan(150);
    // How busy this machine is shows in both ways; the line's own buffer of half a second shows in one of them.
    expect(unshaped?.up.p50).toBeGreaterThan(60);
    expect(ours?.up.p50).toBeLessThan((unshaped?.up.p50 ?? 0) / 4);
    // Data has what calls leave: most of the line is used.
    expect(ours?.use.up).toBeGreaterThan(0.5);
    expect(ours?.data.downKbps).toBeGreaterThan(100);
  });
});

describe('the same queues on a kernel that has fq_codel, in front of a line that holds each packet for its time on the wire', () => {
  it('Q-1, Q-4: voice goes by its own queue, and data waits in one for each flow', { timeout: 240_000 }, async () => {
    const { rows, queues } = await bench('--uml');
    const [ours] = rows;
    expect(ours?.way).toBe('ours');
    // How late it was depends on how much of this machine the other one got: `npm run bench:qos -- --uml` measures it.
    expect(ours?.up.packets).toBeGreaterThan(50);
    expect(queues).toMatch(/qdisc pfifo 10: parent 1:10 [^\n]*\n *Sent [1-9]\d{3,} bytes/);
    expect(queues).toMatch(/qdisc fq_codel 20: parent 1:20 [^\n]*\n *Sent [1-9]\d{3,} bytes/);
  });
});
