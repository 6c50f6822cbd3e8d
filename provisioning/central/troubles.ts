import type { CentralEffect, Warning } from './words.ts';

/** Something that went wrong with a device, and how often: the newest of its kind as it was told. */
export type Trouble = {
  readonly device: string;
  readonly of: Warning['of'];
  readonly what: string;
  readonly at: number;
};

/**
 * What support must see of a device later on, and not only in the log (D-2, D-3). A gap is no trouble: the device sends what
 * is missing; nor is a refused lease.
 */
const TROUBLES: ReadonlySet<Warning['of']> = new Set([
  'record-refused',
  'rolled-back',
  'forked',
  'foreign-lease',
  'return-refused',
  'checkpoint-refused',
  'checkpoint-forked',
  'device-key-refused',
]);

/** The effects of a step with a row for each trouble among its warnings. */
export const withTroubles = (effects: readonly CentralEffect[], at: number): readonly CentralEffect[] => [
  ...effects,
  ...effects.flatMap((effect) => (effect.do === 'warn' ? rowsOf(effect.warning, at) : [])),
];

function rowsOf(warning: Warning, at: number): readonly CentralEffect[] {
  if (!('device' in warning) || !TROUBLES.has(warning.of)) return [];
  if (warning.of === 'record-refused' && warning.why === 'gap') return [];
  const { of, device, ...what } = warning;
  return [{ do: 'keep', row: { keep: 'trouble', device, of, what: JSON.stringify(what), at } }];
}
