import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKernelCounters } from '../../../agent/edge/kernel-counters.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import type { DataCounted } from '../../../agent/model/data-counted.ts';
import { RecordSchema } from '../../../agent/model/record.ts';
import type { LinkCounter } from '../../../agent/ports/counters.ts';
import { readInterfaceCounters } from '../../../firmware-ts/net/interface-counters.ts';
import { siteConfig } from '../../example-site.ts';
import { type Bundle, bundle } from '../../firmware-ts/bundle.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const keys = generateKeyPairSync('ed25519');
let relais: Bundle;
let box: Namespace;
/** What lies beyond the main link. */
let far: Namespace;
let directory: string;
const path = (name: string): string => join(directory, name);
async function order(where: Namespace, program: string, ...words: readonly string[]): Promise<void> {
  const { status, stderr } = await where.commands.run(program, words);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
}
const ip = (where: Namespace, line: string): Promise<void> => order(where, 'ip', ...line.split(' '));

beforeAll(async () => {
  [relais, box, far] = await Promise.all([bundle('agent/main.ts'), createNamespace(), createNamespace()]);
  for (const name of ['voice0', 'data0', 'wan2']) await ip(box, `link add ${name} type veth peer name ${name}p`);
  await ip(
    box,
    `link add wan1 address 02:00:00:00:00:01 type veth peer name far1 address 02:00:00:00:00:02 netns ${far.pid}`,
  );
  for (const [where, device, address] of [
    [box, 'wan1', '198.51.100.2/30'],
    [far, 'far1', '198.51.100.1/30'],
  ] as const) {
    // Nothing but what the test sends, and what the agent does.
    await ip(where, `link set ${device} addrgenmode none`);
    await ip(where, `addr add ${address} dev ${device}`);
    await ip(where, `link set ${device} up`);
  }
  await ip(far, 'neigh add 198.51.100.2 lladdr 02:00:00:00:00:01 dev far1');
  await ip(box, 'neigh add 198.51.100.1 lladdr 02:00:00:00:00:02 dev wan1');
  // A port that nobody listens at must not keep the far end from sending.
  const deaf = 'add table ip deaf; add chain ip deaf ears { type filter hook input priority 0; policy drop; }';
  await order(far, 'nft', deaf);
  directory = mkdtempSync(join(tmpdir(), 'relais-data-'));
  const payload = Buffer.from(canonical(siteConfig()));
  const signature = sign(null, payload, keys.privateKey).toString('base64');
  writeFileSync(path('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
  writeFileSync(path('operator.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(path('secret'), 'secret');
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  const files = { siteConfig: path('site.json'), operatorKey: path('operator.pub'), uplinkSecret: path('secret') };
  writeFileSync(path('box.json'), JSON.stringify({ stateDirectory: path('state'), ...files, interfaces }));
}, 120_000);
afterAll(async () => {
  box.close();
  far.close();
  rmSync(directory, { recursive: true, force: true });
  await relais.clear();
});

/** The agent of the box, once it works. */
async function startAgent(): Promise<ChildProcess> {
  const [program = '', ...prefix] = box.prefix;
  const words = [...prefix, process.execPath, relais.path, 'agent', '--config', path('box.json')];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('agent started')) break;
  child.stdout.resume();
  return child;
}

const DATAGRAMS = 300;
/** IPv4 and UDP around 1,400 bytes: what a host operator would bill. */
const BURST = DATAGRAMS * (20 + 8 + 1_400);
const burst = (): Promise<void> => {
  const tenth = `dd if=/dev/zero bs=1400 count=${DATAGRAMS / 10} status=none && sleep 0.02`;
  return order(far, 'bash', '-ec', `for i in $(seq 10); do ${tenth}; done > /dev/udp/198.51.100.2/9`);
};

function recorded(): readonly DataCounted[] {
  const words = [relais.path, 'ledger', 'list', '--config', path('box.json')];
  const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { event } = RecordSchema.parse(JSON.parse(line));
      return event.kind === 'data-counted' && event.link === 'main' ? [event] : [];
    });
}

describe('U-1, U-7: the counters of a real kernel', () => {
  it('the agent killed in the middle counts every byte of IP that the other end sent, and none more', {
    timeout: 60_000,
  }, async () => {
    await burst();
    const first = await startAgent();
    await burst();
    const underWay = burst();
    first.kill('SIGKILL');
    await Promise.all([once(first, 'exit'), underWay]);
    const second = await startAgent();
    await burst();
    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
    const told = recorded();
    const [begun, last] = [told[0], told.at(-1)];
    // The first reading may come while the second burst does; counting begins there.
    expect(begun).toMatchObject({ total: { up: 0, down: 0 } });
    expect(begun?.counter.down).toBeLessThan(3 * BURST);
    expect(last?.counter.down).toBe(4 * BURST);
    expect(last?.total.down).toBe(4 * BURST - (begun?.counter.down ?? 0));
    const [sent] = (await readInterfaceCounters(far.commands)).filter(({ name }) => name === 'far1');
    expect(last?.counter.down).toBe(sent?.sent);
    // What the box looks for beyond the link never stops for good.
    expect(last?.counter.up).toBeGreaterThan(0);
    expect(last?.counter.up).toBeLessThanOrEqual(sent?.received ?? 0);
  });

  it('another interface of the same name is another life, from zero; one that is gone is not there', async () => {
    const counters = createKernelCounters([{ name: 'second', interface: 'wan2' }], () =>
      readInterfaceCounters(box.commands),
    );
    const read = (): Promise<LinkCounter | undefined> =>
      new Promise((done) => counters.read((all) => done(all.get('second'))));
    const before = await read();
    await ip(box, 'link del wan2');
    expect(await read()).toBeUndefined();
    await ip(box, 'link add wan2 type veth peer name wan2p');
    const after = await read();
    expect(after).toMatchObject({ up: 0, down: 0 });
    expect(after?.life).not.toBe(before?.life);
  });

  it('a kernel that can’t be asked says nothing', async () => {
    const refused = (): Promise<never> => Promise.reject(new Error('no such program'));
    const counters = createKernelCounters([{ name: 'main', interface: 'wan1' }], refused);
    expect(await new Promise((done) => counters.read(done))).toEqual(new Map());
  });
});
