import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOperatorKey, payloadOf, signConfig } from '../../provisioning/signing.ts';
import { type Bundle, bundle } from '../firmware-ts/bundle.ts';
import { createNamespace, type Namespace } from '../firmware-ts/namespace.ts';
import { siteConfig } from '../provisioning/example.ts';

/** An agent that never lives, beside the true program of safe mode. */
const FRONT_DOOR = (safe: string): string => `
const [subcommand, ...rest] = process.argv.slice(2);
if (subcommand !== 'safe') { console.log('agent fell'); process.exit(1); }
const { runSafeCommand } = await import(${JSON.stringify(safe)});
process.exitCode = await runSafeCommand(rest);
`;
const DRIVER = "import { run } from './main.js'; process.exitCode = await run(process.argv.slice(2));";
const REFLECTOR = (reflector: string): string => `
import { openReflector } from ${JSON.stringify(reflector)};
await openReflector({ address: '203.0.113.40', port: 862, wallMicros: () => Date.now() * 1000 });
console.log('ready');
`;

let built: readonly Bundle[] = [];
let place: string;
let box: Namespace;
let phone: Namespace;
let core: Namespace;
const ends: (() => void)[] = [];

async function shell({ commands }: Namespace, script: string): Promise<void> {
  expect(await commands.run('sh', ['-e'], script)).toMatchObject({ status: 0, stderr: '' });
}

function begin({ prefix }: Namespace, ...words: readonly string[]) {
  const [enter = '', ...args] = prefix;
  const child = spawn(enter, [...args, ...words]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  ends.unshift(() => child.kill('SIGKILL'));
  return { child, said: () => said, ended: once(child, 'exit') };
}

beforeAll(async () => {
  const [main, safe, reflector] = await Promise.all([
    bundle('firmware-ts/main.ts'),
    bundle('agent/commands/safe-command.ts'),
    bundle('provisioning/reflector/reflector.ts'),
  ]);
  built = [main, safe, reflector];
  mkdirSync(join(main.directory, 'agent'));
  writeFileSync(join(main.directory, 'agent', 'main.js'), FRONT_DOOR(safe.path));
  writeFileSync(join(dirname(main.path), 'driver.js'), DRIVER);
  writeFileSync(join(reflector.directory, 'reflect.js'), REFLECTOR(reflector.path));
  place = mkdtempSync(join(tmpdir(), 'relais-safe-'));
  const { privatePem, publicPem } = createOperatorKey();
  writeFileSync(join(place, 'operator.pub'), publicPem);
  writeFileSync(join(place, 'uplink.secret'), 'not asked for');
  const signed = signConfig(payloadOf(siteConfig('relais-0001')), privatePem);
  writeFileSync(join(place, 'site.signed.json'), JSON.stringify(signed));
  writeFileSync(
    join(place, 'box.json'),
    JSON.stringify({
      ...{
        stateDirectory: place,
        siteConfig: join(place, 'site.signed.json'),
        operatorKey: join(place, 'operator.pub'),
      },
      uplinkSecret: join(place, 'uplink.secret'),
      interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
    }),
  );
  [box, phone, core] = await Promise.all([createNamespace(), createNamespace(), createNamespace()]);
  await shell(
    box,
    `ip link add voice0 type veth peer name eth0 netns ${phone.pid}
     ip link add data0 type veth peer name pc0
     ip link add wan1 type veth peer name acc1 netns ${core.pid}
     ip link add wan2 type veth peer name acc2 netns ${core.pid}
     ip addr add 192.168.10.1/24 dev voice0; ip addr add 192.168.20.1/24 dev data0
     ip addr add 198.51.100.2/30 dev wan1; ip addr add 192.0.2.2/30 dev wan2
     for d in voice0 data0 pc0 wan1 wan2; do ip link set $d up; done`,
  );
  await shell(
    phone,
    'ip addr add 192.168.10.10/24 dev eth0; ip link set eth0 up; ip route add default via 192.168.10.1',
  );
  await shell(
    core,
    `ip addr add 198.51.100.1/30 dev acc1; ip addr add 192.0.2.1/30 dev acc2
     ip link set acc1 up; ip link set acc2 up
     ip addr add 203.0.113.10/32 dev lo; ip addr add 203.0.113.40/32 dev lo
     for d in all acc1 acc2; do echo 0 > /proc/sys/net/ipv4/conf/$d/rp_filter; done`,
  );
  const mirror = begin(core, process.execPath, join(reflector.directory, 'reflect.js'));
  await vi.waitFor(() => expect(mirror.said()).toContain('ready'), { timeout: 10_000 });
});

afterAll(async () => {
  for (const end of ends) end();
  for (const one of [box, phone, core]) one?.close();
  for (const one of built) await one.clear();
  rmSync(place, { recursive: true, force: true });
});

/** One call to 112 by sipp, from INVITE to the 200 of its BYE, answered by sipp at the operator's; which link did it take? */
async function callForHelp(): Promise<{ readonly status: unknown; readonly links: readonly string[] }> {
  const flows = resolve('hw-sim/voice/sipp');
  const before = await sent();
  const centre = begin(
    core,
    'sipp',
    '-sf',
    join(flows, 'incoming.xml'),
    '-i',
    '203.0.113.10',
    '-p',
    '5060',
    '-m',
    '1',
    '-nostdin',
  );
  await vi.waitFor(
    async () => expect((await core.commands.run('ss', ['-Hulnp'])).stdout).toContain('203.0.113.10:5060'),
    { timeout: 5_000 },
  );
  const words = [
    '-i',
    '192.168.10.10',
    '-p',
    '5060',
    '-m',
    '1',
    '-d',
    '200',
    '-key',
    'number',
    '+33172890001',
    '-nostdin',
  ];
  const caller = begin(
    phone,
    'sipp',
    '203.0.113.10:5060',
    '-sf',
    join(flows, 'emergency.xml'),
    ...words,
    '-timeout',
    '15s',
  );
  const [status] = await caller.ended;
  centre.child.kill('SIGKILL');
  const after = await sent();
  return { status, links: ['wan1', 'wan2'].filter((link) => (after[link] ?? 0) - (before[link] ?? 0) >= 3) };
}

/** SIP that left the box, by link. */
async function sent(): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await box.commands.run('nft', ['-j', 'list', 'counters', 'table', 'ip', 'watch']);
  const found = (JSON.parse(stdout) as { nftables: { counter?: { name: string; packets: number } }[] }).nftables;
  return Object.fromEntries(found.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])));
}

describe('V-1, F-3: an agent that does not live', () => {
  it('leaves the box in safe mode: a real call to 112 passes on the main link, and on the second when the main one is cut', {
    timeout: 90_000,
  }, async () => {
    await shell(
      box,
      `nft add table ip watch
       for l in wan1 wan2; do nft add counter ip watch $l; done
       nft 'add chain ip watch out { type filter hook postrouting priority 200; }'
       for l in wan1 wan2; do nft add rule ip watch out oifname $l udp dport 5060 counter name $l; done`,
    );
    const [main] = built;
    const driver = join(dirname(main?.path ?? ''), 'driver.js');
    const supervised = begin(box, process.execPath, driver, 'supervise', '--', '--config', join(place, 'box.json'));
    await vi.waitFor(() => expect(supervised.said()).toContain('links and calls stand'), { timeout: 40_000 });
    expect(supervised.said().match(/agent fell/g)).toHaveLength(5);
    expect(supervised.said()).toContain('safe mode: the agent is left alone');
    expect(await callForHelp()).toEqual({ status: 0, links: ['wan1'] });
    // Beyond the first hop: the box still has its carrier, and only probes can tell.
    await shell(
      core,
      'nft add table ip cut; nft "add chain ip cut in { type filter hook input priority 0; }"; nft add rule ip cut in iifname acc1 drop',
    );
    await vi.waitFor(
      async () =>
        expect((await box.commands.run('nft', ['list', 'map', 'inet', 'relais', 'steer'])).stdout).toMatch(
          /0x[0-9a-f]*2\b/,
        ),
      { timeout: 20_000 },
    );
    expect(await callForHelp()).toEqual({ status: 0, links: ['wan2'] });
    supervised.child.kill('SIGTERM');
    await supervised.ended;
    // What stands goes on standing without anybody.
    expect(await callForHelp()).toEqual({ status: 0, links: ['wan2'] });
  });

  it('finds its way with the last configuration that worked, when the present one cannot be read', {
    timeout: 30_000,
  }, async () => {
    const config = siteConfig('relais-0001');
    const boxFile = JSON.parse(readFileSync(join(place, 'box.json'), 'utf8'));
    writeFileSync(
      join(place, 'last-good.json'),
      JSON.stringify({ box: { ...boxFile, relayPort: 5070, probePort: 8620, devices: {}, log: 'info' }, site: config }),
    );
    writeFileSync(join(place, 'site.signed.json'), '{ torn');
    await shell(box, 'nft delete table inet relais 2>/dev/null || true');
    const [, safe] = built;
    const program = join(safe?.directory ?? '', 'run.js');
    writeFileSync(
      program,
      `import { runSafeCommand } from ${JSON.stringify(safe?.path)}; process.exitCode = await runSafeCommand(process.argv.slice(2));`,
    );
    const sheltered = begin(box, process.execPath, program, '--config', join(place, 'box.json'));
    await vi.waitFor(() => expect(sheltered.said()).toContain('links and calls stand'), { timeout: 15_000 });
    sheltered.child.kill('SIGTERM');
    expect((await sheltered.ended)[0]).toBe(0);
  });
});
