import { type Usage, UsageSchema } from '../../../agent/model/usage.ts';
import type { Witnessed } from '../../../agent/rating/book/account-uses.ts';

/** A line that is no record of use, and what is wrong with it. */
export type BadLine = { readonly line: number; readonly problems: readonly string[] };

export type ReadRecords = { readonly records: readonly Witnessed[]; readonly bad: readonly BadLine[] };

/**
 * Records of use, one JSON object a line, empty lines left out. `received` (Unix ms) beside the fields of the use says
 * when the record came; without it the record came in time. `source` is "host" for a record of a host operator. Every wrong line is named; the others are read.
 */
export function readRecords(text: string): ReadRecords {
  const records: Witnessed[] = [];
  const bad: BadLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = readRecord(line);
    if ('use' in read) records.push(read);
    else bad.push({ line: index + 1, problems: read.problems });
  }
  return { records, bad };
}

function readRecord(line: string): Witnessed | { readonly problems: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { problems: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const { received, source, ...use } = isObject(value) ? value : {};
  const read = UsageSchema.safeParse(isObject(value) ? use : value);
  const problems = read.success ? [] : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (received !== undefined && !isInstant(received)) problems.push('received: Unix time in whole milliseconds');
  if (source !== undefined && source !== 'site' && source !== 'host') problems.push('source: "site" or "host"');
  if (!read.success || problems.length > 0) return { problems };
  return { ...record(read.data, received), source: source === 'host' ? 'host' : 'site' };
}

const record = (use: Usage, received: unknown): Witnessed => ({
  use,
  received: isInstant(received) ? received : use.at,
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isInstant = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
