import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOperatorKey, payloadOf, signConfig } from '../../../provisioning/signing.ts';
import { siteConfig } from '../../provisioning/example.ts';
import { type Bundle, bundle } from '../bundle.ts';
import { createNamespace, type Namespace } from '../namespace.ts';
import { createReleaseBox, type ReleaseBox } from './release-box.ts';

const DRIVER = "import { run } from './main.js'; process.exitCode = await run(process.argv.slice(2));";
/** An agent that is healthy, reads any ledger, and ends when it is told to begin anew. */
const HEALTHY = `
const [subcommand] = process.argv.slice(2);
if (subcommand === 'ledger') process.exit(0);
console.log('agent', import.meta.url.match(/slots.(.)/)[1], 'lives');
setInterval(() => process.send('beat'), 250);
process.send('healthy');
process.on('SIGTERM', () => process.exit(0));
process.on('SIGUSR2', () => process.exit(0));
`;
const BROKEN = "if (process.argv[2] === 'ledger') process.exit(0); console.log('agent broken'); process.exit(3);";

let built: Bundle;
let box: ReleaseBox;
let place: string;
let namespace: Namespace;

beforeAll(async () => {
  built = await bundle('firmware-ts/main.ts');
  writeFileSync(join(dirname(built.path), 'driver.js'), DRIVER);
  mkdirSync(join(built.directory, 'agent'), { recursive: true });
  box = createReleaseBox(HEALTHY);
  place = mkdtempSync(join(tmpdir(), 'relais-supervised-'));
  const { privatePem, publicPem } = createOperatorKey();
  writeFileSync(join(place, 'operator.pub'), publicPem);
  writeFileSync(join(place, 'uplink.secret'), 'x');
  writeFileSync(join(place, 'site.json'), JSON.stringify(signConfig(payloadOf(siteConfig('relais-0001')), privatePem)));
  const files = {
    siteConfig: join(place, 'site.json'),
    operatorKey: join(place, 'operator.pub'),
    uplinkSecret: join(place, 'uplink.secret'),
  };
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  const updates = { directory: box.directory, releaseKey: box.keyFile };
  writeFileSync(join(place, 'box.json'), JSON.stringify({ stateDirectory: place, ...files, interfaces, updates }));
  namespace = await createNamespace();
  await namespace.commands.run(
    'nft',
    ['-f', '-'],
    'table inet relais { set relayed { type ipv4_addr . inet_service; }; }',
  );
});
afterAll(async () => {
  namespace.close();
  box.clear();
  rmSync(place, { recursive: true, force: true });
  await built.clear();
});

const relais = (...words: readonly string[]) =>
  namespace.commands.run(process.execPath, [
    join(dirname(built.path), 'driver.js'),
    ...words,
    '--config',
    join(place, 'box.json'),
  ]);

function supervise() {
  const [enter = '', ...args] = namespace.prefix;
  const driver = join(dirname(built.path), 'driver.js');
  const child = spawn(enter, [
    ...args,
    process.execPath,
    driver,
    'supervise',
    '--',
    '--config',
    join(place, 'box.json'),
  ]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  return { child, said: () => said, ended: once(child, 'exit') };
}

/** What an order to begin anew does to the agent that lives now. */
async function endAgent(of: number): Promise<void> {
  const { stdout } = await namespace.commands.run('pgrep', ['-P', String(of)]);
  for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGUSR2');
}

describe('D-3: a release under the real supervisor', () => {
  it('is taken from a file, tried, confirmed and lived on; a broken one is gone back from by itself', {
    timeout: 60_000,
  }, async () => {
    const { child, said, ended } = supervise();
    const lives = (slot: string) => [...said().matchAll(new RegExp(`agent ${slot} lives`, 'g'))].length;
    await vi.waitFor(() => expect(lives('a')).toBe(1), { timeout: 15_000 });
    writeFileSync(join(place, 'one.bundle'), box.bundle('1.1.0'));
    expect(await relais('update', 'take', join(place, 'one.bundle'))).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1.1.0 is whole and checked'),
    });
    expect((await relais('update', 'activate')).status).toBe(0);
    expect((await relais('update', 'show')).stdout).toContain('1.1.0 is tried as soon as nobody is on the phone');
    await endAgent(child.pid ?? 0);
    await vi.waitFor(() => expect(said()).toContain('the release 1.1.0 is confirmed'), { timeout: 15_000 });
    expect([lives('b'), readlinkSync(join(box.directory, 'current'))]).toEqual([1, 'slots/b']);

    writeFileSync(join(place, 'two.bundle'), box.bundle('1.2.0', { program: BROKEN }));
    expect((await relais('update', 'take', join(place, 'two.bundle'))).status).toBe(0);
    expect((await relais('update', 'activate')).status).toBe(0);
    await endAgent(child.pid ?? 0);
    await vi.waitFor(() => expect(said()).toContain('the release 1.2.0 is given up'), { timeout: 15_000 });
    await vi.waitFor(() => expect(lives('b')).toBe(2), { timeout: 15_000 });
    expect(said().match(/agent broken/g)).toHaveLength(1);
    const shown = (await relais('update', 'show')).stdout;
    expect(shown).toContain('slot-a  1.2.0  ActivationFailed: it ended with status 3 before it was healthy');
    expect(shown).toContain('slot-b  1.1.0  Active');
    expect(readFileSync(join(box.directory, 'update.json'), 'utf8')).toContain('"confirmed":"b"');
    child.kill('SIGTERM');
    await ended;
  });

  it('is refused on the command line with the field and the remedy', async () => {
    writeFileSync(join(place, 'old.bundle'), box.bundle('0.9.0', { floor: '0.1.0' }));
    const refused = await relais('update', 'take', join(place, 'old.bundle'));
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/field: version[\s\S]*remedy: 0\.9\.0 is older than 1\.0\.0/),
    ]);
    expect((await relais('update', 'take', join(place, 'nowhere.bundle'))).status).toBe(1);
    expect((await relais('update', 'fly')).status).toBe(64);
  });
});
