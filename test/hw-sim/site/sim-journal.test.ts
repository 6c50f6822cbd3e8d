import { describe, expect, test } from 'vitest';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createFnv, createSimJournal } from '../../../hw-sim/site/sim-journal.ts';

const line = (at: number, state: unknown) => ({ at, machine: 'm', event: { on: 'x' }, state, effects: [] });

describe('the simulated journal', () => {
  // Vectors of RFC 9923, appendix C; the last one is reckoned with Python's integers.
  test.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
    ['numéro appelé 📞', 'c5f72a5df8dca0ce'],
  ])('hashes %j as FNV-1a 64 does', (text, hash) => {
    const fnv = createFnv();
    fnv.add(text);
    expect(fnv.hex()).toBe(hash);
  });

  test('a long line is hashed to its end', () => {
    const [whole, parts] = [createFnv(), createFnv()];
    whole.add('é'.repeat(5_000));
    for (let i = 0; i < 5_000; i += 1) parts.add('é');
    expect(whole.hex()).toBe(parts.hex());
  });

  test('the hash minds every line and its place, and no order of keys', () => {
    const hashOf = (...states: unknown[]) => {
      const journal = createSimJournal(4);
      const port = journal.port(createLife(1, 'boot'));
      for (const [index, state] of states.entries()) port.step(line(index, state));
      return journal.hash();
    };
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 }, { a: 2 })).not.toBe(hashOf({ a: 2 }, { a: 1 }));
  });

  test('keeps the newest lines, counts all, keeps faults, and does not hear the dead', () => {
    const journal = createSimJournal(3);
    const life = createLife(1, 'boot');
    const port = journal.port(life);
    for (let at = 1; at <= 8; at += 1) port.step(line(at, {}));
    port.fault('modem.silent', { line: 3 });
    life.end();
    port.step(line(9, {}));
    port.fault('unheard', {});
    expect(journal.last().map(({ at }) => at)).toEqual([6, 7, 8]);
    expect(journal.lines()).toBe(8);
    expect(journal.faults()).toEqual([{ message: 'modem.silent', fields: { line: 3 } }]);
  });
});
