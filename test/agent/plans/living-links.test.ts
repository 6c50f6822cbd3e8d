import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { BoxConfigSchema } from '../../../agent/model/site-config.ts';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import {
  LIST_LIVENESS,
  type Liveness,
  ledBy,
  livenessOf,
  readLivenessElements,
} from '../../../agent/plans/living-links.ts';
import { nftPlan, steerPlan } from '../../../agent/plans/nft-plan.ts';
import { planeOf } from '../../../agent/plans/plane-of.ts';
import { createNft, type Nft } from '../../../firmware-ts/net/nft.ts';
import { siteConfig } from '../../example-site.ts';
import { createNamespace, type Namespace } from '../../firmware-ts/namespace.ts';

const box = BoxConfigSchema.parse({
  ...{ stateDirectory: 's', siteConfig: 's', operatorKey: 'k', uplinkSecret: 'u' },
  interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
});
const pace = (everyMs: number, timeoutMs: number) => ({ everyMs, timeoutMs });
const heartbeat = {
  ...{ call: pace(20, 75), idle: pace(50, 150), standby: pace(1_000, 3_000) },
  ...{ holdMs: 30_000, homeBetweenCallsMs: 0 },
};

function planeWith(use: 'shared' | 'voice-dedicated', beats = true): DataPlane {
  const { links, failover } = siteConfig();
  const [main, second] = links;
  if (main === undefined || second === undefined) throw new Error('two links');
  const rules = beats ? { ...failover, heartbeat } : failover;
  return planeOf(
    siteConfig({ links: [main, { ...second, use }], failover: rules }),
    box,
    (link) => `000000000000000${link}`,
  );
}

const shared = planeWith('shared');
const MARKS = { voice: { main: 0x101, second: 0x102 }, data: { main: 0x201, second: 0x202 } } as const;
const some = fc.subarray([0x101, 0x102, 0x201, 0x202]).map((marks) => new Set(marks));
const known: fc.Arbitrary<Liveness> = fc.record({ armed: some, alive: some, held: some });
const link = fc.constantFrom('main', 'second');
const wanted = fc.record({ voice: link, data: link });
const isLink = (name: string): name is 'main' | 'second' => name === 'main' || name === 'second';
const markOf = (kind: 'voice' | 'data', name: string): number => (isLink(name) ? MARKS[kind][name] : 0);

describe('F-3: where the kernel leads', () => {
  it('is never a link that is dead while another one lives', () => {
    fc.assert(
      fc.property(wanted, known, (steering, liveness) => {
        const led = ledBy(shared, steering, liveness);
        for (const kind of ['voice', 'data'] as const) {
          const mark = markOf(kind, led[kind]);
          const lives = Object.values(MARKS[kind]).some((one) => liveness.alive.has(one));
          const beaten = liveness.armed.has(markOf(kind, steering[kind]));
          if (beaten && lives) expect(liveness.alive.has(mark)).toBe(true);
          else expect(led[kind]).toBe(steering[kind]);
        }
      }),
    );
  });

  it('is no link that was dead of late while a sound one lives', () => {
    fc.assert(
      fc.property(wanted, known, (steering, liveness) => {
        const sound = (mark: number): boolean => liveness.alive.has(mark) && !liveness.held.has(mark);
        fc.pre(liveness.armed.has(markOf('voice', steering.voice)) && Object.values(MARKS.voice).some(sound));
        expect(sound(markOf('voice', ledBy(shared, steering, liveness).voice))).toBe(true);
      }),
    );
  });

  it('F-4: is never a link for voice only, for data', () => {
    const dedicated = planeWith('voice-dedicated');
    fc.assert(
      fc.property(known, (liveness) => {
        const led = ledBy(dedicated, { voice: 'main', data: 'main' }, liveness);
        expect(led.data).toBe('main');
      }),
    );
  });

  it('is what the agent says on a site that nobody beats', () => {
    const steering = { voice: 'second', data: 'main' };
    const liveness = { armed: new Set([0x102]), alive: new Set([0x101]), held: new Set<number>() };
    expect(ledBy(planeWith('shared', false), steering, liveness)).toEqual(steering);
    expect(nftPlan(planeWith('shared', false), steering)).not.toMatch(/alive|armed|beat-/);
  });
});

describe('F-3: the same rule in the kernel', () => {
  let space: Namespace;
  let nft: Nft;
  const sh = async (program: string, ...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await space.commands.run(program, args);
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };

  beforeAll(async () => {
    space = await createNamespace();
    for (const name of ['voice0', 'data0', 'wan1', 'wan2']) {
      await sh('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`);
      await sh('ip', 'link', 'set', name, 'up');
      await sh('ip', 'link', 'set', `${name}p`, 'up');
    }
    await sh('ip', 'address', 'add', '198.51.100.2/30', 'dev', 'wan1');
    await sh('ip', 'route', 'add', 'default', 'dev', 'wan1');
    await sh('ip', 'address', 'add', '192.0.2.2/30', 'dev', 'wan2');
    for (const [table, device] of [
      ['1', 'wan1'],
      ['2', 'wan2'],
    ] as const) {
      await sh('ip', 'rule', 'add', 'fwmark', `${table}/0xff`, 'lookup', table);
      await sh('ip', 'route', 'add', 'default', 'dev', device, 'table', table);
    }
    nft = createNft(space.commands, systemClock());
    await nft.install(nftPlan(shared, { voice: 'main', data: 'main' }));
    await nft.install(nftPlan(shared, { voice: 'main', data: 'main' }));
    await nft.ask(
      'add table inet seen; add set inet seen marks { type mark; flags dynamic; size 16; }; add chain inet seen out { type filter hook output priority -300; policy accept; }; add rule inet seen out ip daddr 203.0.113.10 update @marks { meta mark }',
    );
  });
  afterAll(() => {
    nft.close();
    space.close();
  });

  /** The mark with which a packet of the box to the operator's voice network leaves its first chain. */
  async function markOfVoice(): Promise<string> {
    await nft.ask('flush set inet seen marks');
    await sh('bash', '-c', 'echo > /dev/udp/203.0.113.10/5060');
    return /elements = \{ (0x[0-9a-f]+)/.exec(await nft.ask('list set inet seen marks'))?.[1] ?? 'none';
  }

  it('sends a packet where `ledBy` says, for every state that two links can be in', { timeout: 60_000 }, async () => {
    const voice = Object.values(MARKS.voice);
    const subsets = [[], [0x101], [0x102], voice];
    for (const armed of [[], voice])
      for (const alive of subsets)
        for (const held of subsets)
          for (const name of ['main', 'second']) {
            const fill = (set: string, marks: readonly number[]): string =>
              `; flush set inet relais ${set}${marks.length === 0 ? '' : `; add element inet relais ${set} { ${marks.join(', ')} }`}`;
            await nft.ask(
              steerPlan(shared, { voice: name, data: name }) +
                fill('armed', armed) +
                fill('alive', alive) +
                fill('held', held),
            );
            const liveness = { armed: new Set(armed), alive: new Set(alive), held: new Set(held) };
            const led = ledBy(shared, { voice: name, data: name }, liveness).voice;
            const expected = `0x${markOf('voice', led).toString(16).padStart(8, '0')}`;
            expect([name, armed, alive, held, await markOfVoice()]).toEqual([name, armed, alive, held, expected]);
          }
  });

  it('F-3: what is led to a link that lost its route leaves by no other one, and the next packet takes one that lives', async () => {
    await nft.ask(
      `${steerPlan(shared, { voice: 'main', data: 'main' })}; flush set inet relais armed; add element inet relais armed { 0x101, 0x102 }; flush set inet relais alive; add element inet relais alive { 0x101, 0x102 }`,
    );
    await sh('ip', 'route', 'del', 'default', 'dev', 'wan1', 'table', '1');
    await sh('ip', 'route', 'replace', 'default', 'dev', 'wan2');
    try {
      await expect(markOfVoice()).rejects.toThrow(/not permitted/);
      expect(await markOfVoice()).toBe('0x00000102');
    } finally {
      await sh('ip', 'route', 'replace', 'default', 'dev', 'wan1');
      await sh('ip', 'route', 'add', 'default', 'dev', 'wan1', 'table', '1');
    }
  });

  it('knows after a restart of the agent what it knew before, for as long as it would have known it', async () => {
    await nft.ask('flush set inet relais armed; flush set inet relais alive; flush set inet relais held');
    await nft.ask(
      'add element inet relais armed { 0x101, 0x102 }; add element inet relais alive { 0x102 timeout 60s }; add element inet relais held { 0x101 timeout 30s expires 9s }',
    );
    const read = async () => readLivenessElements(await Promise.all(LIST_LIVENESS.map((line) => nft.ask(line))));
    await nft.install(nftPlan(shared, { voice: 'main', data: 'main' }, { liveness: await read() }));
    const after = await read();
    expect(livenessOf(after)).toEqual({
      armed: new Set([0x101, 0x102]),
      alive: new Set([0x102]),
      held: new Set([0x101]),
    });
    expect(after.held).toMatch(/timeout 30s expires [0-8]s/);
  });

  it('F-3: whoever steers anew has looked: nothing is held after it', async () => {
    await nft.ask(steerPlan(shared, { voice: 'main', data: 'main' }));
    expect(readLivenessElements(await Promise.all(LIST_LIVENESS.map((line) => nft.ask(line)))).held).toBe('');
  });
});
