/**
 * A reader of RFC 8259 that knows where each value stands, because JSON.parse does not say, and that refuses a key which
 * is there twice, because JSON.parse would silently lose one.
 */
export type JsonNode = {
  readonly value: unknown;
  /** Offset of its first character. */
  readonly at: number;
  readonly items?: readonly JsonNode[];
  readonly members?: ReadonlyMap<string, JsonNode>;
};
export type JsonText =
  | { readonly root: JsonNode }
  | (LineAndColumn & { readonly value: string; readonly remedy: string });

export function readJsonText(text: string): JsonText {
  const scan: Scan = { text, at: 0, depth: 0 };
  const root = readValue(scan);
  passBlanks(scan);
  if (scan.problem === undefined && scan.at < text.length) fail(scan, 'nothing may follow the end of the JSON value');
  if (scan.problem === undefined) return { root };
  const { at, remedy } = scan.problem;
  return { ...createRuler(text)(at), value: text.slice(at, at + 20) || 'the end of the file', remedy };
}

/** The node at a path, or the nearest one around it when it is not there. */
export function nodeAt(
  root: JsonNode,
  path: readonly PropertyKey[],
): { readonly node: JsonNode; readonly isThere: boolean } {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node.items?.[step] : node.members?.get(String(step));
    if (next === undefined) return { node, isThere: false };
    node = next;
  }
  return { node, isThere: true };
}

export type LineAndColumn = { readonly line: number; readonly column: number };

/** Answers line and column of an offset, both from 1; the lines are looked for once. */
export function createRuler(text: string): (at: number) => LineAndColumn {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
  return (at) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return { line: low, column: at - (starts[low - 1] ?? 0) + 1 };
  };
}

type Scan = {
  readonly text: string;
  at: number;
  depth: number;
  problem?: { readonly at: number; readonly remedy: string };
};

const DEEPEST = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const WORD = /true|false|null/y;

function readValue(scan: Scan): JsonNode {
  passBlanks(scan);
  const { at, text } = scan;
  switch (text[at]) {
    case '{':
      return within(scan, () => readObject(scan));
    case '[':
      return within(scan, () => readArray(scan));
    case '"':
      return { at, value: readString(scan) };
    default:
      return { at, value: readScalar(scan) };
  }
}

function within(scan: Scan, read: () => JsonNode): JsonNode {
  scan.depth += 1;
  const node = scan.depth > DEEPEST ? fail(scan, `no more than ${DEEPEST} values in one another`) : read();
  scan.depth -= 1;
  return node;
}

function readArray(scan: Scan): JsonNode {
  const { at } = scan;
  const items: JsonNode[] = [];
  scan.at += 1;
  if (isNext(scan, ']')) return { at, items, value: [] };
  do items.push(readValue(scan));
  while (scan.problem === undefined && isNext(scan, ','));
  expect(scan, ']', 'a comma or the end of the list is missing here');
  return { at, items, value: items.map((item) => item.value) };
}

function readObject(scan: Scan): JsonNode {
  const { at } = scan;
  const members = new Map<string, JsonNode>();
  scan.at += 1;
  if (isNext(scan, '}')) return { at, members, value: {} };
  do readMember(scan, members);
  while (scan.problem === undefined && isNext(scan, ','));
  expect(scan, '}', 'a comma or the end of the object is missing here');
  return { at, members, value: Object.fromEntries([...members].map(([key, node]) => [key, node.value])) };
}

function readMember(scan: Scan, members: Map<string, JsonNode>): void {
  passBlanks(scan);
  const { at } = scan;
  if (scan.text[at] !== '"') {
    fail(scan, 'a key in double quotes is missing here');
    return;
  }
  const key = readString(scan);
  expect(scan, ':', 'a colon is missing behind the key');
  if (members.has(key)) fail(scan, `the key ${key} is there twice; keep one`, at);
  if (scan.problem === undefined) members.set(key, readValue(scan));
}

function readString(scan: Scan): string {
  STRING.lastIndex = scan.at;
  const found = STRING.exec(scan.text)?.[0];
  const read = found === undefined ? undefined : parsed(found);
  if (found === undefined || typeof read !== 'string') {
    fail(scan, 'a string ends with a quote on its line and knows only the escapes of JSON');
    return '';
  }
  scan.at += found.length;
  return read;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readScalar(scan: Scan): unknown {
  for (const pattern of [NUMBER, WORD]) {
    pattern.lastIndex = scan.at;
    const found = pattern.exec(scan.text)?.[0];
    if (found === undefined) continue;
    scan.at += found.length;
    return JSON.parse(found);
  }
  fail(scan, 'not a value of JSON: write a number, a string in double quotes, true, false, null, a list or an object');
  return undefined;
}

function isNext(scan: Scan, sign: string): boolean {
  passBlanks(scan);
  if (scan.text[scan.at] !== sign) return false;
  scan.at += 1;
  return true;
}

function expect(scan: Scan, sign: string, remedy: string): void {
  if (!isNext(scan, sign)) fail(scan, remedy);
}

function passBlanks(scan: Scan): void {
  while (/[ \t\r\n]/.test(scan.text[scan.at] ?? '')) scan.at += 1;
}

/** Only the first problem counts: after it the reader does not know where it is. */
function fail(scan: Scan, remedy: string, at = scan.at): JsonNode {
  scan.problem ??= { at, remedy };
  return { at, value: undefined };
}
