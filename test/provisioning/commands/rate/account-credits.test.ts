import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { siteEvidence } from '../../../../agent/rating/service/site-evidence.ts';
import { outagesLine } from '../../../../provisioning/commands/rate/read-outages.ts';
import { readJson } from '../../../../provisioning/json-file.ts';
import { folder } from '../../example.ts';
import { typedRate as type } from '../typed-rate.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-credits-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const SHOP = '+33172890001';
const paris = (text: string): number => Date.parse(`${text}+01:00`);
const account = (more: Record<string, unknown>): string =>
  file(
    'account.json',
    JSON.stringify({
      ...Object(readJson(join(folder('accounts'), 'example.json'))),
      regimes: [{ from: '2026-01-01', regime: 'cmi' }],
      ...more,
    }),
  );
const SERVICE = {
  ...{ id: 'access', label: 'SDSL', device: 'relais-0001', link: 'main', access: 'sdsl', from: '2026-01-05' },
  monthlyMicroEuro: 90_000_000,
};
const TICKET = {
  ...{ id: 't1', service: 'access', reported: paris('2026-11-02T10:00') },
  restarted: paris('2026-11-02T10:30'),
  claimed: paris('2026-11-04T10:00'),
};
const seen = (from: string, to: string) => ({
  ...{ link: 'main', from: paris(from), to: paris(to), detected: paris(from), open: false, unseen: [], dated: true },
});
const ID = `credit/gtr/access/${paris('2026-11-02T10:00')}`;

describe('relais rate statement --outages: what the boxes saw becomes a credit', () => {
  const asked = (...words: string[]) => {
    const outages = file(
      'outages.jsonl',
      `${outagesLine('relais-0001', { outages: [seen('2026-11-02T10:00', '2026-11-03T18:00')], mains: [] })}\n`,
    );
    return type(
      ...words,
      '--account',
      account({ services: [SERVICE], tickets: [TICKET] }),
      '--records',
      file('none', ''),
      '--outages',
      outages,
    );
  };

  test('G-3: on the statement with stable fields, below zero in its subtotal', () => {
    const { status, out } = asked('statement', '2026-11-10');
    expect(status).toBe(0);
    const { credits, totals } = JSON.parse(out);
    expect(credits).toMatchObject([
      { id: ID, rule: 'gtr', service: 'access', microEuro: 90_000_000, tax: 'HT', due: true, regime: 'cmi@1' },
    ]);
    expect(Object.keys(credits[0]).toSorted()).toEqual([
      'article',
      'at',
      'due',
      'from',
      'id',
      'microEuro',
      'regime',
      'rule',
      'service',
      'tax',
      'to',
    ]);
    expect(totals.subtotals[0].credits).toBe(-90_000_000);
  });

  test('explain tells each step in French and in English, with its article', () => {
    expect(JSON.parse(asked('explain', ID).out).steps.at(-1)).toMatch(/^Indemnité : 90.00 € HT\. \(CGV 10\.2/);
    expect(JSON.parse(asked('explain', ID, '--lang', 'en').out).steps[0]).toMatch(/^The clock runs from the restart/);
    const { status, err } = asked('explain', 'credit/gtr/access/1');
    expect([status, err]).toEqual([2, `credit/gtr/access/1: no such credit; known: ${ID}`]);
  });

  test('a line that is no evidence is refused by its place and field: nothing is left out silently', () => {
    const bad = file('bad.jsonl', '{"device":"relais-0001","outages":[{"link":"main"}],"mains":[]}\n');
    const given = ['--account', account({}), '--records', file('none', ''), '--outages', bad];
    expect(() => type('statement', '2026-11-10', ...given)).toThrow(/bad\.jsonl:1.*outages\.0\.from/);
  });

  test('what the records of a box come to is read back as it was written', () => {
    expect(JSON.parse(outagesLine('x', siteEvidence([])))).toEqual({ device: 'x', outages: [], mains: [] });
  });
});

describe('R-4: relais rate reversal, from the records of the account', () => {
  const tier = { is: 'per-minute', priceMicroEuroTtc: 800_000, payoutMicroEuro: 600_000 };
  const special = { number: SHOP, tier, route: 'geo_metro' };
  const received = (id: string, more: Record<string, unknown>): string =>
    JSON.stringify({
      kind: 'call',
      id,
      line: SHOP,
      at: paris('2026-11-03T10:00'),
      direction: 'incoming',
      party: '0145000001',
      seconds: 1_800,
      ...more,
    });
  const reversal = (more: Record<string, unknown>, ...records: string[]) =>
    type(
      'reversal',
      '2026-11',
      '--account',
      account({ specialNumbers: [special], ...more }),
      '--records',
      file('records.jsonl', records.join('\n')),
    );

  test('two calls of thirty minutes and more earn thirty each; one from Réunion costs; the days follow the invoice', () => {
    const invoices = { payoutInvoices: [{ month: '2026-11', day: '2027-01-04' }] };
    const calls = [
      received('a', {}),
      received('b', { seconds: 2_400, party: '0612345678' }),
      received('c', { party: '0262123456', seconds: 60 }),
    ];
    const { status, out } = reversal(
      invoices,
      ...calls,
      received('d', { at: paris('2026-12-03T10:00') }),
      received('e', { direction: 'outgoing' }),
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      month: '2026-11',
      calls: [
        { id: 'a', because: 'per-second' },
        { id: 'b', because: 'per-second-to-limit' },
        { id: 'c', because: 'origin', costBecause: 'far-origin' },
      ],
      otherMonths: ['d'],
      payoutMicroEuro: 35_850_000,
      askedOn: '2026-12-20',
      invoiceUntil: '2027-03-20',
      due: '2027-02-28',
    });
  });

  test('an origin that the number does not show is what the account says', () => {
    const origins = [{ call: 'a', origin: 'payphone' }];
    const { out } = reversal(
      { specialNumbers: [{ ...special, origins }] },
      received('a', {}),
      received('b', { party: 'anonymous' }),
    );
    expect(JSON.parse(out).calls).toMatchObject([
      { id: 'a', because: 'origin', costBecause: 'far-origin' },
      { id: 'b', because: 'origin' },
    ]);
  });

  test('an account without special numbers, or a contract without a pay-out, is told so', () => {
    expect(reversal({ specialNumbers: [] }).err).toMatch(/no special numbers/);
    expect(reversal({ regimes: [{ from: '2026-01-01', regime: 'mie' }] }).err).toMatch(/says nothing of a pay-out/);
  });
});
