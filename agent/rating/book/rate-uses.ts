import type { Limit, Rule } from '../../model/rule.ts';
import type { Usage } from '../../model/usage.ts';
import { costOf } from '../deck/call-price.ts';
import { never } from '../never.ts';
import { type Shared, shareAllowances } from './allowances.ts';
import { breachesOf } from './breaches.ts';
import { changesOf } from './changes.ts';
import { holdingAt, type Missing, type Prepared } from './context.ts';
import type { Demand, Outcome } from './demand.ts';
import { type Placed, place } from './place.ts';
import { poolOf } from './pools.ts';
import { sweepRulesOf } from './rules.ts';
import { sweep } from './sweep.ts';
import type { RatedUse } from './words.ts';

export type Unratable = { readonly use: Usage; readonly missing: Missing['missing'] };

export type Rated = {
  /** In the order of instants, then ids. */
  readonly uses: readonly RatedUse[];
  /** What cannot be rated yet, and what is lacking for it. Nothing is lost: it is rated once that is there. */
  readonly unratable: readonly Unratable[];
  /** Ticks spent of the limit since the last new month, and the instant at which something first did not fit. */
  readonly spent: number;
  readonly limitedAt: number | undefined;
};

/**
 * Every charge of one account, from all its uses in the order of `settle` (R-1 to R-8, C-1, X-5). The same uses always
 * give the same charges, to the tick, wherever this runs.
 *
 * @throws RangeError when an amount leaves the safe integers.
 */
export function rateUses(uses: readonly Usage[], prepared: Prepared): Rated {
  const unratable: Unratable[] = [];
  const placed: Placed[] = [];
  for (const use of uses) {
    const holding = holdingAt(prepared, use.line, use.at);
    if ('missing' in holding) unratable.push({ use, missing: holding.missing });
    else placed.push(place(use, holding));
  }
  const breached = breachesOf(placed);
  const shared = shareAllowances(placed, prepared, breached);
  const demands = placed.flatMap((one) => demandOf(one, breached, shared));
  const firstAt = placed[0]?.use.at ?? 0;
  const lastAt = placed.reduce((last, one) => Math.max(last, endOf(one)), firstAt);
  const regime = placed.at(-1)?.holding.regime;
  const rules = regime === undefined ? { hard: false, sticky: false } : sweepRulesOf(regime);
  const swept = sweep(demands, changesOf(firstAt, lastAt, prepared), rules);
  const rated = placed.map((one) => ratedOf(one, swept.outcomes.get(one.use.id), shared.get(one.use.id), breached));
  return { uses: rated, unratable, spent: swept.spent, limitedAt: swept.limitedAt };
}

const endOf = ({ use, treatment }: Placed): number =>
  use.at + (treatment.is === 'call' ? treatment.seconds * 1_000 : 0);

/** What a use asks of bundle and cap; nothing when it costs nothing. */
function demandOf(
  { use, treatment, holding }: Placed,
  breached: ReadonlyMap<string, number>,
  shared: ReadonlyMap<string, Shared>,
): readonly Demand[] {
  const { id, at } = use;
  switch (treatment.is) {
    case 'nothing':
      return [];
    case 'call': {
      const { within, price } = treatment;
      const billed = breached.get(id);
      if ((within === 'unlimited' || within === 'limited') && billed === undefined) return [];
      const cost = (paid: number): number => costOf(paid, price);
      const pool = within === 'bundle' ? poolOf(holding.plan, holding.line) : undefined;
      return [{ is: 'stream', id, at, seconds: served(billed ?? treatment.seconds, treatment), pool, cost }];
    }
    case 'units':
    case 'data': {
      const part = shared.get(id);
      if (part === undefined || part.payable === 0) return [];
      return [{ is: 'lump', id, at, units: part.payable, cost: part.cost }];
    }
    default:
      return never(treatment);
  }
}

function ratedOf(
  { use, destination, treatment, holding }: Placed,
  outcome: Outcome | undefined,
  shared: Shared | undefined,
  breached: ReadonlyMap<string, number>,
): RatedUse {
  const { regime, deck, numbering, plan } = holding;
  const named = treatment.is === 'nothing' ? undefined : treatment.named;
  return {
    use,
    destination,
    rule: ruleOf(treatment, outcome, breached.has(use.id)),
    plan: plan.id,
    price: named,
    regime: `${regime.id}@${regime.version}`,
    deck: `${deck.id}@${deck.version}`,
    numbering: numbering.id,
    ...amountsOf(treatment, outcome, shared, breached.get(use.id)),
  };
}

function ruleOf(treatment: Placed['treatment'], outcome: Outcome | undefined, breach: boolean): Rule {
  if (treatment.is === 'nothing') return treatment.rule;
  if (breach) return 'unlimited-breach';
  if (treatment.is === 'call') {
    if (treatment.within === 'unlimited' || treatment.within === 'limited') return 'unlimited';
    return treatment.within === 'bundle' && outcome?.bundleSeconds === 0 ? 'metered' : treatment.rule;
  }
  return outcome === undefined ? 'allowance' : treatment.rule;
}

type Amounts = Pick<RatedUse, 'quantity' | 'included' | 'paid' | 'waived' | 'limit' | 'ticks'>;

function amountsOf(
  treatment: Placed['treatment'],
  outcome: Outcome | undefined,
  shared: Shared | undefined,
  breached: number | undefined,
): Amounts {
  const ticks = outcome?.ticks ?? 0;
  const paid = outcome?.paid ?? 0;
  if (treatment.is === 'nothing') return { quantity: 0, included: 0, paid: 0, waived: 0, limit: undefined, ticks: 0 };
  if (treatment.is === 'call') {
    const { within } = treatment;
    const seconds = served(treatment.seconds, treatment);
    const unlimited = within === 'unlimited' || within === 'limited';
    const asked = served(breached ?? (unlimited ? 0 : seconds), treatment);
    const included = unlimited ? Math.max(0, seconds - asked) : (outcome?.bundleSeconds ?? 0);
    const refused = asked - paid - (outcome?.bundleSeconds ?? 0);
    const beyond = treatment.seconds - seconds;
    const limit = limitOf(refused, undefined) ?? limitOf(beyond, 'long-service');
    return { quantity: treatment.seconds, included, paid, waived: refused + beyond, limit, ticks };
  }
  const quantity = treatment.is === 'data' ? treatment.bytes : treatment.units;
  const refused = (shared?.payable ?? 0) - paid;
  const waived = refused + (shared?.waived ?? 0);
  return { quantity, included: shared?.included ?? 0, paid, waived, limit: limitOf(waived, shared?.limit), ticks };
}

/** what a record says beyond the longest time of a service was never the service's. */
const served = (seconds: number, { longest }: Extract<Placed['treatment'], { is: 'call' }>): number =>
  Math.min(seconds, longest ?? seconds);

const limitOf = (waived: number, other: Limit | undefined): Limit | undefined =>
  waived === 0 ? undefined : (other ?? 'cap');
