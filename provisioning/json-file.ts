import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { Fault } from '../agent/model/fault.ts';
import { nameKnownValues } from './known-values.ts';

/** Any JSON file, as whatever it holds. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Fault('config.unreadable', { path }, { cause });
  }
}

/** A JSON file that must follow a schema; the message names each wrong field. */
export function readChecked<T extends z.ZodType>(path: string, schema: T): z.output<T> {
  const read = schema.safeParse(readJson(path), { error: nameKnownValues });
  if (read.success) return read.data;
  const fields = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Fault('config.refused', { path, fields });
}
