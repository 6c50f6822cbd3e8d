import { describe, expect, it } from 'vitest';
import type { LedgerEvent, LedgerRecord } from '../../../../agent/model/record.ts';
import type { SiteConfig } from '../../../../agent/model/site-config.ts';
import { available } from '../../../../agent/rating/credit/available.ts';
import type { Charge } from '../../../../agent/rating/credit/charge.ts';
import { contractOf } from '../../../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../../../../agent/rating/credit/site-account.ts';
import { isNextPagePaid } from '../../../../agent/rating/credit/site-faxes.ts';
import { termsOf } from '../../../../agent/rating/credit/terms.ts';
import { faxSite } from '../../../scenarios/fax-site.ts';

const LINE = '+33172890009';
const PAGE = 60 * 60_000;
const RUNION = 60 * 150_000;

function foldAll(events: readonly LedgerEvent[], config: SiteConfig = faxSite()) {
  const contract = contractOf(config);
  let account = emptySiteAccount();
  const charges: Charge[] = [];
  for (const [index, event] of events.entries()) {
    const clock = { wall: Date.UTC(2026, 2, 4), mono: 1, boot: 'boot', quality: 'synced' } as const;
    const place = { epoch: '0'.repeat(16), seq: index + 1, prev: '0'.repeat(64), salt: '0'.repeat(32) };
    const record: LedgerRecord = { v: 1, device: 'relais-0001', ...place, clock, event };
    const folded = foldRecord(account, record, contract);
    account = folded.account;
    if (folded.charge) charges.push(folded.charge);
  }
  return { account, charges };
}

const lease = (ticks: number): readonly LedgerEvent[] => [
  { kind: 'cycle-opened', cycle: 1 },
  { kind: 'lease-received', lease: { id: 'lease', account: 'account', cycle: 1, ticks, bundleSeconds: 0 } },
];
const named = { fax: 'one', direction: 'sent', line: LINE, class: 'geographic' } as const;
const begun = (party = '0142000001'): LedgerEvent => ({ kind: 'fax-begun', ...named, party });
const page = (number: number, direction: 'sent' | 'received' = 'sent'): LedgerEvent => ({
  ...{ kind: 'fax-page', fax: 'one', direction, page: number },
});
const ended = (pages: number, party = '0142000001'): LedgerEvent => ({
  ...{ kind: 'fax-ended', ...named, party, begun: true, startedAt: 1, answeredAt: 1, endedAt: 2, seconds: 1, pages },
  ...{ rate: null, ecm: null, mended: { ppr: 0, rtn: 0 }, sipCallId: null, outcome: 'hung-up', complete: true },
});

describe('X-5, C-1, M6: pages of a fax in the account of the site', () => {
  it('X-5: the next page is set aside, a confirmed one is charged, and the rest is given back', () => {
    const before = foldAll([...lease(10 * PAGE), begun()]).account;
    expect(available(before).ticks).toBe(9 * PAGE);
    const during = foldAll([...lease(10 * PAGE), begun(), page(1)]).account;
    expect([during.charged.ticks, available(during).ticks]).toEqual([PAGE, 8 * PAGE]);
    const { account, charges } = foldAll([...lease(10 * PAGE), begun(), page(1), page(2), ended(2)]);
    expect([account.charged.ticks, available(account).ticks]).toEqual([2 * PAGE, 8 * PAGE]);
    expect(charges).toMatchObject([
      { call: 'one', called: '+33142000001', ticks: 2 * PAGE, rule: 'mie@1 fax, 2 pages' },
    ]);
  });

  it('X-5: a page that is told twice is charged once, one that came by polling is not', () => {
    const { charges } = foldAll([...lease(10 * PAGE), begun(), page(1), page(1), page(2, 'received'), ended(1)]);
    expect(charges).toMatchObject([{ ticks: PAGE }]);
  });

  it('X-5: by the country of destination', () => {
    const party = '0262000001';
    const { charges } = foldAll([...lease(10 * RUNION), begun(party), page(1), ended(1, party)]);
    expect(charges).toMatchObject([{ ticks: RUNION }]);
  });

  it('M6: a page that does not fit is not paid for, and if it goes all the same it is nobody’s debt', () => {
    const spent = [...lease(PAGE), begun(), page(1)] as const;
    expect(isNextPagePaid(foldAll([...lease(PAGE), begun()]).account, 'one')).toBe(true);
    expect(isNextPagePaid(foldAll(spent).account, 'one')).toBe(false);
    const { account, charges } = foldAll([...spent, page(2), ended(2)]);
    expect(account.charged.ticks).toBe(PAGE);
    expect(charges).toMatchObject([{ ticks: PAGE, rule: 'mie@1 fax, 2 pages, no more than was held' }]);
  });

  it('C-2, C-4: where a contract only has a threshold, what runs goes on and is charged', () => {
    const events = [...lease(1), begun(), page(1), page(2), ended(2)];
    const { charges } = foldAll(events, faxSite('cmi'));
    expect(charges).toMatchObject([{ ticks: 2 * PAGE }]);
  });

  it('X-5, R-1: the call that carries a fax costs nothing by the second, a call of another line does', () => {
    const contract = contractOf(faxSite('cmi'));
    const wanted = { direction: 'outgoing', called: '0692000001', at: Date.UTC(2026, 2, 4) } as const;
    expect(termsOf(contract, { ...wanted, caller: LINE })).toMatchObject({ free: true, price: undefined });
    expect(termsOf(contract, { ...wanted, caller: '+33172890001' }).price).toBeDefined();
  });

  it('R-1: pages of a plan with unlimited fax cost nothing and need no credit', () => {
    const site = faxSite();
    const lines = site.lines.map((line) => (line.number === LINE ? { ...line, plan: 'fax-unlimited' } : line));
    const { account, charges } = foldAll([...lease(0), begun(), page(1), ended(1)], { ...site, lines });
    expect(charges).toMatchObject([{ ticks: 0 }]);
    expect(account.charged.ticks).toBe(0);
  });
});
