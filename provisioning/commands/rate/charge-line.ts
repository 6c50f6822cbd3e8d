import type { Unratable } from '../../../agent/rating/book/rate-uses.ts';
import type { Aside } from '../../../agent/rating/book/settle.ts';
import type { RatedUse } from '../../../agent/rating/book/words.ts';

/** One line of `charges.jsonl`; the names of its fields stay. Amounts in ticks: 1/60 micro-euro. */
export const chargeLine = ({ use, destination, price, ...rated }: RatedUse): unknown => ({
  id: use.id,
  at: use.at,
  line: use.line,
  kind: use.kind,
  number: destination?.number ?? null,
  class: destination?.class ?? null,
  territory: destination?.territory ?? null,
  rule: rated.rule,
  plan: rated.plan ?? null,
  price: price?.name ?? null,
  tax: price?.tax ?? null,
  quantity: rated.quantity,
  included: rated.included,
  paid: rated.paid,
  waived: rated.waived,
  limit: rated.limit ?? null,
  ticks: rated.ticks,
  regime: rated.regime,
  deck: rated.deck,
  numbering: rated.numbering,
});

export const unratableLine = ({ use, missing }: Unratable): unknown => ({ id: use.id, unrated: missing });

export const asideLine = ({ id, why }: Aside): unknown => ({ id, aside: why });
