import { describe, expect, test } from 'vitest';
import type { Action } from '../../../../agent/model/limit-action.ts';
import type { Signal } from '../../../../agent/model/signal.ts';
import { contractOf } from '../../../../agent/rating/credit/contract.ts';
import { termsOf } from '../../../../agent/rating/credit/terms.ts';
import { limitedBy } from '../../../../agent/rating/policy/limited.ts';
import { siteConfig } from '../../../example-site.ts';

const config = siteConfig({
  lines: ['+33172890001', '+33172890002'].map((number) => ({ number, label: 'line', plan: 'bundle-2h' })),
});
const contract = contractOf(config);
const [LINE = '', OTHER = ''] = config.lines.map(({ number }) => number);
const INSIDE = '0145678901';
const PAID = '0021620123456';
const FREE = '0800123456';

const due = (name: string, scope: Signal['scope'] = 'line', subject = LINE): Signal => ({
  ...{ rule: 'V-7', article: 'art. 5', scope, subject, at: 0, cause: 'a call', measured: 2, limit: 2, unit: 'count' },
  action: name === 'meter' ? { name, retroactive: true, penaltyMicroEuro: 0 } : { name: name as Plain },
});
type Plain = Extract<Action, { readonly name: 'warn' }>['name'];

const says = (signal: Signal, called: string, direction: 'outgoing' | 'incoming' = 'outgoing') =>
  limitedBy([signal], termsOf(contract, { direction, caller: LINE, called, at: Date.UTC(2026, 10, 22) }), LINE) ??
  'pass';

describe('C-1, C-2, C-6, V-7: what a limit in force lets pass', () => {
  test.each([
    ['bar-outgoing', ['refused-limit', 'refused-limit', 'refused-limit']],
    ['suspend', ['refused-limit', 'refused-limit', 'refused-limit']],
    ['incoming-only', ['refused-limit', 'refused-limit', 'refused-limit']],
    ['bundle-only', ['pass', 'refused-outside-bundle', 'pass']],
    ...['warn', 'report', 'throttle', 'cut-data', 'suspend-fax', 'meter'].map(
      (name) => [name, ['pass', 'pass', 'pass']] as const,
    ),
  ] as const)('%s: inside the bundle, paid, and free', (name, answers) => {
    expect([INSIDE, PAID, FREE].map((called) => says(due(name), called))).toEqual(answers);
  });

  test('V-1: emergency calls in every form and helplines go out, and everything comes in', () => {
    for (const name of ['bar-outgoing', 'suspend', 'incoming-only', 'bundle-only']) {
      for (const called of ['112', '15', '#31#112', '3651112', '3114']) expect(says(due(name), called)).toBe('pass');
      expect(says(due(name), '+33145000001', 'incoming')).toBe('pass');
    }
  });

  test('a line is held by what is said of it or of its account, and by nothing else', () => {
    expect(says(due('suspend', 'line', OTHER), INSIDE)).toBe('pass');
    expect(says(due('bar-outgoing', 'account', config.account.id), INSIDE)).toBe('refused-limit');
  });
});
