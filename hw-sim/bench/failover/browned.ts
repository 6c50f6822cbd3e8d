import { setTimeout as pause } from 'node:timers/promises';
import { quantiles } from './heard.ts';
import type { FailoverStage, Way } from './stage.ts';

/** Nobody beats, and rows of lost probes are not counted: whatever moves voice here, it is that calls are unusable. */
export const JUDGED: Way = {
  name: 'judged',
  failover: {
    ...{ holdOffMs: 1_000, holdOffMaxMs: 1_000, lossesToLeave: 100 },
    ...{ activeIntervalMs: 100, idleIntervalMs: 100, patienceMs: 300 },
  },
};

/** What the main line becomes, and what it is again afterwards. */
const BROWNED = {
  loss: [{ loss: 0.3 }, { loss: 0 }],
  delay: [{ delayMs: 300 }, { delayMs: 12 }],
} as const;
const PATIENCE_MS = 15_000;
const LISTEN_MS = 1_500;

/**
 * The main line is up, and no call can be understood on it (F-3). How long until the operator hears voice by the second one
 * (ms), and what was lost both ways together while voice was there and the main line was as bad as before.
 */
export async function browned(stage: FailoverStage, runs: number) {
  const rows = [];
  for (const trouble of ['loss', 'delay'] as const) {
    const [worse, well] = BROWNED[trouble];
    const moved: number[] = [];
    const after = { packets: 0, lost: 0, onMain: 0 };
    for (let count = 0; count < runs; count += 1) {
      await stage.untilOn('main', 60_000);
      await pause(2_000 + ((count * 37) % 100));
      await stage.site.lines.main.ask({ do: 'rules', ...worse });
      moved.push(Math.round(await stage.untilOn('second', PATIENCE_MS)));
      // What was still on the bad line.
      await pause(700);
      await stage.mark();
      const before = await stage.heardOn('main');
      await pause(LISTEN_MS);
      const { up, down } = await stage.take();
      after.onMain += (await stage.heardOn('main')) - before;
      after.packets += up.packets + down.packets;
      after.lost += up.lost + down.lost;
      await stage.site.lines.main.ask({ do: 'rules', ...well });
    }
    rows.push({ trouble, runs, movedMs: quantiles(moved), after });
  }
  const judged = stage.log
    .all()
    .filter(({ machine, do: done }) => machine === 'brown-out' && JSON.stringify(done ?? '').includes('tell-browned'));
  return { rows, judged: judged.length };
}
