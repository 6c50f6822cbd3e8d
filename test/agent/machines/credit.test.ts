import { describe, expect, it } from 'vitest';
import { type Credit, type CreditEvent, startCredit, stepCredit } from '../../../agent/machines/credit.ts';

const wish = { ticks: 600, bundleSeconds: 60 };

/** [sentence, from, event, orders, to] */
const table: readonly (readonly [string, Credit, CreditEvent, readonly string[], Credit])[] = [
  [
    'asks for nothing while it has enough',
    startCredit(0),
    { on: 'account-changed', wish: undefined },
    [],
    startCredit(0),
  ],
  [
    'asks with the number after the leases it has',
    startCredit(3),
    { on: 'account-changed', wish },
    ['ask-lease 4', 'wait'],
    { at: 'wishing', granted: 3, wish, declined: 0 },
  ],
  [
    'asks for one wish at a time',
    { at: 'wishing', granted: 3, wish, declined: 0 },
    { on: 'account-changed', wish },
    [],
    { at: 'wishing', granted: 3, wish, declined: 0 },
  ],
  [
    'asks the same again when the central is reached',
    { at: 'wishing', granted: 3, wish, declined: 0 },
    { on: 'central-reached' },
    ['ask-lease 4', 'wait'],
    { at: 'wishing', granted: 3, wish, declined: 0 },
  ],
  [
    'asks the same again when no answer came',
    { at: 'wishing', granted: 3, wish, declined: 0 },
    { on: 'waited' },
    ['ask-lease 4', 'wait'],
    { at: 'wishing', granted: 3, wish, declined: 0 },
  ],
  [
    'C-3: forgets its wishes with the store that was set aside',
    { at: 'wishing', granted: 3, wish, declined: 2 },
    { on: 'epoch-began' },
    [],
    startCredit(0),
  ],
  [
    'is content with a lease',
    { at: 'wishing', granted: 3, wish, declined: 0 },
    { on: 'lease-received' },
    [],
    startCredit(4),
  ],
  [
    'asks at once when something else runs short',
    { at: 'wishing', granted: 3, wish: { ticks: 0, bundleSeconds: 60 }, declined: 4 },
    { on: 'account-changed', wish },
    ['ask-lease 4', 'wait'],
    { at: 'wishing', granted: 3, wish, declined: 0 },
  ],
  [
    'stops wishing when it has enough again',
    { at: 'wishing', granted: 3, wish, declined: 0 },
    { on: 'account-changed', wish: undefined },
    [],
    startCredit(3),
  ],
  [
    'waits before it asks a central that has nothing to give',
    { at: 'wishing', granted: 3, wish, declined: 0 },
    { on: 'wish-declined' },
    ['wait'],
    { at: 'wishing', granted: 3, wish, declined: 1 },
  ],
];

describe('C-3: asking for credit', () => {
  it.each(table)('%s', (_, from, event, orders, to) => {
    const [state, effects] = stepCredit(from, event);
    expect(state).toEqual(to);
    expect(effects.map((effect) => (effect.do === 'ask-lease' ? `ask-lease ${effect.number}` : effect.do))).toEqual(
      orders,
    );
  });
});
