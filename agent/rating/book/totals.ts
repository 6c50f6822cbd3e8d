import type { Rounding } from '../../model/deck.ts';
import type { Period } from '../calendar/cycles.ts';
import { shownAmounts } from '../deck/rounding.ts';
import { type Taxed, taxed } from '../deck/tax.ts';
import type { Credit } from '../service/credit-words.ts';
import { whole } from '../whole.ts';
import type { Adjustment } from './adjustments.ts';
import { deckOn, type Prepared } from './context.ts';
import type { FixedCharge } from './subscriptions.ts';
import type { RatedUse } from './words.ts';

/** Micro-euro, rounded as the price list says, in the treatment `tax`; `credits` are below 0. */
export type Subtotal = Taxed & {
  readonly tax: 'HT' | 'TTC';
  readonly usage: number;
  readonly adjustments: number;
  readonly fixed: number;
  readonly credits: number;
};

/** VAT shown apart; prices with and without tax are summed apart and never mixed. */
export type Totals = Taxed & { readonly vatPerMille: number; readonly subtotals: readonly Subtotal[] };

type Charged = {
  readonly uses: readonly RatedUse[];
  readonly fixed: readonly FixedCharge[];
  readonly credits: readonly Credit[];
  readonly adjustments: readonly Adjustment[];
};

const TICKS_PER_MICRO_EURO = 60;
const NO_ROUNDING: Rounding = { point: 'invoice', mode: 'half-up', quantumMicroEuro: 1 };

/** With the VAT and the rounding of the price list in force when the period ends. */
export function totalsOf(charged: Charged, period: Period, prepared: Prepared): Totals {
  const deck = deckOn(prepared, period.end - 1);
  const vatPerMille = deck?.vatPerMille ?? 0;
  const rule = { vatPerMille, rounding: deck?.rounding ?? NO_ROUNDING };
  const subtotals = (['HT', 'TTC'] as const).map((tax) => subtotalOf(charged, { tax, ...rule }));
  const sum = (of: keyof Taxed): number => subtotals.reduce((all, subtotal) => whole(all + subtotal[of]), 0);
  return { ht: sum('ht'), vat: sum('vat'), ttc: sum('ttc'), vatPerMille, subtotals };
}

type Rule = { readonly tax: 'HT' | 'TTC'; readonly vatPerMille: number; readonly rounding: Rounding };

function subtotalOf({ uses, fixed, credits, adjustments }: Charged, rule: Rule): Subtotal {
  const { tax, rounding } = rule;
  const lines = new Map<string, number[]>();
  for (const { use, price, ticks } of uses) {
    if ((price?.tax ?? 'HT') !== tax) continue;
    const line = lines.get(use.line);
    if (line === undefined) lines.set(use.line, [ticks]);
    else line.push(ticks);
  }
  const usage = shownAmounts([...lines.values()], rounding).total;
  const corrected = shownAmounts(
    [adjustments.filter((one) => one.tax === tax).map(({ ticks }) => ticks)],
    rounding,
  ).total;
  const due = fixed.filter((one) => one.tax === tax).reduce((sum, { microEuro }) => whole(sum + microEuro), 0);
  const given = shownAmounts(
    [credits.filter((one) => one.due && one.tax === tax).map(({ microEuro }) => microEuro * -TICKS_PER_MICRO_EURO)],
    rounding,
  ).total;
  const shown = whole(usage + corrected + due + given);
  return { tax, usage, adjustments: corrected, fixed: due, credits: given, ...taxed(shown, rule) };
}
