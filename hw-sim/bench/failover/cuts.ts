import { setTimeout as pause } from 'node:timers/promises';
import { runIn } from '../../kernel/namespaces.ts';
import { quantiles } from './heard.ts';
import { replaceHub } from './hub.ts';
import { type FailoverStage, VOICE_PORTS } from './stage.ts';

/** What befalls the main line. */
export const TROUBLES = ['silent', 'up', 'down', 'carrier', 'loss'] as const;
export type Trouble = (typeof TROUBLES)[number];

export type CutRow = {
  readonly trouble: Trouble;
  readonly cuts: number;
  /** The longer silence of both directions (ms), and lost packets of both together, at 50 a second each. */
  readonly gapMs: ReturnType<typeof quantiles>;
  readonly lost: ReturnType<typeof quantiles>;
  /** Lost on the planned way home, all of them together. */
  readonly lostOnReturn: number;
  /** Numbers that an ear heard twice, all of them together. */
  readonly doubled: number;
};

const LOSS = 0.3;
/** Longer than any of the ways needs but one that asks three times a second apart. */
const WATCH_MS = { usual: 1_200, loss: 4_000 } as const;

export async function cutAgain(
  stage: FailoverStage,
  trouble: Trouble,
  cuts: number,
  watchMs?: number,
): Promise<CutRow> {
  const gaps: number[] = [];
  const losses: number[] = [];
  let lostOnReturn = 0;
  let doubled = 0;
  for (let count = 0; count < cuts; count += 1) {
    // Each cut at another place between two heartbeats.
    await pause(300 + ((count * 37) % 100));
    // On a busy machine a late beat moves voice, and loses nothing: that is no cut to be measured.
    await stage.untilOn('main', 60_000);
    await stage.mark();
    await begin(stage, trouble);
    await pause(watchMs ?? (trouble === 'loss' ? WATCH_MS.loss : WATCH_MS.usual));
    const { up, down } = await stage.take();
    gaps.push(Math.max(up.gapMs, down.gapMs));
    losses.push(up.lost + down.lost);
    await stage.mark();
    await end(stage, trouble);
    await stage.untilOn('main', 60_000);
    await pause(300);
    const back = await stage.take();
    lostOnReturn += back.up.lost + back.down.lost;
    doubled += [up, down, back.up, back.down].reduce((sum, one) => sum + one.doubled, 0);
  }
  return { trouble, cuts, gapMs: quantiles(gaps), lost: quantiles(losses), lostOnReturn, doubled };
}

export async function begin({ site }: FailoverStage, trouble: Trouble): Promise<void> {
  const { main } = site.lines;
  if (trouble === 'carrier') {
    // Nothing may arrive at a device without carrier: the bridge that holds it would end of it.
    await main.ask({ do: 'cut' });
    await pause(5);
    await runIn('gw', ['ip', 'link', 'set', 'wan1', 'down']);
  } else if (trouble === 'loss') await main.ask({ do: 'rules', loss: LOSS });
  else await main.ask({ do: 'cut', ...(trouble !== 'silent' && { direction: trouble }) });
}

export async function end({ site }: FailoverStage, trouble: Trouble): Promise<void> {
  const { main } = site.lines;
  if (trouble === 'carrier') await runIn('gw', ['ip', 'link', 'set', 'wan1', 'up']);
  if (trouble === 'loss') await main.ask({ do: 'rules', loss: 0 });
  else await main.ask({ do: 'heal' });
}

const TAKEN_OVER_MS = 4_000;

/** A concentrator that knows nothing takes the place of the one that did: the silence, until it has learned where the box is. */
export async function takeovers(stage: FailoverStage, count: number) {
  const gaps: number[] = [];
  const losses: number[] = [];
  const replacedMs: number[] = [];
  for (let times = 0; times < count; times += 1) {
    await stage.untilOn('main', 60_000);
    await pause(1_000);
    await stage.mark();
    const began = performance.now();
    await replaceHub();
    replacedMs.push(Math.round(performance.now() - began));
    await pause(TAKEN_OVER_MS);
    const { up, down } = await stage.take();
    gaps.push(Math.max(up.gapMs, down.gapMs));
    losses.push(up.lost + down.lost);
  }
  return { takeovers: count, replacedMs: quantiles(replacedMs), gapMs: quantiles(gaps), lost: quantiles(losses) };
}

/** Both lines go, and that one comes back first: how long until the operator hears voice again on it, and at home (ms). */
export async function bothDown(stage: FailoverStage, first: 'main' | 'second') {
  await stage.untilOn('main', 60_000);
  const { main, second } = stage.site.lines;
  const [one, other] = first === 'main' ? [main, second] : [second, main];
  await Promise.all([main.ask({ do: 'cut' }), second.ask({ do: 'cut' })]);
  await pause(5_000);
  await one.ask({ do: 'heal' });
  const backMs = Math.round(await stage.untilOn(first, 20_000));
  await pause(1_000);
  await stage.mark();
  await other.ask({ do: 'heal' });
  const homeMs = Math.round(await stage.untilOn('main', 60_000));
  await pause(2_000);
  const { up, down } = await stage.take();
  return { first, backMs, homeMs, lostOnReturn: up.lost + down.lost };
}

/**
 * The main line goes and comes every three seconds: how often voice moves, and what is lost of it. Beside the call the box itself
 * speaks to the operator, as its relay of SIP does; `moves` are counted on both together, so a call that splits would count each packet.
 */
export async function flap(stage: FailoverStage, seconds: number) {
  await stage.untilOn('main', 120_000);
  const signalling = await stage.speakFromBox();
  const moves = await countMoves();
  await stage.mark();
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    await stage.site.lines.main.ask({ do: 'cut' });
    await pause(3_000);
    await stage.site.lines.main.ask({ do: 'heal' });
    await pause(3_000);
  }
  const { up, down } = await stage.take();
  const counted = await moves();
  await signalling.end();
  return { seconds, ...counted, lost: up.lost + down.lost, packets: up.packets + down.packets };
}

/** Where voice leaves the box, of the call and of the box itself: each time that a packet takes another link than the one before it. */
async function countMoves() {
  const ports = VOICE_PORTS.join(', ');
  const rules = (['1', '2'] as const).flatMap((link) => {
    const voice = `oifname { "wan${link}", "ov${link}" } udp dport { ${ports} }`;
    const other = link === '1' ? '2' : '1';
    return [
      `${voice} meta l4proto @on${other} delete @on${other} { meta l4proto } counter name moves`,
      `${voice} add @on${link} { meta l4proto }`,
      ...VOICE_PORTS.map((port) => `oifname { "wan${link}", "ov${link}" } udp dport ${port} counter name seen_${port}`),
    ];
  });
  const sets = ['1', '2'].map((link) => `set on${link} { type inet_proto; flags dynamic; size 4; }`);
  const counters = ['moves', ...VOICE_PORTS.map((port) => `seen_${port}`)].map((name) => `counter ${name} { }`);
  const chain = `chain count { type filter hook postrouting priority -160; policy accept;\n${rules.join('\n')}\n}`;
  const table = `table inet moves {\n${[...sets, ...counters, chain].join('\n')}\n}\n`;
  await runIn('gw', ['nft', '-f', '-'], table);
  return async () => {
    const listed = await runIn('gw', ['nft', 'list', 'counters', 'table', 'inet', 'moves']);
    const found = [...listed.matchAll(/counter (\w+) \{\s*packets (\d+)/g)];
    return Object.fromEntries(found.map(([, name = '', packets]) => [name, Number(packets)]));
  };
}
