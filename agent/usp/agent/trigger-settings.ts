import { parsePath } from '../path/parse-path.ts';

/** One parameter by its path, and the value that it is to get. */
type TriggerSetting = { readonly object: string; readonly param: string; readonly value: string };

/** TR-181 2.19.1, `TriggerConfigSettings`: at most so many. */
const MOST = 16;

/**
 * `Path=value,Path="a text, with a comma"` (TR-181 2.19.1, `Subscription.{i}.TriggerConfigSettings`); inside quotes `%22`
 * is a quote and `%25` a percent sign, as in search expressions. What is wrong is said with the entry that it is wrong in.
 */
export function readSettings(
  text: string,
): { readonly settings: readonly TriggerSetting[] } | { readonly wrong: string } {
  const entries = text.match(/(?:"[^"]*"|[^",])+/g) ?? [];
  if (entries.length > MOST) return { wrong: `${MOST} settings at most` };
  const settings: TriggerSetting[] = [];
  for (const entry of entries) {
    const cut = entry.indexOf('=');
    const path = entry.slice(0, cut).trim();
    const right = entry.slice(cut + 1).trim();
    const leaf = cut < 0 ? undefined : parsePath(path)?.leaf;
    const [, quoted] = /^"([^"]*)"$/.exec(right) ?? [];
    const isOpen = quoted === undefined && right.includes('"');
    if (leaf === undefined || /[()!]$/.test(leaf) || isOpen) return { wrong: `Path=value, not ${entry.slice(0, 100)}` };
    const value = quoted?.replaceAll('%22', '"').replaceAll('%25', '%') ?? right;
    settings.push({ object: path.slice(0, path.lastIndexOf('.') + 1), param: leaf, value });
  }
  return { settings };
}
