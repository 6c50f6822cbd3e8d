import { canonical } from '../../agent/model/canonical.ts';
import type { Leaf } from './leaves.ts';

type Difference = { readonly path: string; readonly before: Leaf | undefined; readonly after: Leaf | undefined };

/** P-4: what two regimes say differently, by value; what only one of them says has one side. */
export function difference(before: readonly Leaf[], after: readonly Leaf[]): readonly Difference[] {
  const paths = [...new Set([...before, ...after].map((leaf) => leaf.path))];
  return paths
    .map((path) => ({ path, before: named(before, path), after: named(after, path) }))
    .filter((pair) => said(pair.before) !== said(pair.after));
}

const named = (leaves: readonly Leaf[], path: string): Leaf | undefined => leaves.find((leaf) => leaf.path === path);

const said = (leaf: Leaf | undefined): string => (leaf === undefined ? '' : canonical(leaf.value));
