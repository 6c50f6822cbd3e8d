import { expect } from 'vitest';
import type { LimitUse } from '../../../../agent/model/limit-use.ts';
import type { Signal } from '../../../../agent/model/signal.ts';
import { countedUses, emptyUses, type KnownUses, withUse } from '../../../../agent/rating/limits/known-uses.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** Midnight in Paris on Thursday 1 January 2026, and the end of that month. */
export const JANUARY = { start: Date.UTC(2025, 11, 31, 23), end: Date.UTC(2026, 0, 31, 23) };
export const LINE = '+33612345678';
/** Random histories that a rule and its naive twin must agree on. */
export const HISTORIES = 100_000;

/** Chance from a seed: the same histories in every run (mulberry32). */
export type Dice = {
  readonly below: (n: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
};
export function diceOf(seed: number): Dice {
  let state = seed | 0;
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (list) => list[below(list.length)] ?? list[0],
  };
}

export function shuffled<T>(dice: Dice, list: readonly T[]): readonly T[] {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = dice.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}

/** Compares cheaply; says which history it was when they differ. */
export function agree(index: number, found: unknown, naive: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(naive)) expect({ index, found }).toEqual({ index, found: naive });
}

type Common = {
  readonly id: string;
  readonly at: number;
  readonly line?: string;
  readonly visited?: string;
  readonly replaces?: string;
};
type Seen = { readonly ticks?: number; readonly card?: string; readonly option?: boolean };
const seenOf = ({ ticks = 0, card, option = false }: Seen) => ({
  ticks,
  option,
  ...(card === undefined ? {} : { card }),
});

export const call = (
  {
    seconds = 60,
    party = '0123456789',
    direction = 'outgoing' as const,
    ...common
  }: Common & {
    seconds?: number | null;
    party?: string;
    direction?: 'outgoing' | 'incoming';
  },
  seen: Seen = {},
): LimitUse => ({
  use: { kind: 'call', line: LINE, ...common, direction, party, seconds, forwarded: false },
  ...seenOf(seen),
});

export const slice = ({ bytes = 1_000, ...common }: Common & { bytes?: number }, seen: Seen = {}): LimitUse => ({
  use: { kind: 'data', line: LINE, ...common, bytes },
  ...seenOf(seen),
});

export const text = ({ segments = 1, ...common }: Common & { segments?: number }, seen: Seen = {}): LimitUse => ({
  use: { kind: 'sms', line: LINE, ...common, direction: 'outgoing', party: '0612345678', segments, sent: true },
  ...seenOf(seen),
});

export const fax = ({
  party = '0123456789',
  lasted = 30,
  ...common
}: Common & { party?: string; lasted?: number }): LimitUse => ({
  use: { kind: 'fax', line: LINE, ...common, direction: 'outgoing', party, pages: 1 },
  ticks: 0,
  option: false,
  lasted,
});

export const takenBack = (common: Common & { readonly replaces: string }): LimitUse => ({
  use: { kind: 'canceled', line: LINE, ...common },
  ticks: 0,
  option: false,
});

export const knownOf = (uses: readonly LimitUse[]): KnownUses =>
  uses.reduce((known, use) => withUse(known, use, use.use.at), emptyUses());

/** The uses as a rule gets them. */
export const counted = (uses: readonly LimitUse[]): readonly LimitUse[] => countedUses(knownOf(uses));

export const names = (signals: readonly Signal[]): readonly string[] => signals.map(({ action }) => action.name);
export const brief = (signals: readonly Signal[]) =>
  signals.map(({ at, until, action }) => ({ at, until: until ?? null, action: action.name }));

/** A call, a message or a slice of data on the day of `when`, at home or in Germany. */
export function useOf(dice: Dice, id: string, when: number): LimitUse {
  const common = { id, at: when + dice.below(20) * HOUR, ...(dice.chance(60) ? { visited: 'DE' } : {}) };
  const kind = dice.below(3);
  if (kind === 0) return call({ ...common, seconds: dice.pick([null, 10, 20]) });
  return kind === 1 ? text({ ...common, segments: 1 + dice.below(2) }) : slice({ ...common, bytes: dice.below(3) });
}
