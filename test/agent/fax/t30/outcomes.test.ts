import { describe, expect, it } from 'vitest';
import { FAX_OUTCOMES } from '../../../../agent/fax/t30/outcomes.ts';

describe('how a fax ends, in words (X-1)', () => {
  it('X-1: each code has one sentence of its own in French', () => {
    const texts = Object.values(FAX_OUTCOMES).map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).toMatch(/^[A-ZÉÀL].{20,110}\.$/u);
  });

  it('X-1: says why the operator’s rules refused a fax, and whether trying again helps', () => {
    expect(FAX_OUTCOMES['one-a-minute'].again).toBe(true);
    expect(FAX_OUTCOMES['two-at-a-time'].again).toBe(true);
    expect(FAX_OUTCOMES.suspended.again).toBe(false);
    expect(FAX_OUTCOMES['cap-reached'].again).toBe(false);
  });
});
