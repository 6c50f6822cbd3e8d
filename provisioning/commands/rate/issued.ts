import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonical } from '../../../agent/model/canonical.ts';
import { Fault } from '../../../agent/model/fault.ts';
import type { Closed } from '../../../agent/rating/book/adjustments.ts';
import { close, type Statement } from '../../../agent/rating/book/statement.ts';
import type { Period } from '../../../agent/rating/calendar/cycles.ts';
import { writeAtomic } from '../../atomic-file.ts';
import { readChecked } from '../../json-file.ts';

const whole = z.int();

/** What a statement billed, as it is kept. */
export const ClosedSchema = z.strictObject({
  account: z.string().min(1),
  period: z.strictObject({ key: z.string().min(1), start: whole, end: whole }),
  billed: z.array(
    z.strictObject({ id: z.string().min(1), line: z.string().min(1), ticks: whole, tax: z.enum(['HT', 'TTC']) }),
  ),
});

/**
 * The statements that were issued before this period, oldest first.
 * @throws Fault `config.refused` when this period's own, or a later one, was issued already: it is never opened again.
 */
export function readIssued(folder: string, account: string, period: Period): readonly Closed[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${account}.`)) : [];
  const found = names.map((name) => readChecked(join(folder, name), ClosedSchema));
  const after = found.find((closed) => closed.period.start >= period.start);
  if (after !== undefined) {
    throw new Fault('config.refused', { folder, fields: [`the statement of ${after.period.key} was issued already`] });
  }
  return found.toSorted((a, b) => a.period.start - b.period.start);
}

export function keepIssued(folder: string, statement: Statement): void {
  mkdirSync(folder, { recursive: true });
  const closed = { account: statement.account, ...close(statement) };
  writeAtomic(join(folder, `${statement.account}.${statement.period.key}.json`), `${canonical(closed)}\n`);
}
