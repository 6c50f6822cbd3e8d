import { z } from 'zod';
import type { Regime } from '../../../agent/model/regime.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What a regime says of a question, by the fields of the question; undefined where its contract is silent. */
export type FactsOf = (regime: Regime, asked: Fields) => Fields;

const ID = /^[a-z][a-z0-9-]{1,30}$/;

/**
 * A question that names a regime, with the facts and readings of that regime in the fields that it leaves out. What the
 * question says itself wins, fact by fact.
 * @throws ZodError where the regime is silent about what the question needs and leaves out.
 */
export function withRegime(raw: unknown, facts: FactsOf, regimeOf: (id: string) => Regime): unknown {
  if (!isFields(raw) || raw.regime === undefined) return raw;
  const { regime: id, ...asked } = raw;
  if (typeof id !== 'string' || !ID.test(id))
    throw problem('the id of a regime, as relais regime check names them', id);
  const said = facts(regimeOf(id), asked);
  const silent = silentAbout(said, asked);
  if (silent.length === 0) return filled(said, asked);
  throw problem(
    `the contract of ${id} says nothing of ${silent.join(', ')}: give that here, or name a regime that does`,
    id,
  );
}

/** Readings of a regime without the articles that stand beside them. */
export function readingsOf<Group extends { readonly articles: unknown }>(group: Group): Omit<Group, 'articles'> {
  const { articles: _articles, ...readings } = group;
  return readings;
}

function filled(said: Fields, asked: Fields): Fields {
  const both = Object.entries(said).map(([name, fact]): [string, unknown] => {
    const own = asked[name];
    if (own === undefined) return [name, fact];
    return [name, isGroup(own) && isGroup(fact) ? filled(fact, own) : own];
  });
  return { ...asked, ...Object.fromEntries(both) };
}

const silentAbout = (said: Fields, asked: Fields): readonly string[] =>
  Object.entries(said).flatMap(([name, fact]) => {
    const own = asked[name];
    if (fact === undefined) return own === undefined ? [name] : [];
    return isGroup(fact) && isGroup(own) ? silentAbout(fact, own).map((below) => `${name}.${below}`) : [];
  });

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value beside its article is one fact, and is never mixed of two. */
const isGroup = (value: unknown): value is Fields => isFields(value) && !('article' in value);

const problem = (message: string, input: unknown): z.ZodError =>
  new z.ZodError([{ code: 'custom', path: ['regime'], message, input }]);
