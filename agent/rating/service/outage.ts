import type { Excuse } from '../../model/excuse.ts';
import { type Interval, merge, without } from '../calendar/intervals.ts';

/** `unseen`: the box had no power, so that nothing proves the outage in that time; no contract has to name it. */
export type ExcusedCause = Excuse | 'unseen';

/** Time that may not be held against the operator, and why (G-7). */
export type ExcusedTime = Interval & { readonly cause: ExcusedCause };

/** Those of the excused times whose cause the contract knows, and what nobody saw. */
export const admitted = (excused: readonly ExcusedTime[], causes: readonly Excuse[]): readonly ExcusedTime[] =>
  excused.filter(({ cause }) => cause === 'unseen' || causes.includes(cause));

/** Outages without the excused time, each instant once. */
export const chargeable = (outages: readonly Interval[], excused: readonly Interval[]): readonly Interval[] =>
  without(merge(outages), merge(excused));
