import { readFileSync } from 'node:fs';

/** The first two blocks of JSON of a page, a question and its answer; those after a heading if one is named. */
export function workedExample(page: string, heading = ''): readonly [unknown, unknown] {
  const text = readFileSync(new URL(`../../../../docs/rating/${page}`, import.meta.url), 'utf8');
  if (!text.includes(heading)) throw new Error(`${page} has no heading ${heading}`);
  const blocks = text.slice(text.indexOf(heading)).matchAll(/```json\n([\s\S]*?)```/g);
  const [question, answer] = [...blocks].map(([, json]) => JSON.parse(json ?? ''));
  if (question === undefined || answer === undefined) throw new Error(`${page} has no worked example`);
  return [question, answer];
}
