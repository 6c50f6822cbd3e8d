import type { Regime } from '../../agent/model/regime.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

/** V-8: a prefix can only be taken off where the contract names it. */
export function preselectionProblems({ voice }: Order, { preselection }: Regime): readonly Problem[] {
  const { preselectionUntil } = voice;
  if (preselectionUntil === undefined) return [];
  if (preselection.prefix !== undefined && preselection.numberLength !== undefined) return [];
  const remedy = 'the contract names no prefix of preselection (V-8); leave it out';
  return [{ field: 'voice.preselectionUntil', value: preselectionUntil, remedy }];
}
