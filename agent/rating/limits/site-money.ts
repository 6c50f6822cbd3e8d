import type { Step } from '../../model/limit-action.ts';
import type { Signal } from '../../model/signal.ts';
import { bundleOfLine, type Contract } from '../credit/contract.ts';
import type { SiteAccount } from '../credit/site-account.ts';
import { whole } from '../whole.ts';
import { limitTicks } from './money-levels.ts';
import { holds } from './signals.ts';

/** A step of C-1 or C-2 that holds, with the level at which it came to. */
type Crossing = Pick<Signal, 'at' | 'cause' | 'measured' | 'limit'> & {
  readonly rule: 'C-1' | 'C-2';
  /** Its place among the rule's steps. */
  readonly step: number;
};

type Rule = {
  readonly rule: Crossing['rule'];
  readonly article: string;
  readonly steps: readonly (Step & { readonly lines?: 'bundle' | 'metered' | 'all' })[];
  readonly microEuro: number | undefined;
};

/** What the fold keeps of a site's money. */
export type SiteMoney = {
  /** The steps that hold now, and since when. */
  readonly crossings: readonly Crossing[];
  /** Ticks that the central has lent in the open cycle, in this epoch, less what was given back. */
  readonly lent: number;
  readonly cycle: number;
  /** Cycles that turned in this epoch, the one that it began with not counted. */
  readonly turned: number;
};

export const NO_MONEY: SiteMoney = { crossings: [], lent: 0, cycle: 0, turned: 0 };

/**
 * C-1, C-2 as far as one site knows them: what it charged in the open cycle, against the limit that it was told of. What
 * the central has lent beyond that limit proves a higher one (a deposit, a payment), so a barred site opens as credit
 * comes. The other sites of an account, and payments, are the central's to know; it lends and suspends by them.
 */
export function siteMoney(
  before: SiteMoney,
  account: SiteAccount,
  contract: Contract,
  now: Pick<Crossing, 'at' | 'cause'>,
): SiteMoney {
  const { cycle } = account;
  const measured = account.charged.ticks;
  const lent = account.leases.filter((one) => one.cycle === cycle).reduce((sum, one) => whole(sum + one.ticks), 0);
  const crossings = rulesOf(contract).flatMap(({ rule, steps, microEuro }) => {
    const told = limitTicks(microEuro);
    const limit = told === undefined ? undefined : Math.max(told, lent);
    return steps.flatMap((one, step): readonly Crossing[] => {
      if (limit === undefined || !holds(one, { measured, limit }, 'ticks')) return [];
      const held = before.crossings.find((old) => old.rule === rule && old.step === step);
      return [held ?? { ...now, rule, step, measured, limit }];
    });
  });
  return { crossings, lent, cycle, turned: before.turned + (before.cycle > 0 && cycle > before.cycle ? 1 : 0) };
}

/** What those steps are worth as signals: of the account (C-2), or of each of its lines that they are for (C-1). */
export function moneySignals(crossings: readonly Crossing[], contract: Contract): readonly Signal[] {
  return rulesOf(contract).flatMap(({ rule, article, steps }) =>
    crossings
      .filter((one) => one.rule === rule)
      .flatMap(({ step, at, cause, measured, limit }): readonly Signal[] => {
        const due = steps[step];
        if (due === undefined) return [];
        const common = { rule, article, at, cause, measured, limit, unit: 'ticks', action: due.do } as const;
        if (due.lines === undefined) return [{ ...common, scope: 'account', subject: contract.account.id }];
        return linesFor(due.lines, contract).map((subject) => ({ ...common, scope: 'line', subject }));
      }),
  );
}

function linesFor(which: 'bundle' | 'metered' | 'all', contract: Contract): readonly string[] {
  const has = (number: string) => (bundleOfLine(contract, number) > 0 ? 'bundle' : 'metered');
  return contract.account.lines
    .map(({ number }) => number)
    .filter((number) => which === 'all' || which === has(number));
}

function rulesOf({ regime: { limits, credit }, account }: Contract): readonly Rule[] {
  const { creditThreshold, outOfBundleCap } = limits;
  const own = account.caps.at(-1)?.microEuro;
  const amount = (ofRule: number | undefined) => own ?? ofRule ?? credit.limitMicroEuro?.value;
  return [
    ...(creditThreshold === undefined
      ? []
      : [{ ...of('C-2', creditThreshold), microEuro: amount(creditThreshold.value.thresholdMicroEuro) }]),
    ...(outOfBundleCap === undefined
      ? []
      : [{ ...of('C-1', outOfBundleCap), microEuro: amount(outOfBundleCap.value.capMicroEuro) }]),
  ];
}

type Cited = { readonly article: string; readonly value: Pick<Rule, 'steps'> };

const of = (rule: Rule['rule'], { article, value }: Cited) => ({ rule, article, steps: value.steps });
