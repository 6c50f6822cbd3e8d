import type { Action } from './limit-action.ts';

/** From `start` until just before `end`, Unix milliseconds. */
export type Period = { readonly start: number; readonly end: number };

/** A rule found that something is due. The same for the same uses, whatever the order in which they arrived. */
export type Signal = {
  /** Number of the requirement, and article of the contract. */
  readonly rule: string;
  readonly article: string;
  readonly scope: 'account' | 'client' | 'line';
  readonly subject: string;
  /** Instant of the use that made it due, and its id; or of the payment, waiver or change of limit. */
  readonly at: number;
  readonly cause: string;
  /** Since when it holds no more; absent while it does. */
  readonly until?: number;
  readonly measured: number;
  /** The rule's whole limit where the step is a share of it, else the step's own value. */
  readonly limit: number;
  readonly unit: 'ticks' | 'bytes' | 'seconds' | 'percent' | 'count';
  readonly action: Action;
};

/** What a rule says at an instant: the level that the client may ask for (C-2), and what a gateway enforces offline. */
export type Standing = {
  readonly measured: number;
  /** Absent: nothing limits, as under a waiver. */
  readonly limit: number | undefined;
  readonly inForce: readonly Signal[];
  /** All of the history, oldest first, those in force included. */
  readonly signals: readonly Signal[];
};
