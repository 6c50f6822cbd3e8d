/** One piece of a path between two dots (TR-106, 3.2; TR-369, "Path Names"). */
export type Step =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'row'; readonly number: number }
  | { readonly is: 'every' }
  | { readonly is: 'search'; readonly conditions: readonly Condition[] }
  /** `Ref+`, `Ref#2+`, `Ref#*+`: on from the object that the parameter refers to. */
  | { readonly is: 'follow'; readonly name: string; readonly which: number | 'every' };

export const OPERATORS = ['==', '!=', '~=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

/** `parameter` is a path from the row on; a literal without quotes is a number or a boolean. */
export type Condition = {
  readonly parameter: string;
  readonly operator: Operator;
  readonly literal: string;
  readonly quoted: boolean;
};

/** `leaf`: a parameter, `Command()` or `Event!`; absent for an object. */
export type Path = { readonly steps: readonly Step[]; readonly leaf?: string };

const LONGEST = 1_024;
const MOST_STEPS = 32;
const MOST_CONDITIONS = 8;
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const LEAF = /^[A-Za-z_][A-Za-z0-9_-]*(\(\)|!)?$/;
const FOLLOW = /^([A-Za-z_][A-Za-z0-9_-]*)(?:#(\d{1,6}|\*))?\+$/;
const CONDITION = /^([A-Za-z_][A-Za-z0-9_.+#*-]*?)(==|!=|~=|<=|>=|<|>)(.+)$/;
const BARE = /^(-?\d+(\.\d+)?|true|false)$/;

/** Nothing when the text is no path that begins at `Device.`. */
export function parsePath(text: string): Path | undefined {
  if (text.length > LONGEST) return undefined;
  const pieces = split(text, '.');
  if (pieces === undefined || pieces[0] !== 'Device' || pieces.length < 2 || pieces.length > MOST_STEPS)
    return undefined;
  const last = pieces.at(-1) ?? '';
  const steps: Step[] = [];
  for (const piece of pieces.slice(1, -1)) {
    const step = readStep(piece);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  if (last === '') return { steps };
  if (LEAF.test(last)) return { steps, leaf: last };
  // A row or a search without the dot behind it can only mean the object.
  const step = readStep(last);
  return step === undefined ? undefined : { steps: [...steps, step] };
}

/** Whether the path names what it names whatever there is: then nothing found is an error, else it is an answer. */
export const isSearch = ({ steps }: Path): boolean => steps.some(({ is }) => is === 'every' || is === 'search');

function readStep(piece: string): Step | undefined {
  if (piece === '*') return { is: 'every' };
  if (/^[1-9]\d{0,8}$/.test(piece)) return { is: 'row', number: Number(piece) };
  if (NAME.test(piece)) return { is: 'name', name: piece };
  const [, name, which] = FOLLOW.exec(piece) ?? [];
  if (name !== undefined) return { is: 'follow', name, which: which === '*' ? 'every' : Number(which ?? 1) };
  return piece.startsWith('[') && piece.endsWith(']') ? readSearch(piece.slice(1, -1)) : undefined;
}

function readSearch(text: string): Step | undefined {
  const parts = split(text, '&&');
  if (parts === undefined || parts.length > MOST_CONDITIONS) return undefined;
  const conditions: Condition[] = [];
  for (const part of parts) {
    const condition = readCondition(part.trim());
    if (condition === undefined) return undefined;
    conditions.push(condition);
  }
  return { is: 'search', conditions };
}

function readCondition(text: string): Condition | undefined {
  const [, parameter, found, right = ''] = CONDITION.exec(text) ?? [];
  const operator = OPERATORS.find((one) => one === found);
  if (parameter === undefined || operator === undefined) return undefined;
  const quoted = /^"[^"]*"$/.test(right);
  if (!quoted && !BARE.test(right)) return undefined;
  const literal = quoted ? right.slice(1, -1).replaceAll('%22', '"').replaceAll('%25', '%') : right;
  const ordered = operator === '<' || operator === '>' || operator === '<=' || operator === '>=';
  // Strings and booleans have no order.
  if (ordered && (quoted || literal === 'true' || literal === 'false')) return undefined;
  return { parameter, operator, literal, quoted };
}

/** At separators outside of quotes and brackets; nothing when one of them stays open. */
function split(text: string, separator: string): readonly string[] | undefined {
  const pieces: string[] = [];
  let from = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '[') depth += 1;
    else if (sign === ']') depth -= 1;
    else if (depth === 0 && text.startsWith(separator, at)) {
      pieces.push(text.slice(from, at));
      at += separator.length - 1;
      from = at + 1;
    }
    if (depth < 0 || depth > 1) return undefined;
  }
  if (quoted || depth !== 0) return undefined;
  return [...pieces, text.slice(from)];
}
