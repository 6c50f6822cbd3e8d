import { describe, expect, it } from 'vitest';
import { numberControllers } from '../../../agent/usp/agent/number-controllers.ts';
import { type Book, EMPTY_BOOK } from '../../../agent/usp/agent/state.ts';

const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';
const PROFILE = 'Device.BulkData.Profile.';
const me = (number: number): string => `Device.LocalAgent.Controller.${number}`;

/** What three controllers left on a box. */
const { book: FIRST } = numberControllers(['alice', 'shop', 'bob'], EMPTY_BOOK);
const LIVED: Book = {
  ...FIRST,
  rows: {
    ...FIRST.rows,
    [`${me(2)}.`]: { ...FIRST.rows[`${me(2)}.`], OnBoardingComplete: 'true' },
    [`${me(2)}.BootParameter.1.`]: { ParameterName: 'Device.LocalAgent.UpTime' },
    [`${SUBSCRIPTION}1.`]: { ID: 'of shop', Recipient: me(2) },
    [`${SUBSCRIPTION}2.`]: { ID: 'of bob', Recipient: me(3) },
    [`${PROFILE}1.`]: { Controller: me(2) },
    [`${PROFILE}1.Parameter.1.`]: { Name: 'x' },
    'Device.DeviceInfo.': { FriendlyName: 'Front shop' },
  },
  notices: [{ msgId: 'x', controller: 2, notify: {}, attempts: 0, due: 0, keeps: true }],
};

describe('numbers of controllers (D-3, M-6)', () => {
  it('TP-469 1.78 as a new configuration does it: with its controller a subscription goes, and all that was its own', () => {
    const { numbers, book } = numberControllers(['alice', 'bob'], LIVED);
    expect(numbers).toEqual([1, 3]);
    expect(Object.keys(book.rows).toSorted()).toEqual(
      ['Device.DeviceInfo.', `${me(1)}.`, `${me(3)}.`, `${SUBSCRIPTION}2.`].toSorted(),
    );
    expect(book.notices).toEqual([]);
  });

  it('D-3: nobody inherits what another one left: who comes has a number that nobody had, wherever he is named', () => {
    const without = numberControllers(['bob', 'alice'], LIVED);
    expect(without.numbers).toEqual([3, 1]);
    const { numbers, book } = numberControllers(['carol', 'bob', 'shop', 'alice'], without.book);
    expect(numbers).toEqual([4, 3, 5, 1]);
    expect(book.rows[`${me(5)}.`]).toEqual({ EndpointID: 'shop' });
    expect(book.rows[`${SUBSCRIPTION}2.`]?.ID).toBe('of bob');
  });

  it('a book that names nobody is one of before: places in the configuration were the numbers', () => {
    const old: Book = { ...EMPTY_BOOK, rows: { [`${SUBSCRIPTION}7.`]: { Recipient: me(2) } } };
    const { numbers, book } = numberControllers(['alice', 'shop'], old);
    expect(numbers).toEqual([1, 2]);
    expect(book.rows[`${SUBSCRIPTION}7.`]).toEqual({ Recipient: me(2) });
    expect(numberControllers(['alice', 'shop'], book)).toEqual({ numbers, book });
  });
});
