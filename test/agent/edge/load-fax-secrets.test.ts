import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadFaxSecrets } from '../../../agent/edge/load-fax-secrets.ts';
import { isFault } from '../../../agent/model/fault.ts';

const directory = mkdtempSync(join(tmpdir(), 'relais-fax-'));
afterAll(() => rmSync(directory, { recursive: true }));
const LINE = '+33172890001';

function fileWith(text: string, mode = 0o600): string {
  const file = join(directory, 'secrets.json');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

function refusal(file: string): Readonly<Record<string, unknown>> {
  try {
    loadFaxSecrets(file, [LINE]);
  } catch (error) {
    if (isFault(error)) return { code: error.code, field: error.context.field, all: JSON.stringify(error.context) };
  }
  throw new Error('it was taken');
}

describe('secrets of fax lines', () => {
  it('X-1: are read by number, and smtp beside them', () => {
    const secrets = loadFaxSecrets(fileWith(`{ "${LINE}": "one", "smtp": "two" }`), [LINE]);
    expect([...secrets]).toEqual([
      [LINE, 'one'],
      ['smtp', 'two'],
    ]);
  });

  it.each([
    ['readable by others', `{ "${LINE}": "hidden" }`, 0o640, 'config.refused', 'faxSecrets', 'chmod 600'],
    ['no JSON', 'hidden', 0o600, 'config.unreadable', 'faxSecrets', 'must be JSON'],
    ['a number that is none', '{ "0172890001": "hidden" }', 0o600, 'config.refused', 'faxSecrets.0172890001', 'E.164'],
    [
      'no password for a line',
      '{ "smtp": "hidden" }',
      0o600,
      'config.refused',
      `faxSecrets.${LINE}`,
      'give the SIP password',
    ],
  ])(
    'D-3: %s is refused, with the field and the remedy, and without a secret',
    (_, text, mode, code, field, remedy) => {
      const found = refusal(fileWith(text, mode));
      expect(found).toMatchObject({ code, field });
      expect(found.all).toContain(remedy);
      expect(found.all).not.toContain('hidden');
    },
  );

  it('says which file is missing', () => {
    expect(refusal(join(directory, 'none.json'))).toMatchObject({ code: 'config.unreadable', field: 'faxSecrets' });
  });
});
