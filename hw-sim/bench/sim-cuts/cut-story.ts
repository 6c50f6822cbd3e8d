import { OPERATIONS_A_DAY } from '../../../agent/machines/swap/wear.ts';
import { cardOf, servedBy } from '../../devices/at-modem-state.ts';
import type { Cut } from './power.ts';
import type { PreparedEuicc } from './prepared-euicc.ts';
import { createSite, type Site, type Story } from './site.ts';

export type Fate = {
  /** Things said to the modem or written down, from the order on. */
  readonly points: number;
  readonly inUse: string | undefined;
  readonly outcome: string | undefined;
  /** What was wrong; nothing where all is well. */
  readonly wrong: readonly string[];
  /** Milliseconds of simulated time. */
  readonly took: number;
  /** Milliseconds of CPU, the simulator's share included, from the order to its end. */
  readonly cost: number;
  /** Milliseconds of the wall clock for the same: what the machine did meanwhile is in it. */
  readonly wall: number;
};

const ALL_WHO = ['box', 'modem', 'both'] as const;
const ALL_WHEN = ['before', 'after'] as const;

/** Every cut of a story of so many points. */
export const cutsOf = (points: number): readonly Cut[] =>
  Array.from({ length: points }, (_, index) => index + 1).flatMap((at) =>
    ALL_WHO.flatMap((who) => ALL_WHEN.map((when) => ({ at, who, when }))),
  );

/** Plays a story to its end, with its power cut there; and the start after it cut again, where `again` says so. */
export async function playStory(story: Story, prepared: PreparedEuicc, ...cuts: readonly Cut[]): Promise<Fate> {
  const site = createSite(story, prepared);
  await site.untilQuiet();
  const began = site.clock.mono();
  site.power.cutAt(cuts[0]);
  const started = process.cpuUsage();
  const startedAt = performance.now();
  site.order();
  let isOver = (await site.untilQuiet()) !== undefined;
  const { user, system } = process.cpuUsage(started);
  const cost = (user + system) / 1_000;
  const wall = performance.now() - startedAt;
  const points = site.power.count();
  for (const next of [...cuts.slice(1), undefined]) {
    if (cuts.length === 0) break;
    site.power.cutAt(next);
    // Whoever lost power: at last the box is switched off and on, as a field engineer would do.
    site.reboot();
    isOver = (await site.untilQuiet()) !== undefined && isOver;
  }
  const took = site.clock.mono() - began;
  return { points, ...judge(site, story, isOver), took, cost, wall };
}

function judge(site: Site, story: Story, isOver: boolean): Pick<Fate, 'wrong' | 'inUse' | 'outcome'> {
  const state = site.modem.state();
  const card = cardOf(state);
  const { stat, network } = servedBy(state);
  const enabled = site.card.state().kept.euicc?.profiles.filter(({ isEnabled }) => isEnabled).length;
  const isLost = story.order.reason === 'theft' && site.state().books.barred.includes(card?.iccid ?? '');
  const ended = site.records.findLast((report) => report.kind === 'sim-swapped' && report.stage === 'ended');
  const works = stat === 1 && network?.isClogged !== true;
  const checks: readonly (readonly [boolean, string])[] = [
    [isOver, 'it does not end'],
    [site.state().at === 'resting', 'the engine does not rest'],
    [story.euicc === undefined || enabled === 1, `${enabled} profiles are enabled`],
    [card !== undefined, 'no card can be read'],
    [isLost ? state.left : works, isLost ? 'a lost card is on the network' : 'the card in use has no service'],
    [site.state().books.wear.spent <= OPERATIONS_A_DAY, 'more operations than a day allows'],
    [isBegunFirst(site), 'a card was changed that no record announced'],
  ];
  return {
    inUse: card?.iccid,
    outcome: ended?.kind === 'sim-swapped' ? (ended.outcome ?? undefined) : undefined,
    wrong: checks.flatMap(([isRight, says]) => (isRight ? [] : [says])),
  };
}

/** U-1: the intent is in the record before the card is changed. */
const isBegunFirst = ({ state, records }: Site): boolean =>
  state().books.wear.spent === 0 || records.some((report) => report.kind === 'sim-swapped' && report.stage === 'begun');
