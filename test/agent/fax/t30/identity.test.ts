import { describe, expect, it } from 'vitest';
import { readIdentity, writeIdentity } from '../../../../agent/fax/t30/identity.ts';
import { hex, unhex } from '../t38/hex.ts';

describe('numbers that stations give (X-1)', () => {
  it('X-1: goes on the line from its last digit to its first, filled up with spaces', () => {
    expect(hex(writeIdentity('+33 1 23'))).toBe(`333220312033332b${'20'.repeat(12)}`);
    expect(readIdentity(writeIdentity('+33 1 23 45 67 89'))).toBe('+33 1 23 45 67 89');
  });

  it('X-1: keeps what T.30 has characters for, twenty at most', () => {
    expect(readIdentity(writeIdentity('+33-(0)1.2x'))).toBe('+33012');
    expect(readIdentity(writeIdentity('1234567890123456789012345'))).toBe('12345678901234567890');
    expect(writeIdentity('')).toHaveLength(20);
  });

  it('X-1: shows nothing of a station that could harm a screen or a report', () => {
    expect(readIdentity(unhex('0a1b5b32'))).toBe('2[');
    expect(readIdentity(unhex(''))).toBe('');
  });
});
