import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { FaxEnded } from '../../../../agent/model/fax-events.ts';
import type { LedgerEvent, LedgerRecord } from '../../../../agent/model/record.ts';
import { RegimeSchema } from '../../../../agent/model/regime.ts';
import { contractOf } from '../../../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../../../../agent/rating/credit/site-account.ts';
import { emptySiteLimits, foldLimits } from '../../../../agent/rating/limits/site-limits.ts';
import { siteSignals } from '../../../../agent/rating/limits/site-signals.ts';
import { siteConfig } from '../../../example-site.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 4, 11);
const LINE = '+33172890001';
const cmi = RegimeSchema.parse(
  JSON.parse(readFileSync(new URL('../../../../provisioning/regimes/cmi.json', import.meta.url), 'utf8')),
);

function limitsAfter(faxes: readonly Partial<FaxEnded>[], cleared?: { line: string; at: number }[]) {
  const contract = contractOf(siteConfig({ regime: cmi, ...(cleared === undefined ? {} : { cleared }) }));
  let account = emptySiteAccount();
  let limits = emptySiteLimits();
  const fold = (event: LedgerEvent, wall: number, seq: number): void => {
    const clock = { wall, mono: wall, boot: 'boot', quality: 'synced' } as const;
    const place = { epoch: '0'.repeat(16), seq, prev: '0'.repeat(64), salt: '0'.repeat(32) };
    const record: LedgerRecord = { v: 1, device: 'relais-0001', ...place, clock, event };
    const folded = foldRecord(account, record, contract);
    account = folded.account;
    limits = foldLimits(limits, record, folded, contract);
  };
  for (const [index, fax] of faxes.entries()) {
    const startedAt = NOON + index * MINUTE;
    const event: FaxEnded = {
      ...{ kind: 'fax-ended', fax: `fax-${index}`, direction: 'sent', line: LINE, class: 'geographic' },
      ...{ party: `014200${String(index).padStart(4, '0')}`, begun: true, startedAt, answeredAt: startedAt },
      ...{ endedAt: startedAt + 30_000, seconds: 30, pages: 1, rate: 14_400, ecm: true, mended: { ppr: 0, rtn: 0 } },
      ...{ sipCallId: null, outcome: 'all-confirmed', complete: true },
      ...fax,
    };
    fold(event, event.endedAt, index + 1);
  }
  const due = (now: number) => siteSignals(limits, contract, now).filter(({ rule }) => rule === 'X-4');
  return { due, limits };
}

const NOW = NOON + 60 * MINUTE;
const sent = (count: number): readonly Partial<FaxEnded>[] => Array.from({ length: count }, () => ({}));

it('X-4: a fax to the 21st number in an hour is a sign of mass fax; it stands for the rest of the month', () => {
  expect(limitsAfter(sent(20)).due(NOW)).toEqual([]);
  const { due } = limitsAfter(sent(21));
  expect(due(NOW)[0]).toMatchObject({ rule: 'X-4', scope: 'account', subject: 'account', measured: 1 });
  expect(due(Date.UTC(2026, 3, 1))).toEqual([]);
});

it('X-4, X-3: faxes that the box refused, faxes received, and emergency numbers are no signs', () => {
  const none = [{ begun: false }, { direction: 'received' }, { class: 'emergency' }] as const;
  for (const one of none) expect(limitsAfter([...sent(20), one]).due(NOW)).toEqual([]);
});

it('X-4: support that cleared the line has lifted it', () => {
  expect(limitsAfter(sent(21), [{ line: LINE, at: NOW - MINUTE }]).due(NOW)).toEqual([]);
});
