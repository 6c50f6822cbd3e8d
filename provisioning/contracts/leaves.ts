import type { Regime } from '../../agent/model/regime.ts';
import { READING_IDS } from './reading-ids.ts';

/** One value of a regime: what the contract says, a stated default, a reading of an ambiguous clause, or the operator's own setting. */
export type Leaf = {
  /** Such as "records.retentionMonths". */
  readonly path: string;
  readonly value: unknown;
  readonly from:
    | { readonly kind: 'contract' | 'default'; readonly article: string }
    | { readonly kind: 'reading'; readonly id: string; readonly given: boolean; readonly article: string | undefined }
    | { readonly kind: 'setting' };
};

type Node = Readonly<Record<string, unknown>>;
const HEAD = ['$schema', 'id', 'version', 'operator'];

/** Every value of a regime in the order of its schema; `raw` is the file that it was read from, which says what was given. */
export const leavesOf = (regime: Regime, raw: unknown): readonly Leaf[] =>
  Object.entries(regime)
    .filter(([name]) => !HEAD.includes(name))
    .flatMap(([name, value]) => {
      if (name === 'articles') return articlesOf(name, value);
      const ids = READING_IDS[name];
      return ids === undefined ? factsOf(name, value, raw) : readingsOf(name, ids, value, raw);
    });

function factsOf(path: string, node: unknown, raw: unknown): readonly Leaf[] {
  if (!isNode(node)) return [{ path, value: node, from: { kind: 'setting' } }];
  const { value, article } = node;
  if (value === undefined || typeof article !== 'string')
    return Object.entries(node).flatMap(([name, below]) => factsOf(`${path}.${name}`, below, raw));
  const kind = at(raw, path) === undefined ? 'default' : 'contract';
  return [{ path, value, from: { kind, article } }];
}

/** An article that stands for itself: its name is the value. */
const articlesOf = (path: string, node: unknown): readonly Leaf[] =>
  Object.entries(isNode(node) ? node : {}).flatMap(([name, article]): readonly Leaf[] =>
    typeof article === 'string'
      ? [{ path: `${path}.${name}`, value: articleName(article), from: { kind: 'contract', article } }]
      : [],
  );

/** An article without the words that it quotes. */
export const articleName = (article: string): string => article.split(/: |; |, «/)[0]?.trim() ?? article;

function readingsOf(
  group: string,
  ids: Readonly<Record<string, string>>,
  node: unknown,
  raw: unknown,
): readonly Leaf[] {
  if (!isNode(node)) return [];
  const articles = isNode(node.articles) ? node.articles : {};
  return Object.entries(node).flatMap(([name, value]): readonly Leaf[] => {
    if (name === 'articles') return [];
    const id = ids[name];
    if (id === undefined) return factsOf(`${group}.${name}`, value, raw);
    const article = articles[name];
    const given = at(raw, `${group}.${name}`) !== undefined;
    const source = typeof article === 'string' ? article : undefined;
    return [{ path: `${group}.${name}`, value, from: { kind: 'reading', id, given, article: source } }];
  });
}

const at = (raw: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, name) => (isNode(node) ? node[name] : undefined), raw);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
