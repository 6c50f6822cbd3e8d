import type { RatedUse } from './words.ts';

/** One communication as the client sees it (U-6). */
export type DetailRow = {
  readonly at: number;
  readonly line: string;
  readonly kind: RatedUse['use']['kind'];
  readonly direction: 'outgoing' | 'incoming' | undefined;
  /** The other party, with its last digits masked where that was asked for. */
  readonly party: string | undefined;
  readonly class: string | undefined;
  readonly quantity: number;
  readonly included: number;
  readonly paid: number;
  readonly ticks: number;
  readonly tax: 'HT' | 'TTC';
};

/**
 * U-6: the itemised communications, in order. Emergency calls are in no detail (V-1), nor are calls to free numbers and
 * helplines (CPCE D98-8: free calls are not shown), nor attempts that nobody answered.
 */
export const detailOf = (uses: readonly RatedUse[], maskedDigits: number): readonly DetailRow[] =>
  uses.filter(isShown).map((rated) => rowOf(rated, maskedDigits));

const HIDDEN: ReadonlySet<RatedUse['rule']> = new Set(['emergency', 'free-number', 'unanswered', 'not-sent']);

const isShown = ({ rule }: RatedUse): boolean => !HIDDEN.has(rule);

function rowOf({ use, destination, price, ...rated }: RatedUse, maskedDigits: number): DetailRow {
  const party = destination?.number ?? ('party' in use ? use.party : undefined);
  return {
    at: use.at,
    line: use.line,
    kind: use.kind,
    direction: 'direction' in use ? use.direction : undefined,
    party: party === undefined ? undefined : masked(party, maskedDigits),
    class: destination?.class,
    quantity: rated.quantity,
    included: rated.included,
    paid: rated.paid,
    ticks: rated.ticks,
    tax: price?.tax ?? 'HT',
  };
}

/** At least the first three digits stay, so that a country or a special number can still be seen. */
function masked(party: string, digits: number): string {
  const shown = Math.max(Math.min(3, party.length), party.length - digits);
  return party.slice(0, shown) + '•'.repeat(party.length - shown);
}
