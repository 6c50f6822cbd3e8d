import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runIn } from '../../kernel/namespaces.ts';
import { startHelper } from '../sip/helper-process.ts';
import { begin, end } from './cuts.ts';
import { HUB } from './hub.ts';
import { lineOfNeighbor, NEIGHBOR, openSecondSite } from './second-site.ts';
import { openSipCall } from './sip-call.ts';
import type { FailoverStage, Way } from './stage.ts';

/** What a connection and a fax went through. */
export type Endured = {
  readonly lines: number;
  readonly echoes: number;
  readonly connections: number;
  readonly closed: number;
  /** Address that the far end of the connection sees. */
  readonly seenAs: string | undefined;
  readonly silenceMs: number;
  readonly images: number;
  /** What the three copies of each packet did not bring back. */
  readonly imagesLost: number;
};

const SERVER = '203.0.113.10';
const VOICE = HUB.block.replace('/29', '');
const WATCH_MS = 1_500;

/**
 * Two sites at one concentrator, each cut at its own time, with everything that must not notice: a call by SIP and the
 * registration behind it, connections of a phone and of the box itself, a fax. And what one site sends to the other.
 */
export async function neighbors(stage: FailoverStage, way: Way) {
  const second = await openSecondSite(stage, way);
  const ends = await openEnds();
  const sip = await openSipCall(stage.site);
  try {
    const registered = await sip.bindings();
    await pause(2_000);
    await cutInTurn(stage);
    const calls = await sip.calls();
    // The operator rings at the place that was registered before the cuts; nobody has registered since.
    const rung = await sip.ring();
    await pause(1_500);
    const answered = (await sip.calls()).filter(({ call, state }) => call === rung && state === 'answered');
    const strays = await strayTo(VOICE);
    return {
      ...{ registered, registeredAfter: await sip.bindings(), calls, answeredAfter: answered.length },
      ...{ phone: await ends.take('phone'), box: await ends.take('box'), neighbor: await ends.take('neighbor') },
      strays,
    };
  } finally {
    await sip.close();
    await ends.close();
    await second.close();
  }
}

/** The first site goes, then the second one while the first is away, and each comes home by itself. */
async function cutInTurn(stage: FailoverStage): Promise<void> {
  const neighbor = lineOfNeighbor('main');
  await stage.untilOn('main', 60_000);
  await begin(stage, 'silent');
  await pause(WATCH_MS);
  await neighbor.cut();
  await pause(WATCH_MS);
  await end(stage, 'silent');
  await stage.untilOn('main', 60_000);
  await pause(500);
  await neighbor.heal();
  await pause(WATCH_MS);
}

const ENDS = {
  phone: { namespace: 'phones', address: '192.168.10.10', port: '16500', far: '16500' },
  /** A port of the box's fax lines. */
  box: { namespace: 'gw', address: '0.0.0.0', port: '19000', far: '16502' },
  neighbor: { namespace: NEIGHBOR.phones, address: NEIGHBOR.phone, port: '16500', far: '16504' },
} as const;

async function openEnds() {
  const file = fileURLToPath(new URL('../overlay-end.js', import.meta.url));
  const isReady = (word: unknown): boolean => word === 'ready';
  const start = (namespace: string, core: number, words: readonly string[]) =>
    startHelper({ namespace, core, greedy: false }, [file, ...words], isReady);
  const opened = new Map<string, { readonly far: Helper; readonly near: Helper }>();
  for (const [name, { namespace, address, port, far }] of Object.entries(ENDS)) {
    const ear = await start('core', 1, [SERVER, far]);
    opened.set(name, { far: ear, near: await start(namespace, 0, [address, port, SERVER, far]) });
  }
  return {
    /** The connection as its beginner saw it, the fax as it arrived. */
    async take(name: keyof typeof ENDS) {
      const pair = opened.get(name);
      const near = await pair?.near.ask<Endured>('take', 'endured');
      const far = await pair?.far.ask<Endured>('take', 'endured');
      return { ...near, accepted: far?.connections, images: far?.images, imagesLost: far?.imagesLost };
    },
    async close() {
      for (const { near, far } of opened.values()) await Promise.all([near.end(), far.end()]);
    },
  };
}

type Helper = Awaited<ReturnType<typeof startHelper>>;

/**
 * A box of the second site that obeys nobody sends into its own tunnel to the first site's voice address. What the
 * concentrator refused, and what arrived by the first site's tunnels from there.
 */
async function strayTo(voice: string) {
  const ear = 'iifname { "ov1", "ov2" } ip saddr != 203.0.113.0/24 ip saddr != 100.64.0.15 counter name strays';
  const chain = `chain hear { type filter hook prerouting priority -400; policy accept;\n${ear}\n}`;
  await runIn('gw', ['nft', '-f', '-'], `table ip strays {\ncounter strays { }\n${chain}\n}\n`);
  const before = await refused();
  // SO_MARK (36 of SOL_SOCKET): the number of the first tunnel, whose table leads into it.
  const to = `UDP4-SENDTO:${voice}:16384,setsockopt-int=1:36:265`;
  for (let count = 0; count < 5; count += 1) await runIn(NEIGHBOR.box, ['socat', '-', to], 'stray');
  await pause(300);
  const listed = await runIn('gw', ['nft', 'list', 'counter', 'ip', 'strays', 'strays']);
  return { sent: 5, refused: (await refused()) - before, arrived: Number(/packets (\d+)/.exec(listed)?.[1] ?? -1) };
}

async function refused(): Promise<number> {
  const listed = await runIn('hub', ['nft', 'list', 'counters', 'table', 'inet', 'relais-concentrator']);
  return Number(/counter unreachable \{\s*packets (\d+)/.exec(listed)?.[1] ?? -1);
}
