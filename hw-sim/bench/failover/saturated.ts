import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type HelperProcess, startHelper } from '../sip/helper-process.ts';
import { begin, end } from './cuts.ts';
import { quantiles } from './heard.ts';
import { openSipCall } from './sip-call.ts';
import { type FailoverStage, LINES } from './stage.ts';

/** Connections both ways, or datagrams upwards that never yield: what a provider's own queue does to voice, no box can mend. */
export const LOADS = ['tcp', 'udp-up'] as const;
type Load = (typeof LOADS)[number];

/** The Internet, and somebody of the office. */
const ENDS = { sink: '203.0.113.30', office: '192.168.20.10' } as const;
const FLOOD = 1.4;
/** What came in the first rush stands in the provider's queue until it has drained. */
const SETTLE_MS = { tcp: 8_000, 'udp-up': 2_500 } as const;
/** Longer than the five seconds that are judged, and the silence before them. */
const WATCH_MS = 5_600;

/** The main line is cut while data wants all of the second one: the gap, what was lost, and how the call was after it. */
export async function saturated(stage: FailoverStage, load: Load, cuts: number, more = 0) {
  const ends = await openEnds();
  // Data leaves room for the calls that the agent knows of.
  const call = await openSipCall(stage.site);
  const found = [];
  try {
    for (let count = 0; count < cuts; count += 1) found.push(await cutOnce(stage, ends, load, more));
  } finally {
    await call.close();
    for (const one of ends) await one.end();
  }
  return {
    ...{ load, cuts },
    gapMs: quantiles(found.map(({ gapMs }) => gapMs)),
    lost: quantiles(found.map(({ lost }) => lost)),
    lostOnReturn: found.reduce((sum, { lostOnReturn }) => sum + lostOnReturn, 0),
    /** Of the worse direction, in the five seconds after the gap; then each of them, up and down. */
    worstRating: Math.min(...found.flatMap(({ ratings }) => ratings)),
    upAndDown: found.map(({ ratings, delaysMs }) => ({ ratings, delaysMs })),
    dataKbps: quantiles(found.map(({ dataKbps }) => dataKbps)),
  };
}

async function openEnds(): Promise<readonly [HelperProcess, HelperProcess]> {
  const file = fileURLToPath(new URL('../qos-load.js', import.meta.url));
  const isReady = (word: unknown): boolean => word === 'ready';
  const sink = await startHelper({ namespace: 'core', core: 1, greedy: false }, [file, ENDS.sink], isReady);
  const words = [file, ENDS.office, ENDS.sink];
  const office = await startHelper({ namespace: 'office', core: 0, greedy: false }, words, isReady);
  return [sink, office];
}

async function cutOnce(
  stage: FailoverStage,
  [sink, office]: readonly [HelperProcess, HelperProcess],
  load: Load,
  more: number,
) {
  await stage.untilOn('main', 60_000);
  await office.ask({ load, kbps: LINES.second.upKbps * FLOOD }, 'begun');
  await pause(SETTLE_MS[load]);
  await stage.mark();
  await sink.ask('mark', 'marked');
  await begin(stage, 'silent');
  await pause(WATCH_MS + more);
  const { up, down } = await stage.take();
  const bytes = await sink.ask<number>('take', 'bytes');
  await office.ask({ load: 'none', kbps: 0 }, 'begun');
  await stage.mark();
  await end(stage, 'silent');
  await stage.untilOn('main', 60_000);
  await pause(300);
  const back = await stage.take();
  return {
    gapMs: Math.max(up.gapMs, down.gapMs),
    lost: up.lost + down.lost,
    lostOnReturn: back.up.lost + back.down.lost,
    ratings: [up.after.rating, down.after.rating],
    delaysMs: [up.after.p99, down.after.p99],
    dataKbps: Math.round((bytes * 8) / (WATCH_MS + more)),
  };
}
