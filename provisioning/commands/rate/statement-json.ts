import type { Statement } from '../../../agent/rating/book/statement.ts';

/** A statement with stable field names; amounts in ticks or, where rounded to be shown, in micro-euro. */
export const statementJson = ({ account, period, totals, ...parts }: Statement): unknown => ({
  account,
  period: { key: period.key, start: iso(period.start), end: iso(period.end) },
  usage: parts.rows.map(({ class: of, ...row }) => ({ ...row, class: of ?? null })),
  fixed: parts.fixed.map((fixed) => ({ ...fixed, from: iso(fixed.from), to: iso(fixed.to) })),
  credits: parts.credits.map(({ steps: _steps, ...credit }) => ({
    ...credit,
    from: iso(credit.from),
    to: iso(credit.to),
    at: iso(credit.at),
  })),
  adjustments: parts.adjustments.map((one) => ({ ...one, at: one.at === undefined ? null : iso(one.at) })),
  unrated: parts.unratable.map(({ use, missing }) => ({ id: use.id, missing })),
  totals: {
    htMicroEuro: totals.ht,
    vatMicroEuro: totals.vat,
    ttcMicroEuro: totals.ttc,
    vatPerMille: totals.vatPerMille,
    subtotals: totals.subtotals,
  },
});

const iso = (instant: number): string => new Date(instant).toISOString();
