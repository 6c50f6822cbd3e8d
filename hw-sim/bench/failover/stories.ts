import { setTimeout as pause } from 'node:timers/promises';
import { browned, JUDGED } from './browned.ts';
import { bothDown, cutAgain, flap, type Trouble, takeovers } from './cuts.ts';
import { neighbors } from './neighbors.ts';
import { renewals } from './renewal.ts';
import { LOADS, saturated } from './saturated.ts';
import { type FailoverStage, openFailoverStage, type Way } from './stage.ts';
import { planned, steady } from './steady.ts';
import { NAIVE_WATCH_MS, WAYS } from './ways.ts';

/** What one run of the bench is to tell; `count` is what was written behind the name of the story. */
export type Wish = {
  readonly count: number;
  readonly overlay: Way['overlay'];
  readonly ipv6: boolean;
  readonly hogs: number;
  /** Share of packets that the main line loses all the time. */
  readonly loss: number;
};

/** Stories beside the cuts, each alone: what its number is, and how it is told. */
export const STORIES: Readonly<Record<string, (wish: Wish) => Promise<unknown>>> = {
  /** Seconds in which nothing befalls the lines but the loss that is ordered. */
  steady: ({ count, overlay, ipv6, hogs, loss }) =>
    withStage({ ...WAYS.beaten, overlay, ipv6 }, (stage) => steady(stage, { seconds: count, hogs, loss })),
  /** Planned moves. */
  switches: ({ count, overlay, ipv6 }) =>
    withStage({ ...WAYS.beaten, overlay, ipv6 }, (stage) => planned(stage, count)),
  /** Seconds in which the main line goes and comes. */
  flap: ({ count, overlay }) => withStage({ ...WAYS.damped, overlay }, (stage) => flap(stage, count)),
  /** Times that both lines go. */
  both: ({ count, overlay }) => withStage({ ...WAYS.beaten, overlay }, (stage) => bothAgain(stage, count)),
  /** Times that the main line becomes useless for calls, in each of two ways; for the agent's own judgment, without beats. */
  browned: ({ count }) => withStage(JUDGED, (stage) => browned(stage, count)),
  /** New addresses of the main line. */
  renewals: ({ count, overlay }) => withStage({ ...WAYS.beaten, overlay }, (stage) => renewals(stage, count)),
  /** Times that another concentrator takes over (level b or c). */
  takeovers: ({ count, overlay = 'never' }) =>
    withStage({ ...WAYS.beaten, overlay }, (stage) => takeovers(stage, count)),
  /** Two sites at one concentrator (level b or c). */
  sites: ({ overlay = 'never' }) => {
    const way = { ...WAYS.beaten, overlay };
    return withStage(way, (stage) => neighbors(stage, way));
  },
  /** Cuts while data wants all of the second line; it had it before, or comes there with the call. */
  saturated: async ({ count, overlay }) => ({
    alreadyThere: await withStage({ ...WAYS.beaten, overlay, dataOnSecond: true }, async (stage) => {
      const rows = [];
      for (const load of LOADS) rows.push(say(load, await saturated(stage, load, count)));
      return rows;
    }),
    comesAlong: await withStage({ ...WAYS.beaten, overlay }, (stage) => saturated(stage, 'udp-up', count)),
    naive: await withStage({ ...WAYS.naive, dataOnSecond: true }, (stage) =>
      saturated(stage, 'tcp', Math.ceil(count / 5), NAIVE_WATCH_MS),
    ),
  }),
};

async function bothAgain(stage: FailoverStage, count: number) {
  const rows = [];
  for (let times = 0; times < count; times += 1)
    for (const first of ['second', 'main'] as const) rows.push(say(`${first} first`, await bothDown(stage, first)));
  return rows;
}

/** Some of the troubles, on a stage of its own. */
export const theseTroubles = (way: Way, kinds: readonly Trouble[], cuts: number) =>
  withStage(way, async (stage) => {
    const rows = [];
    for (const trouble of kinds) rows.push(say(trouble, await cutAgain(stage, trouble, cuts)));
    return rows;
  });

export async function withStage<T>(way: Way, story: (stage: FailoverStage) => Promise<T>): Promise<T> {
  const stage = await openFailoverStage(way);
  await pause(2_000);
  try {
    return say(way.name, await story(stage));
  } finally {
    await stage.close();
  }
}

export function say<T>(what: string, found: T): T {
  process.stderr.write(`${what}: ${JSON.stringify(found)}\n`);
  return found;
}
