import { setTimeout as pause } from 'node:timers/promises';
import { runIn } from '../../kernel/namespaces.ts';
import { quantiles } from './heard.ts';
import type { FailoverStage } from './stage.ts';

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

/** Both lines go, the second one comes back first: how long until the operator hears voice again (ms). */
export async function bothDown(
  stage: FailoverStage,
): Promise<{ readonly onSecondMs: number; readonly homeMs: number }> {
  const { main, second } = stage.site.lines;
  await Promise.all([main.ask({ do: 'cut' }), second.ask({ do: 'cut' })]);
  await pause(5_000);
  await second.ask({ do: 'heal' });
  const onSecondMs = Math.round(await stage.untilOn('second', 20_000));
  await main.ask({ do: 'heal' });
  const homeMs = Math.round(await stage.untilOn('main', 60_000));
  return { onSecondMs, homeMs };
}

/** The main line goes and comes every three seconds: how often voice moves, and what is lost of it. */
export async function flap(stage: FailoverStage, seconds: number) {
  await stage.untilOn('main', 120_000);
  const from = stage.log.all().length;
  await stage.mark();
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    await stage.site.lines.main.ask({ do: 'cut' });
    await pause(3_000);
    await stage.site.lines.main.ask({ do: 'heal' });
    await pause(3_000);
  }
  const { up, down } = await stage.take();
  const moves = stage.log
    .all()
    .slice(from)
    .filter(({ machine, do: done }) => machine === 'failover' && Array.isArray(done) && done.length > 0);
  return { seconds, moves: moves.length, lost: up.lost + down.lost, packets: up.packets + down.packets };
}
