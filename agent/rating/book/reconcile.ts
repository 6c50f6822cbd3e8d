import type { Regime } from '../../model/regime.ts';
import type { Usage, UsageOf } from '../../model/usage.ts';
import { classify } from '../numbering/classify.ts';
import { type Prepared, regimeOn, tableOn } from './context.ts';
import { type Pair, type Pairing, pairsOf } from './pairs.ts';
import { NO_VERDICTS, type Verdicts, winnerOf } from './verdicts.ts';

type Call = UsageOf<'call'>;
export type CallRules = Regime['records']['hostRecords']['value'];

/** One call of which both the site and the host operator kept a record. The use has the site's id, whoever wins. */
export type TwiceSeen = {
  readonly site: Call;
  readonly host: Call;
  /** Whose start and seconds are charged; `nobody` when somebody has looked and waived it; undefined while it is held. */
  readonly wins: 'site' | 'host' | 'nobody' | undefined;
  /** Host less site: of the starts in milliseconds, of the seconds of talk. */
  readonly startMillis: number;
  readonly seconds: number;
  /** Further apart than two clocks may be: somebody should look. */
  readonly differs: boolean;
};

export type Reconciled = {
  readonly uses: readonly Usage[];
  readonly twice: readonly TwiceSeen[];
  /** Calls of a host operator that the site should have seen and has not, and that wait for somebody to look (ids). */
  readonly held: readonly string[];
  /** Those of them that somebody has looked at and waived (ids). */
  readonly waived: readonly string[];
};

const SECOND = 1_000;
/** Two records that differ by more seconds of talk than this are all alike in how much they differ. */
const FARTHEST = 999;

/**
 * Hard case "site and host disagree by 3 s": makes one use of what a site and a host operator recorded of one call (same
 * line, direction and number; start and talk within the tolerances of the regime, the closest pairs first of all, one to
 * one), so that no call is charged twice (U-7). The loser is kept in `twice` and never charged. What is left is compared
 * again with the wider tolerance `disputeSeconds` and whatever length: such a pair differs, and is charged once or held.
 * Calls abroad, and lines of which no site has ever kept a record, have one witness only. A function of the set of uses:
 * neither their order nor the time at which they came makes a difference. What is held follows the `verdicts`; on
 * what is not held they say nothing.
 */
export function reconcile(
  uses: readonly Usage[],
  isHosts: (use: Usage) => boolean,
  prepared: Prepared,
  verdicts: Verdicts = NO_VERDICTS,
): Reconciled {
  const lines = new Set(uses.flatMap((use) => (use.kind === 'call' && !isHosts(use) ? [use.line] : [])));
  const doubtful = uses.filter((use) => isHosts(use) && isSeenAtHome(use, lines));
  if (doubtful.length === 0) return { uses, twice: [], held: [], waived: [] };
  const twice: TwiceSeen[] = [];
  const held: string[] = [];
  const waived: string[] = [];
  for (const { site, host } of byCorrespondent(uses, doubtful, isHosts, prepared)) {
    const found = compare(site, host, prepared, verdicts);
    twice.push(...found.twice);
    held.push(...found.held);
    waived.push(...found.waived);
  }
  const counting = standing(uses, twice, [...held, ...waived]);
  return { uses: counting, twice: twice.toSorted(bySite), held: held.toSorted(), waived: waived.toSorted() };
}

const isSeenAtHome = (use: Usage, lines: ReadonlySet<string>): use is Call =>
  use.kind === 'call' && use.visited === undefined && lines.has(use.line);

type Both = { readonly site: Call[]; readonly host: Call[] };

/** Calls of one line with one number in one direction, where a host operator has told of any. */
function byCorrespondent(
  uses: readonly Usage[],
  doubtful: readonly Usage[],
  isHosts: (use: Usage) => boolean,
  prepared: Prepared,
): readonly Both[] {
  const lines = new Set(doubtful.map(({ line }) => line));
  const groups = new Map<string, Both>();
  for (const use of uses) {
    if (!isSeenAtHome(use, lines)) continue;
    const numbering = tableOn(prepared, use.at);
    const number = numbering === undefined ? use.party : classify(use.party, numbering).number;
    const key = `${use.line} ${use.direction} ${number}`;
    const group = groups.get(key) ?? { site: [], host: [] };
    group[isHosts(use) ? 'host' : 'site'].push(use);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ host }) => host.length > 0);
}

function compare(
  site: readonly Call[],
  host: readonly Call[],
  prepared: Prepared,
  verdicts: Verdicts,
): Omit<Reconciled, 'uses'> {
  const rulesAt = (at: number): CallRules | undefined => regimeOn(prepared, at)?.records.hostRecords.value;
  const all = prepared.regimes.map(({ is }) => is.records.hostRecords.value);
  const same = pairsOf(site, host, ruleOf(rulesAt, all, 'same'));
  const paired = new Set(same.flatMap(({ a, b }) => [a, b]));
  const left = (calls: readonly Call[]): readonly Call[] => calls.filter((call) => !paired.has(call));
  const unlike = pairsOf(left(site), left(host), ruleOf(rulesAt, all, 'disputed'));
  for (const { a, b } of unlike) paired.add(a).add(b);
  const unmatched = left(host)
    .filter(({ at }) => rulesAt(at)?.unmatched === 'hold')
    .map(({ id }) => id);
  return {
    twice: [
      ...same.map((pair) => seen(pair, rulesAt(pair.a.at)?.wins, false)),
      ...unlike.map((pair) => {
        const rules = rulesAt(pair.a.at);
        const wins = rules?.differing === 'hold' ? winnerOf(pair.a.id, pair.b.id, verdicts) : rules?.wins;
        return seen(pair, wins, true);
      }),
    ],
    held: unmatched.filter((id) => !verdicts.has(id)),
    waived: unmatched.filter((id) => verdicts.get(id)?.verdict === 'waive'),
  };
}

/** By the regime in force at the site's start. */
function ruleOf(
  rulesAt: (at: number) => CallRules | undefined,
  all: readonly CallRules[],
  which: 'same' | 'disputed',
): Pairing<Call, Call> {
  const startOf = ({ startSeconds, disputeSeconds }: CallRules): number =>
    (which === 'same' ? startSeconds : disputeSeconds) * SECOND;
  return {
    reach: all.reduce((most, rules) => Math.max(most, startOf(rules)), 0),
    apart: (site, host) => {
      const rules = rulesAt(site.at);
      const start = Math.abs(host.at - site.at);
      const talk = Math.abs((host.seconds ?? 0) - (site.seconds ?? 0));
      const alike = (site.seconds === null) === (host.seconds === null) && talk <= (rules?.durationSeconds ?? 0);
      if (rules === undefined || start > startOf(rules) || (which === 'same' && !alike)) return undefined;
      return start * (FARTHEST + 1) + Math.min(talk, FARTHEST);
    },
  };
}

const seen = ({ a: site, b: host }: Pair<Call, Call>, wins: TwiceSeen['wins'], differs: boolean): TwiceSeen => ({
  site,
  host,
  wins,
  startMillis: host.at - site.at,
  seconds: (host.seconds ?? 0) - (site.seconds ?? 0),
  differs,
});

/** The site's id stays, so that a statement that was issued before the host's file came is only adjusted by what differs. */
function standing(uses: readonly Usage[], twice: readonly TwiceSeen[], held: readonly string[]): readonly Usage[] {
  const gone = new Set([...held, ...twice.map(({ host }) => host.id)]);
  const judged = new Map(twice.map((one) => [one.site.id, one]));
  return uses.flatMap((use) => {
    const pair = judged.get(use.id);
    if (pair === undefined) return gone.has(use.id) ? [] : [use];
    if (pair.wins === undefined || pair.wins === 'nobody') return [];
    return pair.wins === 'site' ? [use] : [{ ...pair.host, id: use.id }];
  });
}

const bySite = (a: TwiceSeen, b: TwiceSeen): number => (a.site.id < b.site.id ? -1 : a.site.id > b.site.id ? 1 : 0);
