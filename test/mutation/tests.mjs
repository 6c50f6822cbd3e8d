import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import * as chai from 'chai';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** `describe`, `test` and `expect` as the tests of the core use them; what is said with them is collected in order. */
export function createCollector() {
  const found = [];
  const path = [];
  const describe = (name, body) => {
    path.push(name);
    body();
    path.pop();
  };
  const test = (name, ...rest) => {
    const body = rest.find((one) => typeof one === 'function');
    found.push({ name: [...path, name].join(' '), body });
  };
  const each = (say) => (table) => (name, body, patience) => {
    for (const [at, row] of table.entries()) {
      const values = Array.isArray(row) ? row : [row];
      say(`${name} ${at}`, () => body(...values), patience);
    }
  };
  describe.each = each(describe);
  test.each = each(test);
  return { found, vitest: { describe, test, expect: chai.expect } };
}
