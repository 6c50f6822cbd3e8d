import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What no file of a release may hold: keys, tokens of clouds, a password that is given away. */
const SECRETS = [
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\n?[A-Za-z0-9+/=\s]{40,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/,
  /\bnpm_[A-Za-z0-9]{30,}\b/,
];

const guilty = (text: string): boolean => SECRETS.some((secret) => secret.test(text));

it('security line 1, D-3, M-7: no file of the source holds a key, a token or a shared credential', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '');
  expect(files.length).toBeGreaterThan(1_000);
  expect(files.filter((file) => guilty(readFileSync(file, 'latin1')))).toEqual([]);
});

it('line 1: a key that somebody left behind would be found', () => {
  const key = 'MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB';
  expect(guilty(['-----BEGIN', `PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`].join(' '))).toBe(true);
});
