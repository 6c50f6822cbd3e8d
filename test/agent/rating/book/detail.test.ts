import { describe, expect, test } from 'vitest';
import type { Usage } from '../../../../agent/model/usage.ts';
import { detailOf } from '../../../../agent/rating/book/detail.ts';
import { call, LINE, NOON, rated, use } from './sample.ts';

const rows = (uses: readonly Usage[], masked = 0) => detailOf(rated(uses, { plan: 'mobile' }).uses, masked);

describe('U-6: the itemised communications', () => {
  test('U-6: a call with everything that it was charged for', () => {
    expect(rows([call(10, { party: '0612345678' })])).toEqual([
      {
        at: NOON,
        line: LINE,
        kind: 'call',
        direction: 'outgoing',
        party: '+33612345678',
        class: 'mobile',
        quantity: 10,
        included: 0,
        paid: 10,
        ticks: 420,
        tax: 'HT',
      },
    ]);
  });

  test('U-6, M7: a price with tax says so, and data has neither direction nor party', () => {
    expect(rows([call(10, { party: '0899123456' })])[0]?.tax).toBe('TTC');
    expect(rows([use('data', { bytes: 12_000 })])[0]).toMatchObject({
      ...{ kind: 'data', direction: undefined, party: undefined, class: undefined },
      ...{ quantity: 12_000, included: 10_000, paid: 2_000 },
    });
  });

  test('V-1, CPCE D98-8: no emergency call, no free number, no attempt and no message that was not sent', () => {
    const hidden = [
      call(60, { party: '112' }),
      call(60, { party: '0800123456' }),
      call(null),
      use('sms', { party: '0612345678', segments: 1, sent: false }),
    ];
    expect(hidden.flatMap((one) => rows([one]))).toEqual([]);
    expect(rows([call(60, { direction: 'incoming' })])).toMatchObject([{ direction: 'incoming', ticks: 0 }]);
  });

  test.each([
    [0, '+33123456789'],
    [4, '+3312345••••'],
    [9, '+33•••••••••'],
    [40, '+33•••••••••'],
  ])('U-6: with the last %i digits masked, the first three always stay', (digits, party) => {
    expect(rows([call(1)], digits)[0]?.party).toBe(party);
  });

  test('U-6: what could not be placed shows the number as it was dialed, and what is free is without tax', () => {
    expect(rows([call(60, { party: '+999123' })])).toMatchObject([{ ticks: 0, tax: 'HT' }]);
    const [one] = rated([call(60)]).uses;
    expect(detailOf(one === undefined ? [] : [{ ...one, destination: undefined }], 0)).toMatchObject([
      { party: '0123456789', class: undefined },
    ]);
  });

  test('U-6: a short number is not made longer by its mask', () => {
    const party = (number: string) => rows([call(1, { party: number })], 4)[0]?.party;
    expect([party('3900'), party('12')]).toEqual(['390•', '12']);
  });
});
