import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bundle, bundle } from '../bundle.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

/** An agent that puts its relay in the path and then does as it is told on its command line. */
const AGENT = `
import { execFileSync } from 'node:child_process';
const [subcommand, how] = process.argv.slice(2);
try {
  execFileSync('nft', ['add element inet relais relayed { 203.0.113.10 . 5060 }'], { stdio: 'ignore' });
} catch {}
console.log(subcommand, 'up', process.pid);
process.on('SIGTERM', () => { console.log('closing books'); process.exit(how === 'stubborn' ? undefined : 7); });
if (how === 'stubborn') { process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => console.log('no')); }
setInterval(() => undefined, 1000);
if (how === 'beating') {
  setInterval(() => process.send('beat'), 250);
  process.on('message', (word) => {
    console.log('told', word);
    execFileSync('nft', ['add element inet relais relayed { 203.0.113.10 . 5060 }']);
  });
}
`;
const TABLE = 'table inet relais { set relayed { type ipv4_addr . inet_service; }; }';
const DRIVER = "import { run } from './main.js'; process.exitCode = await run(process.argv.slice(2));";

let built: Bundle;
let namespace: Namespace;
let supervisor: ChildProcess | undefined;

beforeAll(async () => {
  built = await bundle('firmware-ts/main.ts');
  await mkdir(join(built.directory, 'agent'));
  await writeFile(join(built.directory, 'agent', 'main.js'), AGENT);
  await writeFile(join(built.directory, 'firmware-ts', 'driver.js'), DRIVER);
});

afterAll(() => built.clear());

beforeEach(async () => {
  namespace = await createNamespace();
  await namespace.commands.run('nft', ['-f', '-'], TABLE);
});

afterEach(() => {
  supervisor?.kill('SIGKILL');
  namespace.close();
});

function start(...agentArgs: readonly string[]) {
  const [enter = '', ...args] = namespace.prefix;
  const driver = join(built.directory, 'firmware-ts', 'driver.js');
  const child = spawn(enter, [...args, process.execPath, driver, 'supervise', '--', ...agentArgs]);
  supervisor = child;
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const lives = () => [...said.matchAll(/^agent up (\d+)$/gm)].map((match) => Number(match[1]));
  return { child, lives, said: () => said, ended: once(child, 'exit') };
}

const isRelayed = async () => {
  const { stdout } = await namespace.commands.run('nft', ['list', 'set', 'inet', 'relais', 'relayed']);
  return stdout.includes('203.0.113.10 . 5060');
};

describe('relais supervise', () => {
  const deaths = ['SIGKILL', 'SIGSEGV', 'SIGTERM', 'SIGABRT'] as const;
  it.each(deaths)(
    'lets SIP straight through within two seconds of the death of the agent by %s, and starts it again (V-1, Q-3)',
    async (signal) => {
      const { lives } = start();
      await vi.waitFor(() => expect(lives()).toHaveLength(1), { timeout: 5_000 });
      // A long rest would show the open path by itself; this watches it from outside, element by element.
      const monitor = await watchRelay();
      const killedAt = performance.now();
      process.kill(lives()[0] ?? 0, signal);
      await vi.waitFor(() => expect(monitor.said()).toMatch(/delete element inet relais relayed .*203\.0\.113\.10 /), {
        timeout: 5_000,
        interval: 5,
      });
      expect(performance.now() - killedAt).toBeLessThan(2_000);
      await vi.waitFor(() => expect(lives()).toHaveLength(2), { timeout: 5_000 });
      await vi.waitFor(async () => expect(await isRelayed()).toBe(true), { timeout: 5_000 });
      monitor.close();
    },
  );

  it('V-1: lets SIP straight past an agent that hangs within two seconds, and back when it comes to itself', async () => {
    const { lives, said } = start('beating');
    await vi.waitFor(() => expect(lives()).toHaveLength(1), { timeout: 5_000 });
    await new Promise((beaten) => setTimeout(beaten, 600));
    const monitor = await watchRelay();
    const hungAt = performance.now();
    process.kill(lives()[0] ?? 0, 'SIGSTOP');
    await vi.waitFor(() => expect(monitor.said()).toMatch(/delete element inet relais relayed .*203\.0\.113\.10 /), {
      timeout: 5_000,
      interval: 5,
    });
    expect(performance.now() - hungAt).toBeLessThan(2_000);
    expect(said()).toContain('the agent hangs: SIP goes straight');
    process.kill(lives()[0] ?? 0, 'SIGCONT');
    await vi.waitFor(() => expect(said()).toContain('told was-away'), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await isRelayed()).toBe(true), { timeout: 5_000 });
    expect(lives()).toHaveLength(1);
    monitor.close();
  });

  it('V-1: ends an agent that stays hung, and starts it again', { timeout: 20_000 }, async () => {
    const { lives, said } = start('beating');
    await vi.waitFor(() => expect(lives()).toHaveLength(1), { timeout: 5_000 });
    await new Promise((beaten) => setTimeout(beaten, 600));
    process.kill(lives()[0] ?? 0, 'SIGSTOP');
    await vi.waitFor(() => expect(lives()).toHaveLength(2), { timeout: 12_000 });
    expect(said()).toContain('the agent stays hung and is ended');
  });

  it('passes SIGTERM on, leaves the path open and exits with the status of the agent', async () => {
    const { child, lives, said, ended } = start();
    await vi.waitFor(() => expect(lives()).toHaveLength(1), { timeout: 5_000 });
    expect(await isRelayed()).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toEqual([7, null]);
    expect(said()).toContain('closing books');
    expect(await isRelayed()).toBe(false);
    expect(lives()).toHaveLength(1);
  });

  it('kills an agent that will not stop', async () => {
    const { child, lives, said, ended } = start('stubborn');
    await vi.waitFor(() => expect(lives()).toHaveLength(1), { timeout: 5_000 });
    child.kill('SIGTERM');
    expect(await ended).toEqual([137, null]);
    expect(said()).toContain('no\n');
  });

  it('goes on starting the agent where there is no relay to remove', async () => {
    const { lives } = start();
    await vi.waitFor(() => expect(lives()).toHaveLength(1), { timeout: 5_000 });
    await namespace.commands.run('nft', ['delete', 'table', 'inet', 'relais']);
    process.kill(lives()[0] ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(lives()).toHaveLength(2), { timeout: 5_000 });
  });

  it('says how it is used', async () => {
    const driver = join(built.directory, 'firmware-ts', 'driver.js');
    const { status, stderr } = await namespace.commands.run(process.execPath, [driver, 'supervise']);
    expect(status).toBe(64);
    expect(stderr).toContain('usage: relais supervise');
  });
});

/** Ready when it has seen an element come that was put there for it: before that, it might miss one that goes. */
async function watchRelay() {
  const [enter = '', ...args] = namespace.prefix;
  const child = spawn(enter, [...args, 'nft', 'monitor', 'elements']);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  let marks = 0;
  await vi.waitFor(
    async () => {
      marks += 1;
      await namespace.commands.run('nft', [`add element inet relais relayed { 203.0.113.99 . ${marks} }`]);
      expect(said).toContain('203.0.113.99');
    },
    { timeout: 10_000, interval: 50 },
  );
  return { said: () => said, close: () => child.kill('SIGKILL') };
}
