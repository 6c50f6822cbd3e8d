/** Compact header forms (RFC 3261 7.3.3, 20) by their long names. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  i: 'call-id',
  m: 'contact',
  e: 'content-encoding',
  l: 'content-length',
  c: 'content-type',
  f: 'from',
  s: 'subject',
  k: 'supported',
  t: 'to',
  v: 'via',
  x: 'session-expires',
};

export type Headers = ReadonlyMap<string, readonly string[]>;

/** Unfolds continuation lines and gathers values by long, lower-case name; lines without a colon are passed over. */
export function readHeaders(lines: readonly string[]): Headers {
  const headers = new Map<string, string[]>();
  for (const line of unfold(lines)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = longName(line.slice(0, colon));
    const values = headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    headers.set(name, values);
  }
  return headers;
}

function longName(written: string): string {
  const name = written.trim().toLowerCase();
  return LONG_NAMES[name] ?? name;
}

/** RFC 3261 7.3.1: a line that begins with white space continues the one before. */
function unfold(lines: readonly string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const last = whole.length - 1;
    if (/^[ \t]/.test(line) && last >= 0) whole[last] = `${whole[last]} ${line.trim()}`;
    else whole.push(line);
  }
  return whole;
}

/** Cuts a list header at its commas, but not inside quotes or angle brackets. */
export function listValues(values: readonly string[]): string[] {
  return values.flatMap(cutAtCommas);
}

function cutAtCommas(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let angled = false;
  for (let i = 0; i < value.length; i += 1) {
    const c = value[i];
    if (c === '\\' && quoted) i += 1;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '<') angled = true;
    else if (!quoted && c === '>') angled = false;
    else if (c === ',' && !quoted && !angled) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== '');
}
