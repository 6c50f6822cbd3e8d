import { describe, expect, test } from 'vitest';
import { AccountSchema } from '../../../../agent/model/account.ts';
import type { Plan } from '../../../../agent/model/deck.ts';
import {
  bundleSecondsOf,
  type Contract,
  contractOf,
  holdingOf,
  pricedAt,
} from '../../../../agent/rating/credit/contract.ts';
import { leaseWish } from '../../../../agent/rating/credit/lease-wish.ts';
import { reserve } from '../../../../agent/rating/credit/reserve.ts';
import { needsCredit, termsOf } from '../../../../agent/rating/credit/terms.ts';
import { siteConfig } from '../../../example-site.ts';
import { admitted, DECK, ended, lent, NO_RESERVATION, sampleContract, tell } from './sample.ts';

const [FIRST, SECOND] = ['+33155550001', '+33155550002'];
const voice = (limits: 'none' | 'regime'): Plan['voice'] => ({
  is: 'unlimited',
  includes: [{ prefix: '331' }],
  limits,
});
const [bundle = expect.fail()] = DECK.plans;
const PLANS = [
  bundle,
  { ...bundle, id: 'endless', voice: voice('none') },
  { ...bundle, id: 'limited', voice: voice('regime') },
];

/** The first line has the bundle, the second the plan that is named. */
function contractWith(plan: string, more: object = {}): Contract {
  const { regime, numbering } = sampleContract();
  const lines = [
    { number: FIRST, label: 'first', plan: 'bundle' },
    { number: SECOND, label: 'second', plan },
  ];
  return contractOf({ ...siteConfig(), regime, numbering, tariff: { ...DECK, plans: PLANS }, lines, ...more });
}
const wanted = (caller: string, called: string) => ({ direction: 'outgoing', caller, called, at: 0 }) as const;

describe('R-1: what prices the calls of a site', () => {
  test('its account is one that the book rates too, with every line and its plan for ever', () => {
    const { account, numbers } = contractWith('endless', { fleet: ['+33699999999'] });
    expect(AccountSchema.parse(account)).toEqual(account);
    expect(account).toMatchObject({
      regimes: [{ from: '1970-01-01', regime: 'mie' }],
      decks: ['sample'],
      numberings: [contractWith('endless').numbering.id],
      cycle: { is: 'calendar' },
      fleet: ['+33699999999'],
      lines: [
        { number: FIRST, label: 'first', from: '1970-01-01', plans: [{ from: '1970-01-01', plan: 'bundle' }] },
        { number: SECOND, label: 'second', from: '1970-01-01', plans: [{ from: '1970-01-01', plan: 'endless' }] },
      ],
      ...{ caps: [], months: [], waivers: [], abuses: [], reopenings: [], packs: [] },
    });
    expect([...numbers]).toEqual([FIRST, SECOND]);
  });

  test('a caller has the plan of its own line, in any spelling, and a stranger that of the first', () => {
    const contract = contractWith('endless');
    const planOf = (caller: string) => holdingOf(contract, caller).plan.id;
    expect([FIRST, SECOND, '01 55 55 00 02', '0155550001', '+33188888888', ''].map(planOf)).toEqual([
      ...['bundle', 'endless', 'endless', 'bundle', 'bundle', 'bundle'],
    ]);
    expect(holdingOf(contract, SECOND).line.label).toBe('second');
  });

  test('a line without a plan of the price list is an error that says so', () => {
    const message = 'a site has lines, and each a plan of its price list';
    expect(() => holdingOf(contractWith('unknown'), SECOND)).toThrow(message);
    expect(() => holdingOf(contractWith('endless', { lines: [] }), SECOND)).toThrow(message);
    const { account } = contractWith('endless');
    const bare = {
      ...contractWith('endless'),
      account: { ...account, lines: account.lines.map((line) => ({ ...line, plans: [] })) },
    };
    expect(() => holdingOf(bare, FIRST)).toThrow(message);
  });

  test('a clock that is not set yet is on the first day of the price list, any later one as it is', () => {
    const contract = sampleContract();
    const first = Date.UTC(2019, 11, 31, 23);
    expect([0, first, first + 1].map((wall) => pricedAt(contract, wall))).toEqual([first, first, first + 1]);
  });

  test('R-1: each line with a bundle brings its seconds, and the others none', () => {
    expect(['bundle', 'endless', 'unknown'].map((plan) => bundleSecondsOf(contractWith(plan)))).toEqual([
      7_200, 3_600, 3_600,
    ]);
  });
});

describe('R-1, V-7: the terms of one call', () => {
  test.each(['endless', 'limited'])('an unlimited plan (%s) makes what it lists free, and nothing else', (plan) => {
    const contract = contractWith(plan);
    const listed = termsOf(contract, wanted(SECOND, '+33123456789'));
    expect(listed).toMatchObject({ price: undefined, free: true, inBundle: false });
    expect(needsCredit(listed)).toBe(false);
    const other = termsOf(contract, wanted(SECOND, '+33612345678'));
    expect(other).toMatchObject({ free: false, inBundle: false, price: { ticksPerSecond: 30 } });
    expect(needsCredit(other)).toBe(true);
    expect(termsOf(contract, wanted(FIRST, '+33123456789'))).toMatchObject({ free: false, inBundle: true });
  });

  test('what has no price is not free, and a number that is none is told as it was dialed', () => {
    expect(termsOf(sampleContract(), wanted(FIRST, '+4915012345'))).toMatchObject({ price: undefined, free: false });
    expect(termsOf(sampleContract(), wanted(FIRST, 'nobody'))).toMatchObject({
      number: 'nobody',
      class: 'invalid',
      free: false,
    });
  });

  test('an incoming call is of the line that is called, and needs no credit', () => {
    const terms = termsOf(contractWith('endless'), {
      direction: 'incoming',
      caller: '+33612345678',
      called: SECOND,
      at: 0,
    });
    expect(terms).toMatchObject({
      direction: 'incoming',
      number: '+33612345678',
      class: 'mobile',
      free: true,
      inBundle: false,
    });
    expect(needsCredit({ ...terms, free: false })).toBe(false);
  });
});

describe('C-3: what a site asks of the central', () => {
  test('as much as fills one lease again, of what has run low', () => {
    const contract = sampleContract();
    const percent = contract.regime.lease.refillBelowPercent;
    const full = { ticks: 60_000, bundleSeconds: 600 };
    const wish = (ticks: number, bundleSeconds: number) => leaseWish(lent(ticks, bundleSeconds), contract);
    expect(wish(0, 0)).toEqual(full);
    expect(wish(full.ticks, full.bundleSeconds)).toBeUndefined();
    expect(wish((full.ticks * percent) / 100, (full.bundleSeconds * percent) / 100)).toBeUndefined();
    expect(wish((full.ticks * percent) / 100 - 1, full.bundleSeconds)).toEqual({
      ticks: full.ticks - (full.ticks * percent) / 100 + 1,
      bundleSeconds: 0,
    });
  });

  test('where the contract sets no limit there is no credit to lend, only the bundle', () => {
    const contract = sampleContract({ kind: 'none' });
    expect(leaseWish(lent(0, 0, contract), contract)).toEqual({ ticks: 0, bundleSeconds: 600 });
    const without = { ...contract, tariff: { ...DECK, plans: [{ ...bundle, voice: { is: 'metered' as const } }] } };
    expect(leaseWish(lent(0, 0, without), without)).toBeUndefined();
  });
});

describe('C-1, M3: what a record makes of an account', () => {
  const contract = sampleContract({ sticky: true });
  const GERMANY = '+4930123456';
  const ending = (cause: 'caller-hung-up' | 'refused-credit' | 'cut-credit' | 'lost') =>
    tell(
      [admitted('a', GERMANY, NO_RESERVATION), ended('a', 0, { called: GERMANY, cause, unanswered: true })],
      contract,
      lent(10_000, 0, contract),
    ).account;

  test('M3: only a call that was refused or cut for want of credit limits it', () => {
    const seconds = (account: ReturnType<typeof lent>) =>
      reserve(account, contract, { ...wanted(FIRST, GERMANY), seconds: 5 }).seconds;
    expect(
      (['caller-hung-up', 'lost', 'refused-credit', 'cut-credit'] as const).map((cause) => seconds(ending(cause))),
    ).toEqual([...[5, 5, 0, 0]]);
    expect(ending('lost').limited).toBe(false);
  });

  test('C-3: a further slice of a call that the account does not know is nothing: nobody holds credit for it', () => {
    const account = lent(10_000, 0, contract);
    const asked = { ...wanted(FIRST, '+33612345678'), seconds: 10 };
    expect(reserve(account, contract, { ...asked, call: 'gone' })).toMatchObject({
      seconds: 0,
      reservation: { ticks: 0 },
    });
    expect(reserve(account, contract, asked).reservation.ticks).toBe(10 * 30 + 2 * 60);
  });
});
