import { hours, type Millis, millis, minutes, seconds } from '../../agent/model/units.ts';
import type { CallPlan } from './call-plan.ts';
import type { SimRandom } from './sim-random.ts';

/** One thing that happens to the site, `at` so long after midnight. Plain data. */
export type DayItem = { readonly at: Millis } & (
  | { readonly what: 'call'; readonly call: CallPlan }
  | { readonly what: 'link-cut' | 'link-mended'; readonly link: string }
  | {
      readonly what:
        | 'broker-cut'
        | 'broker-mended'
        | 'central-stopped'
        | 'central-started'
        | 'power-cut'
        | 'power-back'
        | 'agent-killed'
        | 'agent-restarted';
    }
);

/** Begins and ends of one kind of trouble: how often a day, and how long it lasts. */
type Trouble = {
  readonly times: number;
  readonly first: 'morning' | 'afternoon';
  readonly least: Millis;
  readonly most: Millis;
  readonly begin: (at: Millis) => DayItem;
  readonly end: (at: Millis) => DayItem;
};

type Links = { readonly mainLink: string; readonly secondLink: string };

/**
 * Morning and afternoon take turns, and each is cut in parts, so that two troubles of a kind never overlap, nor a power
 * cut with a killed agent; otherwise they do as they like. Both links are out together for a short while at noon.
 */
export function incidentsOfDay(random: SimRandom, links: Links): readonly DayItem[] {
  const single = troubles(links).flatMap((trouble, index) => spread(random.fork(`trouble/${index}`), trouble));
  return [...single, ...blackout(random.fork('both'), links)];
}

function troubles({ mainLink, secondLink }: Links): readonly Trouble[] {
  const cut = (link: string) => (at: Millis) => ({ at, what: 'link-cut', link }) as const;
  const mended = (link: string) => (at: Millis) => ({ at, what: 'link-mended', link }) as const;
  return [
    { times: 3, first: 'morning', least: seconds(8), most: minutes(12), begin: cut(mainLink), end: mended(mainLink) },
    {
      times: 2,
      first: 'afternoon',
      least: seconds(8),
      most: minutes(5),
      begin: cut(secondLink),
      end: mended(secondLink),
    },
    {
      times: 2,
      first: 'morning',
      least: seconds(20),
      most: minutes(20),
      begin: (at) => ({ at, what: 'broker-cut' }),
      end: (at) => ({ at, what: 'broker-mended' }),
    },
    {
      times: 2,
      first: 'afternoon',
      least: seconds(3),
      most: seconds(40),
      begin: (at) => ({ at, what: 'central-stopped' }),
      end: (at) => ({ at, what: 'central-started' }),
    },
    {
      times: 1,
      first: 'morning',
      least: seconds(40),
      most: minutes(4),
      begin: (at) => ({ at, what: 'power-cut' }),
      end: (at) => ({ at, what: 'power-back' }),
    },
    {
      times: 1,
      first: 'afternoon',
      least: seconds(2),
      most: seconds(5),
      begin: (at) => ({ at, what: 'agent-killed' }),
      end: (at) => ({ at, what: 'agent-restarted' }),
    },
  ];
}

/** Noon between them belongs to the blackout of both links. */
const MORNING = { from: hours(8), until: hours(12) };
const AFTERNOON = { from: hours(13.5), until: hours(18) };

function spread(random: SimRandom, trouble: Trouble): readonly DayItem[] {
  return Array.from({ length: trouble.times }, (_, index) => {
    const half = (index + (trouble.first === 'morning' ? 0 : 1)) % 2 === 0 ? MORNING : AFTERNOON;
    const part = (half.until - half.from) / Math.ceil(trouble.times / 2);
    const earliest = half.from + Math.floor(index / 2) * part;
    const lasts = random.between(trouble.least, trouble.most);
    const begins = Math.round(earliest + random.fraction() * (part - lasts));
    return [trouble.begin(millis(begins)), trouble.end(millis(begins + lasts))];
  }).flat();
}

function blackout(random: SimRandom, { mainLink, secondLink }: Links): readonly DayItem[] {
  const begins = random.between(hours(12.25), hours(13));
  const ends = millis(begins + random.between(seconds(5), seconds(25)));
  return [mainLink, secondLink].flatMap((link): readonly DayItem[] => [
    { at: begins, what: 'link-cut', link },
    { at: ends, what: 'link-mended', link },
  ]);
}
