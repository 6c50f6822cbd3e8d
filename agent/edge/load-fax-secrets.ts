import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { Fault } from '../model/fault.ts';

const SecretsSchema = z.record(
  z.string().regex(/^(smtp|\+[1-9]\d{1,14})$/, 'a number in E.164, or smtp'),
  z.string().min(1),
);

/**
 * The secrets of fax lines, by number, and `smtp` for the mail server. Whole or not at all.
 * @throws Fault `config.unreadable`, `config.refused` (with the field and the remedy; never with a secret).
 */
export function loadFaxSecrets(file: string, numbers: readonly string[]): ReadonlyMap<string, string> {
  const read = SecretsSchema.safeParse(readPrivate(file));
  if (!read.success) {
    const issue = read.error.issues[0];
    throw refused(
      file,
      issue?.path.join('.') ?? '',
      `${issue?.message ?? ''}; the file is { "+33172890001": "password", … }`,
    );
  }
  const missing = numbers.find((number) => read.data[number] === undefined);
  if (missing !== undefined) throw refused(file, missing, `give the SIP password of the fax line ${missing}`);
  return new Map(Object.entries(read.data));
}

const refused = (file: string, field: string, remedy: string): Fault =>
  new Fault('config.refused', { file, field: field === '' ? 'faxSecrets' : `faxSecrets.${field}`, remedy });

function readPrivate(file: string): unknown {
  let text: string;
  try {
    // Whoever can read a SIP password can call at the client's expense.
    if ((statSync(file).mode & 0o077) !== 0) throw refused(file, '', `others can read the file: chmod 600 ${file}`);
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(
      'config.unreadable',
      { file, field: 'faxSecrets', remedy: 'the file must exist and be readable by the agent' },
      { cause },
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file.
    throw new Fault('config.unreadable', { file, field: 'faxSecrets', remedy: 'the file must be JSON' });
  }
}
