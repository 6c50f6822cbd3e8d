import type { Excuse } from '../../model/excuse.ts';
import { type Interval, merge, without } from '../calendar/intervals.ts';

/** Time that may not be held against the operator, and why (G-7). */
export type ExcusedTime = Interval & { readonly cause: Excuse };

/** Those of the excused times whose cause the contract knows. */
export const admitted = (excused: readonly ExcusedTime[], causes: readonly Excuse[]): readonly ExcusedTime[] =>
  excused.filter(({ cause }) => causes.includes(cause));

/** Outages without the excused time, each instant once. */
export const chargeable = (outages: readonly Interval[], excused: readonly Interval[]): readonly Interval[] =>
  without(merge(outages), merge(excused));
