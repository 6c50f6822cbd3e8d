import type { Regime } from '../../model/regime.ts';
import { startOfDay } from '../calendar/paris.ts';

export type Preselecting = {
  readonly regime: Pick<Regime, 'preselection'>;
  /** Last day in Paris before the IP service is live; absent: it is live. */
  readonly until: string | undefined;
};

export type Dialed = {
  /** Whom the call is for. */
  readonly called: string;
  /** The prefix was dialed although preselection is over: the exchange still has it. */
  readonly outdated: boolean;
};

/**
 * V-8 (cmi fixe 1.5, 3; imesit fixe 4): until the IP service is live an exchange dials a prefix before whole national
 * numbers, which is no part of them; it ends by itself on that day. Numbers of another length never bear it, emergency
 * numbers therefore neither (V-1).
 */
export function withoutPreselection(dialed: string, at: number, { regime, until }: Preselecting): Dialed {
  const { prefix, numberLength } = regime.preselection;
  const digits = dialed.replace(/[\s.()-]/g, '');
  const isPrefixed =
    prefix !== undefined &&
    numberLength !== undefined &&
    digits.startsWith(prefix.value) &&
    digits.length === prefix.value.length + numberLength.value &&
    /^0[1-9]\d*$/.test(digits.slice(prefix.value.length));
  if (!isPrefixed) return { called: dialed, outdated: false };
  const isOver = until === undefined || at >= startOfDay(until, 1);
  return isOver ? { called: dialed, outdated: true } : { called: digits.slice(prefix.value.length), outdated: false };
}
