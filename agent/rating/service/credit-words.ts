import type { GuaranteedService } from '../../model/account-services.ts';
import type { Regime } from '../../model/regime.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { Sentence } from '../explain/sentence.ts';

/** What an operator gives back for one service: one incident, or one month (G-3, G-4, G-5). */
export type Credit = Interval & {
  /** Names this credit for ever: rule, service, and the instant at which its incident or month began. */
  readonly id: string;
  readonly rule: 'gtr' | 'long-outage' | 'availability';
  readonly service: string;
  /** When it became due: the statement of that instant gives it. */
  readonly at: number;
  readonly microEuro: number;
  /** Of the fee that it gives back. */
  readonly tax: 'HT' | 'TTC';
  /** False: the contract gives it on request, and nobody has asked yet. */
  readonly due: boolean;
  /** Regime and version in force at the report, such as "cmi@1". */
  readonly regime: string;
  readonly article: string;
  readonly steps: readonly Sentence[];
};

/** A service with everything that its credits follow from. */
export type Served = {
  readonly service: GuaranteedService;
  readonly regimeAt: (at: number) => Regime | undefined;
  /** Usage of the service's lines in a time, in micro-euro and in the tax treatment of its fee (N3, N4). */
  readonly usageIn: (time: Interval) => number;
  /** From the first day in service up to the end of the last; infinite while it goes on. */
  readonly life: Interval;
  /** G9 */
  readonly unpaid: readonly Interval[];
  /** G5: the year that an instant lies in, by a name. */
  readonly ceilingYearOf: (at: number) => string;
};

export const creditId = (rule: Credit['rule'], { id }: GuaranteedService, from: number): string =>
  `credit/${rule}/${id}/${from}`;

export const regimeName = ({ id, version }: Regime): string => `${id}@${version}`;

export const citing = ({ fr, en }: Sentence, article: string): Sentence => ({
  fr: `${fr} (${article})`,
  en: `${en} (${article})`,
});

/** Such as "44.95" from micro-euro. */
export const inEuro = (microEuro: number): string => {
  const fraction = String(microEuro % 1_000_000).padStart(6, '0');
  return `${Math.floor(microEuro / 1_000_000)}.${fraction.slice(0, 2)}${fraction.slice(2).replace(/0+$/, '')}`;
};
