import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRuler, nodeAt, readJsonText } from '../../../provisioning/pricing/json-text.ts';

describe('P-4: JSON with places', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const read = readJsonText(text);
        expect('root' in read && read.root.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('refuses exactly what JSON.parse refuses', () => {
    const accepts = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const near = fc.array(fc.constantFrom(...'{}[]:,"\\u1e-.+0tfn \n'.split(''), 'true', 'null', '"a"', '1.5e3'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(near, (parts) => {
        const text = parts.join('');
        const read = readJsonText(text);
        const isTwice = 'remedy' in read && read.remedy.includes('is there twice');
        if (!isTwice) expect('root' in read, text).toBe(accepts(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    ['{"a": 1,\n "b": tru}', 2, 7, 'not a value'],
    ['{"a": 1,\n "a": 2}', 2, 2, 'the key a is there twice'],
    ['{"a": 1\n "b": 2}', 2, 2, 'a comma or the end of the object'],
    ['[1 2]', 1, 4, 'a comma or the end of the list'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['{a: 1}', 1, 2, 'a key in double quotes'],
    ['{} {}', 1, 4, 'nothing may follow'],
    ['{"a": "b', 1, 7, 'a string ends with a quote'],
    ['', 1, 1, 'not a value'],
    [`${'['.repeat(70)}`, 1, 65, 'no more than 64'],
  ])('%j: line %i, column %i', (text, line, column, remedy) => {
    expect(readJsonText(text)).toMatchObject({ line, column, remedy: expect.stringContaining(remedy) });
  });

  test('a path leads to its place, or to the nearest one around it', () => {
    const text = '{\n  "a": [\n    { "b": 1 }\n  ]\n}';
    const read = readJsonText(text);
    if (!('root' in read)) throw new Error('not read');
    const { root } = read;
    const place = (path: readonly PropertyKey[]) => {
      const { node, isThere } = nodeAt(root, path);
      return { ...createRuler(text)(node.at), isThere };
    };
    expect(place(['a', 0, 'b'])).toEqual({ line: 3, column: 12, isThere: true });
    expect(place(['a', 0, 'c'])).toEqual({ line: 3, column: 5, isThere: false });
    expect(place([])).toEqual({ line: 1, column: 1, isThere: true });
  });
});
