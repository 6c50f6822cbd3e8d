import type { Action } from '../../model/limit-action.ts';
import type { Signal } from '../../model/signal.ts';

/** An action that begins or ends at `from`: never before it was known, so that a late file cuts nothing in the past. */
export type Order = {
  readonly order: 'begin' | 'end';
  readonly from: number;
  readonly action: Action;
  readonly signal: Signal;
};

/**
 * What changes when the signals in force do, at the instant at which that became known. Compares what should hold with
 * what did (by level), so that a record that arrives late, twice or corrected gives no order that is out of date.
 */
export function ordersOf(before: readonly Signal[], after: readonly Signal[], now: number): readonly Order[] {
  const held = new Set(before.map(keyOf));
  const wanted = new Set(after.map(keyOf));
  const order = (what: Order['order'], signal: Signal): Order => ({
    order: what,
    from: Math.max(now, signal.at),
    action: signal.action,
    signal,
  });
  return [
    ...once(before.filter((signal) => !wanted.has(keyOf(signal)))).map((signal) => order('end', signal)),
    ...once(after.filter((signal) => !held.has(keyOf(signal)))).map((signal) => order('begin', signal)),
  ];
}

/** Names an action of a rule, however often it is found anew. */
export const keyOf = ({ rule, scope, subject, action }: Named): string =>
  JSON.stringify([rule, scope, subject, action.name]);

type Named = Pick<Signal, 'rule' | 'scope' | 'subject'> & { readonly action: { readonly name: string } };

const once = (signals: readonly Signal[]): readonly Signal[] => [
  ...new Map(signals.map((signal) => [keyOf(signal), signal])).values(),
];
